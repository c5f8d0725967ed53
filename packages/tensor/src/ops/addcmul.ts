import type { Tensor } from "../tensor.ts";
import { add } from "./add.ts";
import { mul } from "./mul.ts";
import type { Operand } from "./operand.ts";

/**
 * x + value · a · b, element-wise; the operands broadcast together, the result has their {@link resultType}.
 * @throws {ShapeError} if the shapes do not broadcast.
 * Source: https://pytorch.org/docs/stable/generated/torch.addcmul.html
 *
 * @example
 * ```ts
 * import { addcmul, tensor } from "@graftjs/tensor";
 *
 * console.log(addcmul(tensor([1, 1]), tensor([4, 9]), tensor([2, 3]), 0.5).toNested()); // [5, 14.5]
 * ```
 */
export function addcmul(x: Tensor, a: Operand, b: Operand, value = 1): Tensor {
  const product = mul(a, b);
  return add(x, value === 1 ? product : mul(product, value));
}
