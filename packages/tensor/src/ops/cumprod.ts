import { normalizeAxis } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { linearRecurrence } from "./linearRecurrence.ts";
import { pad } from "./pad.ts";
import { slice } from "./slice.ts";
import { counted } from "./sum.ts";

/**
 * yᵢ = x₀ · x₁ · … · xᵢ along `axis`; of the shape of `x`, and of its dtype, but int32 for bool. The gradient is exact where
 * elements are 0, too.
 * @throws {ShapeError} if the axis is out of range.
 * Source: https://pytorch.org/docs/stable/generated/torch.cumprod.html
 *
 * @example
 * ```ts
 * import { cumprod, tensor } from "@graftjs/tensor";
 *
 * console.log(cumprod(tensor([[1, 2, 3], [4, 5, 6]]), 1).toNested()); // [[1, 2, 6], [4, 20, 120]]
 * ```
 */
export function cumprod(input: Tensor, axis: number): Tensor {
  const x = counted(input);
  const at = normalizeAxis("cumprod", axis, x.rank);
  const rest = Math.max(0, (x.shape[at] as number) - 1);
  const first = pad(
    slice(x, at, 0, 1),
    x.shape.map((_, i) => [0, i === at ? rest : 0]),
  );
  return linearRecurrence(x, first, at, false);
}
