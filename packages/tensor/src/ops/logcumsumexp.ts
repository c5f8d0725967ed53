import { normalizeAxis } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { checkSameDType, floats } from "./define.ts";
import { doubling } from "./doubling.ts";
import { logaddexp } from "./logaddexp.ts";

/**
 * yᵢ = ln(e^x₀ + … + e^xᵢ) along `axis`, without overflow; of the shape of `x`. In log₂ n passes, each of which doubles how many
 * elements a sum has, so that small ones before large ones keep their digits.
 * @throws {ShapeError} if the axis is out of range. @throws {DTypeError} if `x` is not float.
 * Source: https://pytorch.org/docs/stable/generated/torch.logcumsumexp.html
 *
 * @example
 * ```ts
 * import { logcumsumexp, tensor } from "@graftjs/tensor";
 *
 * console.log(logcumsumexp(tensor([0, 0, 1000]), 0).toNested()); // [0, 0.6931, 1000]
 * ```
 */
export function logcumsumexp(x: Tensor, axis: number): Tensor {
  checkSameDType("logcumsumexp", floats, x.dtype);
  const at = normalizeAxis("logcumsumexp", axis, x.rank);
  return doubling(x, at, logaddexp, Number.NEGATIVE_INFINITY);
}
