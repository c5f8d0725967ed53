import type { Tensor } from "../tensor.ts";
import { div } from "./div.ts";

/**
 * y = 1 / x, element-wise; of the shape and dtype of `x` (float32 if that is int32 or bool).
 * Source: https://pytorch.org/docs/stable/generated/torch.reciprocal.html
 */
export function reciprocal(x: Tensor): Tensor {
  return div(1, x);
}
