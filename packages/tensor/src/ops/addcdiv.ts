import type { Tensor } from "../tensor.ts";
import { add } from "./add.ts";
import { div } from "./div.ts";
import { mul } from "./mul.ts";
import type { Operand } from "./operand.ts";

/**
 * x + value · a / b, element-wise; the operands broadcast together, the result has their {@link resultType}.
 * @throws {ShapeError} if the shapes do not broadcast.
 * Source: https://pytorch.org/docs/stable/generated/torch.addcdiv.html
 *
 * @example
 * ```ts
 * import { addcdiv, tensor } from "@graftjs/tensor";
 *
 * console.log(addcdiv(tensor([1, 1]), tensor([4, 9]), tensor([2, 3]), 0.5).toNested()); // [2, 2.5]
 * ```
 */
export function addcdiv(x: Tensor, a: Operand, b: Operand, value = 1): Tensor {
  const quotient = div(a, b);
  return add(x, value === 1 ? quotient : mul(quotient, value));
}
