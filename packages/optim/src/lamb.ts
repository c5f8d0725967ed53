import { add, div, greater, logicalAnd, minimum, mul, norm, sqrt, sub, type Tensor, where } from "@graftjs/tensor";
import { oneMinusPower } from "./adam.ts";
import { Optimizer, type OptimizerInput, type Slot, type Update } from "./optimizer.ts";

/** Options of {@link LAMB}. */
export interface LAMBOptions {
  /** Default 1e-3. */
  readonly learningRate: number;
  /** Decay rates of the running means of gradient and squared gradient. Default [0.9, 0.999]. */
  readonly betas: readonly [number, number];
  /** Added to the denominator. Default 1e-6. */
  readonly eps: number;
  /** Part of the update, before it is scaled. Default 0.01. */
  readonly weightDecay: number;
  /** Whether the running means are freed of their start at 0, as in {@link Adam}. Default `true`. */
  readonly biasCorrection: boolean;
  /** Whether the gradient counts for 1 - β₁ in its running mean, and not for 1. Default `true`. */
  readonly gradAveraging: boolean;
  /** Whether no update is scaled up: the trust ratio is at most 1. Default `false`. */
  readonly trustClip: boolean;
  /** Whether parameters without weight decay (biases, normalisations) are scaled too, as in the paper. Default `false`. */
  readonly alwaysAdapt: boolean;
}

/**
 * LAMB, for large batches: u = m / (√v + eps) + weightDecay · p with m and v as in {@link Adam};
 * p ← p - learningRate · ‖p‖ / ‖u‖ · u. Where one of the norms is 0, the ratio is 1.
 * Other implementations also clip the norm of all gradients to 1: call `clipGradNorm(parameters, 1)` before the step.
 *
 * Source: You et al. 2020, https://arxiv.org/abs/1904.00962; options and defaults as in timm's `Lamb`.
 *
 * @example
 * ```ts
 * import { LAMB } from "@graftjs/optim";
 * import { square, sum, tensor } from "@graftjs/tensor";
 *
 * const weight = tensor([1, -1], undefined, { requiresGrad: true });
 * const optimizer = new LAMB([weight], { learningRate: 0.1 });
 * sum(square(weight)).backward();
 * optimizer.step();
 * console.log(weight.toNested()); // [0.9000, -0.9000]
 * ```
 */
export class LAMB extends Optimizer<LAMBOptions> {
  constructor(input: OptimizerInput<LAMBOptions>, options: Partial<LAMBOptions> = {}) {
    super(input, {
      learningRate: 1e-3,
      betas: [0.9, 0.999],
      eps: 1e-6,
      weightDecay: 0.01,
      biasCorrection: true,
      gradAveraging: true,
      trustClip: false,
      alwaysAdapt: false,
      ...options,
    });
  }

  protected slots({ shape }: Tensor): Record<string, Slot> {
    return { step: { shape: [] }, exp_avg: { shape }, exp_avg_sq: { shape } };
  }

  protected update({ parameter, grad, state, rate, momentum, options }: Update<LAMBOptions>): void {
    const { step, exp_avg, exp_avg_sq } = state as { step: Tensor; exp_avg: Tensor; exp_avg_sq: Tensor };
    const { betas, eps, weightDecay, biasCorrection, gradAveraging, trustClip, alwaysAdapt } = options;
    const t = add(step, 1);
    let mean = add(mul(exp_avg, momentum.value), gradAveraging ? mul(grad, momentum.rest) : grad);
    const square = add(mul(exp_avg_sq, betas[1]), mul(mul(grad, grad), 1 - betas[1]));
    step.assign(t);
    exp_avg.assign(mean);
    exp_avg_sq.assign(square);
    let spread = sqrt(square);
    if (biasCorrection) {
      mean = div(mean, oneMinusPower(momentum.log, t));
      spread = div(spread, sqrt(oneMinusPower(Math.log(betas[1]), t)));
    }
    let direction = div(mean, add(spread, eps));
    if (weightDecay !== 0) direction = add(direction, mul(parameter, weightDecay));
    let scale = rate;
    if (weightDecay !== 0 || alwaysAdapt) {
      const ratio = trustRatio(norm(parameter), norm(direction));
      scale = mul(rate, trustClip ? minimum(ratio, 1) : ratio);
    }
    parameter.assign(sub(parameter, mul(direction, scale)));
  }
}

/** a / b, or 1 where one of them is 0. */
function trustRatio(a: Tensor, b: Tensor): Tensor {
  return where(logicalAnd(greater(a, 0), greater(b, 0)), div(a, b), 1);
}
