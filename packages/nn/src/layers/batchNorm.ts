import { add, batchNorm, mul, noGrad, ones, reshape, rsqrt, sub, type Tensor, zeros } from "@graftjs/tensor";
import { Buffer } from "../buffer.ts";
import { Module } from "../module.ts";
import { Parameter } from "../parameter.ts";

export interface BatchNormOptions {
  /** Added to the variance. Default 1e-5. */
  readonly eps?: number;
  /** Share of the batch's statistics in the running ones after each step. Default 0.1. */
  readonly momentum?: number;
  /** Whether weight and bias are learned. Default `true`. */
  readonly affine?: boolean;
  /** Whether running statistics are kept, and used in evaluation mode. Default `true`. */
  readonly trackRunningStats?: boolean;
}

/** Batch normalisation of [N, C, ...]; the layers derived from it say how many axes that is. */
export abstract class BatchNorm extends Module {
  /** Scale [C], at first 1. */
  readonly weight: Parameter | null;
  /** Shift [C], at first 0. */
  readonly bias: Parameter | null;
  /** [C], at first 0. */
  readonly runningMean: Buffer | null;
  /** [C], at first 1. */
  readonly runningVar: Buffer | null;
  readonly eps: number;
  readonly momentum: number;
  readonly #unit: Tensor;
  readonly #zero: Tensor;

  constructor(channels: number, options: BatchNormOptions = {}) {
    super();
    const { eps = 1e-5, momentum = 0.1, affine = true, trackRunningStats = true } = options;
    const shape = [channels];
    this.weight = affine ? new Parameter(ones(shape)) : null;
    this.bias = affine ? new Parameter(zeros(shape)) : null;
    this.runningMean = trackRunningStats ? new Buffer(zeros(shape)) : null;
    this.runningVar = trackRunningStats ? new Buffer(ones(shape)) : null;
    this.eps = eps;
    this.momentum = momentum;
    this.#unit = this.weight ?? ones(shape);
    this.#zero = this.bias ?? zeros(shape);
  }

  forward(x: Tensor): Tensor {
    const { runningMean, runningVar } = this;
    if (this.training || !runningMean || !runningVar) return this.#normalizeByBatch(x);
    const scale = mul(rsqrt(add(runningVar, this.eps)), this.#unit);
    const shift = sub(this.#zero, mul(runningMean, scale));
    const shape = [-1, ...x.shape.slice(2).map(() => 1)];
    return add(mul(x, reshape(scale, shape)), reshape(shift, shape));
  }

  #normalizeByBatch(x: Tensor): Tensor {
    const { y, mean, variance } = batchNorm(x, this.#unit, this.#zero, this.eps);
    if (this.training && this.runningMean && this.runningVar) {
      const count = x.size / (x.shape[1] as number);
      this.#track(this.runningMean, mean, 1);
      this.#track(this.runningVar, variance, count / (count - 1));
    }
    return y;
  }

  #track(running: Buffer, batch: Tensor, correction: number): void {
    noGrad(() => running.assign(add(mul(running, 1 - this.momentum), mul(batch, this.momentum * correction))));
  }
}
