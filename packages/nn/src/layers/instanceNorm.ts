import {
  add,
  mean as average,
  formatShape,
  instanceNorm,
  mul,
  noGrad,
  ones,
  reshape,
  rsqrt,
  ShapeError,
  squeeze,
  sub,
  type Tensor,
  unsqueeze,
  zeros,
} from "@graftjs/tensor";
import { Buffer } from "../buffer.ts";
import { Module } from "../module.ts";
import { Parameter } from "../parameter.ts";

/** Options of {@link InstanceNorm}. */
export interface InstanceNormOptions {
  /** Added to the variance. Default 1e-5. */
  readonly eps?: number;
  /** Share of the batch's statistics in the running ones after each step. Default 0.1. */
  readonly momentum?: number;
  /** Whether weight and bias are learned. Default `false`. */
  readonly affine?: boolean;
  /** Whether running statistics are kept, and used in evaluation mode. Default `false`. */
  readonly trackRunningStats?: boolean;
}

/**
 * Instance normalisation; the layers derived from it say of how many axes.
 *
 * @example
 * ```ts
 * import { type InstanceNorm, InstanceNorm2d } from "@graftjs/nn";
 *
 * const layer: InstanceNorm = new InstanceNorm2d(3, { affine: true });
 * console.log(layer.weight?.shape, new InstanceNorm2d(3).weight); // [3] null
 * ```
 */
export abstract class InstanceNorm extends Module {
  /** Scale [C], at first 1. */
  readonly weight: Parameter | null;
  /** Shift [C], at first 0. */
  readonly bias: Parameter | null;
  /** [C], at first 0. */
  readonly runningMean: Buffer | null;
  /** [C], at first 1. */
  readonly runningVar: Buffer | null;
  readonly channels: number;
  readonly eps: number;
  readonly momentum: number;
  /** What a batch looks like, for messages: its layout with and without the batch axis. */
  protected abstract readonly layouts: readonly [batched: string, single: string];

  constructor(channels: number, options: InstanceNormOptions = {}) {
    super();
    const { eps = 1e-5, momentum = 0.1, affine = false, trackRunningStats = false } = options;
    const shape = [channels];
    this.weight = affine ? new Parameter(ones(shape)) : null;
    this.bias = affine ? new Parameter(zeros(shape)) : null;
    this.runningMean = trackRunningStats ? new Buffer(zeros(shape)) : null;
    this.runningVar = trackRunningStats ? new Buffer(ones(shape)) : null;
    this.channels = channels;
    this.eps = eps;
    this.momentum = momentum;
  }

  forward(x: Tensor): Tensor {
    const rank = this.layouts[0].split(",").length;
    const single = x.rank === rank - 1;
    const batch = single ? unsqueeze(x, 0) : x;
    if (batch.rank !== rank || batch.shape[1] !== this.channels) {
      const expected = `${this.layouts.join(" or ")} with C = ${this.channels}`;
      throw new ShapeError({ op: this.constructor.name, expected, got: formatShape(x.shape) });
    }
    const y = this.#normalize(batch);
    return single ? squeeze(y, 0) : y;
  }

  #normalize(x: Tensor): Tensor {
    const { weight, bias, runningMean, runningVar, eps } = this;
    if (!this.training && runningMean && runningVar) {
      const inverse = rsqrt(add(runningVar, eps));
      const scale = weight ? mul(inverse, weight) : inverse;
      const shift = bias ? sub(bias, mul(runningMean, scale)) : mul(mul(runningMean, scale), -1);
      const shape = [this.channels, ...x.shape.slice(2).map(() => 1)];
      return add(mul(x, reshape(scale, shape)), reshape(shift, shape));
    }
    const { y, mean, variance } = instanceNorm(x, { weight, bias, eps });
    if (this.training && runningMean && runningVar && x.size > 0) {
      const count = x.size / mean.size;
      this.#track(runningMean, mean, 1);
      this.#track(runningVar, variance, count / (count - 1));
    }
    return y;
  }

  /** Takes up the mean over the batch. */
  #track(running: Buffer, batch: Tensor, correction: number): void {
    const { momentum } = this;
    noGrad(() => {
      const share = mul(average(batch, { axes: 0 }), momentum * correction);
      running.assign(add(mul(running, 1 - momentum), share));
    });
  }
}
