import type { Tensor } from "../tensor.ts";
import { notEqual } from "./notEqual.ts";

/**
 * Whether x is NaN, element-wise; bool, of the shape of `x`.
 * Source: https://pytorch.org/docs/stable/generated/torch.isnan.html
 */
export function isnan(x: Tensor): Tensor {
  return notEqual(x, x);
}
