import type { Tensor } from "../tensor.ts";
import { abs } from "./abs.ts";
import { add } from "./add.ts";
import { equal } from "./equal.ts";
import { exp } from "./exp.ts";
import { log } from "./log.ts";
import { max } from "./max.ts";
import { floating } from "./operand.ts";
import { type ReduceOptions, reduceAttrs, reducedShape } from "./reduce.ts";
import { reshape } from "./reshape.ts";
import { sub } from "./sub.ts";
import { sum } from "./sum.ts";
import { where } from "./where.ts";

/**
 * ln Σ e^x over axes, without overflow; -∞ over an empty axis, and where all elements are -∞. Of int32 and bool it is float32.
 * @throws {ShapeError} if an axis is out of range.
 * Source: https://pytorch.org/docs/stable/generated/torch.logsumexp.html
 *
 * @example
 * ```ts
 * import { logsumexp, tensor } from "@graftjs/tensor";
 *
 * console.log(logsumexp(tensor([[0, 0], [1000, 1000]]), { axes: 1 }).toNested()); // [0.6931, 1000.6931]
 * ```
 */
export function logsumexp(input: Tensor, options: ReduceOptions = {}): Tensor {
  const x = floating(input);
  const attrs = reduceAttrs("logsumexp", x, options);
  const { axes } = attrs;
  if (axes.some((axis) => x.shape[axis] === 0)) return log(sum(exp(x), options));
  const largest = max(x.detach(), { axes, keepDims: true });
  // Where it is infinite, x - largest would be NaN.
  const shift = where(equal(abs(largest), Number.POSITIVE_INFINITY), 0, largest);
  return add(log(sum(exp(sub(x, shift)), options)), reshape(shift, reducedShape(x.shape, attrs)));
}
