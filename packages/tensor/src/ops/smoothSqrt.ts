import type { Tensor } from "../tensor.ts";
import { equal } from "./equal.ts";
import { sqrt } from "./sqrt.ts";
import { where } from "./where.ts";

/** √x, with the gradient 0 where x is 0: that of a norm or a deviation of equal elements. */
export function smoothSqrt(x: Tensor): Tensor {
  const isZero = equal(x, 0);
  return where(isZero, 0, sqrt(where(isZero, 1, x)));
}
