import type { Tensor } from "../tensor.ts";
import { cast } from "./cast.ts";
import { equal } from "./equal.ts";
import { greater } from "./greater.ts";
import { type Operand, operands } from "./operand.ts";
import { where } from "./where.ts";

/**
 * 0 where x < 0, `values` where x = 0, 1 where x > 0, element-wise; the operands broadcast together, the result has their
 * {@link resultType}. NaN gives 0. No gradient.
 * @throws {ShapeError} if the shapes do not broadcast.
 * Source: https://pytorch.org/docs/stable/generated/torch.heaviside.html
 *
 * @example
 * ```ts
 * import { heaviside, tensor } from "@graftjs/tensor";
 *
 * console.log(heaviside(tensor([-2, 0, 2]), 0.5).toNested()); // [0, 0.5, 1]
 * ```
 */
export function heaviside(x: Operand, values: Operand): Tensor {
  const [a, b] = operands(x, values) as [Tensor, Tensor];
  return where(equal(a, 0), b.detach(), cast(greater(a, 0), a.dtype));
}
