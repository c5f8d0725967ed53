import type { Tensor } from "../tensor.ts";
import { sub } from "./sub.ts";
import { trunc } from "./trunc.ts";

/**
 * y = x - trunc(x), with the sign of x, element-wise; of the shape and dtype of `x`.
 * @throws {DTypeError} if `x` is bool.
 * Source: https://pytorch.org/docs/stable/generated/torch.frac.html
 *
 * @example
 * ```ts
 * import { frac, tensor } from "@graftjs/tensor";
 *
 * console.log(frac(tensor([1.25, -1.25])).toNested()); // [0.25, -0.25]
 * ```
 */
export function frac(x: Tensor): Tensor {
  return sub(x, trunc(x));
}
