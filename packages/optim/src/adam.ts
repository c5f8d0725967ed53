import { add, div, expm1, maximum, mul, neg, sqrt, sub, type Tensor } from "@graftjs/tensor";
import { descent } from "./decay.ts";
import { Optimizer, type OptimizerInput, type Slot, type Update } from "./optimizer.ts";

/** Options of {@link Adam}. */
export interface AdamOptions {
  /** Default 1e-3. */
  readonly learningRate: number;
  /** Decay rates of the running means of gradient and squared gradient. Default [0.9, 0.999]. */
  readonly betas: readonly [number, number];
  /** Added to the denominator. Default 1e-8. */
  readonly eps: number;
  /** L2 penalty; in {@link AdamW}: decay that is decoupled from the gradient. Default 0 (AdamW: 0.01). */
  readonly weightDecay: number;
  /** Use the largest squared gradient so far. Default `false`. */
  readonly amsgrad: boolean;
  /** Climb instead of descend. Default `false`. */
  readonly maximize: boolean;
}

/**
 * Adam: g ← ∇ + weightDecay · p; m ← β₁ · m + (1 - β₁) · g; v ← β₂ · v + (1 - β₂) · g²;
 * p ← p - learningRate · m / (1 - β₁ᵗ) / (√(v / (1 - β₂ᵗ)) + eps), t counting the updates of p.
 *
 * Source: Kingma & Ba 2015, https://arxiv.org/abs/1412.6980; amsgrad: Reddi et al. 2018, https://arxiv.org/abs/1904.09237;
 * https://pytorch.org/docs/stable/generated/torch.optim.Adam.html
 *
 * @example
 * ```ts
 * import { Adam } from "@graftjs/optim";
 * import { square, sum, tensor } from "@graftjs/tensor";
 *
 * const weight = tensor([1, -1], undefined, { requiresGrad: true });
 * const optimizer = new Adam([weight], { learningRate: 0.1 });
 * sum(square(weight)).backward();
 * optimizer.step();
 * console.log(weight.toNested()); // [0.9000, -0.9000]
 * ```
 */
export class Adam extends Optimizer<AdamOptions> {
  constructor(input: OptimizerInput<AdamOptions>, options: Partial<AdamOptions> = {}) {
    super(input, {
      learningRate: 1e-3,
      betas: [0.9, 0.999],
      eps: 1e-8,
      weightDecay: 0,
      amsgrad: false,
      maximize: false,
      ...options,
    });
  }

  protected slots({ shape }: Tensor, { amsgrad }: AdamOptions): Record<string, Slot> {
    return {
      step: { shape: [] },
      exp_avg: { shape },
      exp_avg_sq: { shape },
      ...(amsgrad && { max_exp_avg_sq: { shape } }),
    };
  }

  protected update(update: Update<AdamOptions>): void {
    const { parameter, options } = update;
    parameter.assign(sub(parameter, adamStep(descent(update, options), update)));
  }
}

/** What Adam takes off a parameter; moves its state on. */
export function adamStep(grad: Tensor, { state, rate, momentum, options }: Update<AdamOptions>): Tensor {
  const { max_exp_avg_sq } = state;
  const { t, mean, square } = moments(grad, { state, momentum, beta2: options.betas[1] });
  const largest = max_exp_avg_sq ? maximum(max_exp_avg_sq, square) : square;
  max_exp_avg_sq?.assign(largest);
  const step = div(rate, oneMinusPower(momentum.log, t));
  return div(mul(mean, step), add(div(sqrt(largest), sqrt(oneMinusPower(Math.log(options.betas[1]), t))), options.eps));
}

/** The count of updates t and the running means of gradient and squared gradient, one further. */
export function moments(
  grad: Tensor,
  { state, momentum, beta2 }: Pick<Update<object>, "state" | "momentum"> & { readonly beta2: number },
): { readonly t: Tensor; readonly mean: Tensor; readonly square: Tensor } {
  const { step, exp_avg, exp_avg_sq } = state as { step: Tensor; exp_avg: Tensor; exp_avg_sq: Tensor };
  const t = add(step, 1);
  const mean = add(mul(exp_avg, momentum.value), mul(grad, momentum.rest));
  const square = add(mul(exp_avg_sq, beta2), mul(mul(grad, grad), 1 - beta2));
  step.assign(t);
  exp_avg.assign(mean);
  exp_avg_sq.assign(square);
  return { t, mean, square };
}

/** 1 - βᵗ for ln β, without the loss of digits that its first terms would bring in float32. */
export function oneMinusPower(log: Tensor | number, t: Tensor): Tensor {
  return neg(expm1(mul(t, log)));
}
