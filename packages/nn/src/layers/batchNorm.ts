import {
  add,
  batchNorm,
  cast,
  div,
  formatShape,
  mul,
  noGrad,
  ones,
  reshape,
  rsqrt,
  ShapeError,
  sub,
  type Tensor,
  zeros,
} from "@graftjs/tensor";
import { Buffer } from "../buffer.ts";
import { Module } from "../module.ts";
import { Parameter } from "../parameter.ts";

/** Options of {@link BatchNorm}. */
export interface BatchNormOptions {
  /** Added to the variance. Default 1e-5. */
  readonly eps?: number;
  /**
   * Share of the batch's statistics in the running ones after each step; `null` for their average over all steps.
   * Default 0.1.
   */
  readonly momentum?: number | null;
  /** Whether weight and bias are learned. Default `true`. */
  readonly affine?: boolean;
  /** Whether running statistics are kept, and used in evaluation mode. Default `true`. */
  readonly trackRunningStats?: boolean;
}

/**
 * Batch normalisation of [N, C, ...]; the layers derived from it say how many axes that is.
 *
 * @example
 * ```ts
 * import { type BatchNorm, BatchNorm2d } from "@graftjs/nn";
 * import { arange, reshape } from "@graftjs/tensor";
 *
 * const layer: BatchNorm = new BatchNorm2d(2, { momentum: null }); // momentum null: the running mean is that of all batches
 * layer.forward(reshape(arange(8, undefined, 1, { dtype: "float32" }), [1, 2, 2, 2]));
 * console.log(layer.runningMean?.toNested()); // [1.5, 5.5]
 * ```
 */
export abstract class BatchNorm extends Module {
  /** Scale [C], at first 1. */
  readonly weight: Parameter | null;
  /** Shift [C], at first 0. */
  readonly bias: Parameter | null;
  /** [C], at first 0. */
  readonly runningMean: Buffer | null;
  /** [C], at first 1. */
  readonly runningVar: Buffer | null;
  /** Steps so far, int32 []; only where the running statistics are averages over them. */
  readonly numBatchesTracked: Buffer | null;
  readonly channels: number;
  readonly eps: number;
  readonly momentum: number | null;

  constructor(channels: number, options: BatchNormOptions = {}) {
    super();
    const { eps = 1e-5, momentum = 0.1, affine = true, trackRunningStats = true } = options;
    const shape = [channels];
    this.weight = affine ? new Parameter(ones(shape)) : null;
    this.bias = affine ? new Parameter(zeros(shape)) : null;
    this.runningMean = trackRunningStats ? new Buffer(zeros(shape)) : null;
    this.runningVar = trackRunningStats ? new Buffer(ones(shape)) : null;
    const counts = trackRunningStats && momentum === null;
    this.numBatchesTracked = counts ? new Buffer(zeros([], { dtype: "int32" })) : null;
    this.channels = channels;
    this.eps = eps;
    this.momentum = momentum;
  }

  forward(x: Tensor): Tensor {
    const { runningMean, runningVar } = this;
    const [weight, bias] = this.#affine(x);
    if (this.training || !runningMean || !runningVar) return this.#normalizeByBatch(x, weight, bias);
    const scale = mul(rsqrt(add(runningVar, this.eps)), weight);
    const shift = sub(bias, mul(runningMean, scale));
    const shape = [this.channels, ...x.shape.slice(2).map(() => 1)];
    return add(mul(x, reshape(scale, shape)), reshape(shift, shape));
  }

  /** Weight and bias, or what stands for them. */
  #affine({ dtype }: Tensor): readonly [weight: Tensor, bias: Tensor] {
    const shape = [this.channels];
    return [this.weight ?? ones(shape, { dtype }), this.bias ?? zeros(shape, { dtype })];
  }

  #normalizeByBatch(x: Tensor, weight: Tensor, bias: Tensor): Tensor {
    const { y, mean, variance } = batchNorm(x, weight, bias, this.eps);
    const { runningMean, runningVar } = this;
    if (this.training && runningMean && runningVar) {
      const count = x.size / this.channels;
      noGrad(() => {
        const share = this.#share(runningMean);
        const track = (running: Buffer, batch: Tensor): void =>
          running.assign(add(mul(running, sub(1, share)), mul(batch, share)));
        track(runningMean, mean);
        track(runningVar, mul(variance, count / (count - 1)));
      });
    }
    return y;
  }

  /** Share of this batch in the running statistics. */
  #share({ dtype }: Tensor): Tensor | number {
    if (!this.numBatchesTracked) return this.momentum as number;
    this.numBatchesTracked.assign(add(this.numBatchesTracked, 1));
    return div(1, cast(this.numBatchesTracked, dtype));
  }
}

/** @throws {ShapeError} unless `x` has one of the ranks, and so many channels. */
export function checkChannels(
  op: string,
  x: Tensor,
  expected: string,
  ranks: readonly number[],
  channels: number,
): void {
  if (ranks.includes(x.rank) && x.shape[1] === channels) return;
  throw new ShapeError({ op, expected: `${expected} with C = ${channels}`, got: formatShape(x.shape) });
}
