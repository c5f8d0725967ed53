import type { Tensor } from "../tensor.ts";
import { clamp } from "./clamp.ts";
import { log } from "./log.ts";
import { log1p } from "./log1p.ts";
import { neg } from "./neg.ts";
import { floating } from "./operand.ts";
import { sub } from "./sub.ts";

/** Options of {@link logit}. */
export interface LogitOptions {
  /** x is first clamped to [eps, 1 - eps]. Default: it is not. */
  readonly eps?: number;
}

/**
 * y = ln(x / (1 - x)), the inverse of sigmoid, element-wise; of the shape and dtype of `x` (float32 if that is int32 or bool).
 * Infinite at 0 and 1, NaN beyond.
 * Source: https://pytorch.org/docs/stable/generated/torch.logit.html
 *
 * @example
 * ```ts
 * import { logit, tensor } from "@graftjs/tensor";
 *
 * console.log(logit(tensor([0.5, 0.9, 1])).toNested()); // [0, 2.1972, Infinity]
 * console.log(logit(tensor([0, 1]), { eps: 0.1 }).toNested()); // [-2.1972, 2.1972]
 * ```
 */
export function logit(x: Tensor, options: LogitOptions = {}): Tensor {
  const { eps } = options;
  const p = eps === undefined ? floating(x) : clamp(floating(x), eps, 1 - eps);
  return sub(log(p), log1p(neg(p)));
}
