import { abs, add, div, maximum, mul, sub, type Tensor } from "@graftjs/tensor";
import { oneMinusPower } from "./adam.ts";
import { descent } from "./decay.ts";
import { Optimizer, type OptimizerInput, type Slot, type Update } from "./optimizer.ts";

/** Options of {@link Adamax}. */
export interface AdamaxOptions {
  /** Default 2e-3. */
  readonly learningRate: number;
  /** Decay rates of the running mean of the gradient and of its largest size. Default [0.9, 0.999]. */
  readonly betas: readonly [number, number];
  /** Added to the size of the gradient. Default 1e-8. */
  readonly eps: number;
  /** L2 penalty. Default 0. */
  readonly weightDecay: number;
  /** Climb instead of descend. Default `false`. */
  readonly maximize: boolean;
}

/**
 * Adam of the infinity norm: g ← ∇ + weightDecay · p; m ← β₁ · m + (1 - β₁) · g; u ← max(β₂ · u, |g| + eps);
 * p ← p - learningRate · m / ((1 - β₁ᵗ) · u).
 *
 * Source: Kingma & Ba 2015, https://arxiv.org/abs/1412.6980;
 * https://pytorch.org/docs/stable/generated/torch.optim.Adamax.html
 *
 * @example
 * ```ts
 * import { Adamax } from "@graftjs/optim";
 * import { square, sum, tensor } from "@graftjs/tensor";
 *
 * const weight = tensor([1, -1], undefined, { requiresGrad: true });
 * const optimizer = new Adamax([weight], { learningRate: 0.1 });
 * sum(square(weight)).backward();
 * optimizer.step();
 * console.log(weight.toNested()); // [0.9000, -0.9000]
 * ```
 */
export class Adamax extends Optimizer<AdamaxOptions> {
  constructor(input: OptimizerInput<AdamaxOptions>, options: Partial<AdamaxOptions> = {}) {
    super(input, {
      learningRate: 2e-3,
      betas: [0.9, 0.999],
      eps: 1e-8,
      weightDecay: 0,
      maximize: false,
      ...options,
    });
  }

  protected slots({ shape }: Tensor): Record<string, Slot> {
    return { step: { shape: [] }, exp_avg: { shape }, exp_inf: { shape } };
  }

  protected update(update: Update<AdamaxOptions>): void {
    const { parameter, state, rate, momentum, options } = update;
    const { step, exp_avg, exp_inf } = state as { step: Tensor; exp_avg: Tensor; exp_inf: Tensor };
    const grad = descent(update, options);
    const t = add(step, 1);
    const mean = add(mul(exp_avg, momentum.value), mul(grad, momentum.rest));
    const largest = maximum(mul(exp_inf, options.betas[1]), add(abs(grad), options.eps));
    step.assign(t);
    exp_avg.assign(mean);
    exp_inf.assign(largest);
    parameter.assign(sub(parameter, mul(div(mean, largest), div(rate, oneMinusPower(momentum.log, t)))));
  }
}
