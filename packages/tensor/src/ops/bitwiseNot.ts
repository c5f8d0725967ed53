import type { Tensor } from "../tensor.ts";
import { bits } from "./bitwiseAnd.ts";
import { logicalNot } from "./logicalNot.ts";
import { sub } from "./sub.ts";

/**
 * The bits that x has not, element-wise, of int32 in two's complement: -1 - x; of bools whether x does not hold.
 * @throws {DTypeError} if x is float.
 * Source: https://pytorch.org/docs/stable/generated/torch.bitwise_not.html
 *
 * @example
 * ```ts
 * import { bitwiseNot, tensor } from "@graftjs/tensor";
 *
 * console.log(bitwiseNot(tensor(Int32Array.of(0, 5, -1))).toNested()); // [-1, -6, 0]
 * ```
 */
export function bitwiseNot(x: Tensor): Tensor {
  bits("bitwiseNot", x);
  return x.dtype === "bool" ? logicalNot(x) : sub(-1, x);
}
