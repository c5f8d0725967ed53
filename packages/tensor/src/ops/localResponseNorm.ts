import { ArgumentError, ShapeError } from "../errors.ts";
import { formatShape, numel } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { add } from "./add.ts";
import { avgPool2d } from "./avgPool2d.ts";
import { div } from "./div.ts";
import { mul } from "./mul.ts";
import { pow } from "./pow.ts";
import { reshape } from "./reshape.ts";

/** Options of {@link localResponseNorm}. */
export interface LocalResponseNormOptions {
  /** Default 1e-4. */
  readonly alpha?: number;
  /** Default 0.75. */
  readonly beta?: number;
  /** Default 1. */
  readonly k?: number;
}

/**
 * y = x / (k + alpha · mean(x²))^beta, the mean being over `size` neighbouring channels of [N, C, ...]: of channel c, those
 * from c - ⌊size / 2⌋ on; beyond the ends they count as 0.
 * @throws {ShapeError} if there are fewer than three axes. @throws {ArgumentError} unless size is an integer >= 1.
 * Source: Krizhevsky et al. 2012, https://papers.nips.cc/paper/4824;
 * https://pytorch.org/docs/stable/generated/torch.nn.functional.local_response_norm.html
 *
 * @example
 * ```ts
 * import { localResponseNorm, tensor } from "@graftjs/tensor";
 *
 * const channels = tensor([[[1], [2], [3]]]);
 * console.log(localResponseNorm(channels, 1, { alpha: 1, beta: 1 }).toNested()); // [[[0.5], [0.4], [0.3]]]
 * ```
 */
export function localResponseNorm(x: Tensor, size: number, options: LocalResponseNormOptions = {}): Tensor {
  const { alpha = 1e-4, beta = 0.75, k = 1 } = options;
  if (x.rank < 3) throw new ShapeError({ op: "localResponseNorm", expected: "[N, C, ...]", got: formatShape(x.shape) });
  if (!Number.isInteger(size) || size < 1) {
    throw new ArgumentError({ op: "localResponseNorm", expected: "a size that is an integer >= 1", got: String(size) });
  }
  if (x.size === 0) return x;
  const [batch, channels, ...plane] = x.shape as [number, number, ...number[]];
  const squares = reshape(mul(x, x), [batch, 1, channels, numel(plane)]);
  const before = Math.floor(size / 2);
  const means = avgPool2d(squares, [size, 1], { stride: 1, padding: [before, 0, size - 1 - before, 0] });
  return div(x, pow(add(mul(reshape(means, x.shape), alpha), k), beta));
}
