import { add, div, expm1, maximum, mul, neg, sqrt, sub, type Tensor } from "@graftjs/tensor";
import { Optimizer, type OptimizerInput, type ParameterState } from "./optimizer.ts";

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

type Options = Omit<AdamOptions, "learningRate">;

/**
 * Adam: g ← ∇ + weightDecay · p; m ← β₁ · m + (1 - β₁) · g; v ← β₂ · v + (1 - β₂) · g²;
 * p ← p - learningRate · m / (1 - β₁ᵗ) / (√(v / (1 - β₂ᵗ)) + eps), t counting the updates of p.
 *
 * Source: Kingma & Ba 2015, https://arxiv.org/abs/1412.6980; https://pytorch.org/docs/stable/generated/torch.optim.Adam.html
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

  protected slots(parameter: Tensor, { amsgrad }: Options): Record<string, readonly number[]> {
    const { shape } = parameter;
    return { step: [], exp_avg: shape, exp_avg_sq: shape, ...(amsgrad && { max_exp_avg_sq: shape }) };
  }

  protected update(parameter: Tensor, grad: Tensor, state: ParameterState, rate: Tensor, options: Options): void {
    const ascent = options.maximize ? neg(grad) : grad;
    const direction = options.weightDecay === 0 ? ascent : add(ascent, mul(parameter, options.weightDecay));
    parameter.assign(sub(parameter, adamStep(direction, state, rate, options)));
  }
}

/** What Adam takes off a parameter; moves its state on. */
export function adamStep(grad: Tensor, state: ParameterState, rate: Tensor, options: Options): Tensor {
  const { step, exp_avg, exp_avg_sq, max_exp_avg_sq } = state as {
    step: Tensor;
    exp_avg: Tensor;
    exp_avg_sq: Tensor;
    max_exp_avg_sq?: Tensor;
  };
  const { betas, eps } = options;
  const t = add(step, 1);
  // 1 - βᵗ, without the loss of digits that its first terms would bring in float32.
  const [correction1, correction2] = betas.map((beta) => neg(expm1(mul(t, Math.log(beta))))) as [Tensor, Tensor];
  const mean = add(mul(exp_avg, betas[0]), mul(grad, 1 - betas[0]));
  const square = add(mul(exp_avg_sq, betas[1]), mul(mul(grad, grad), 1 - betas[1]));
  const largest = max_exp_avg_sq ? maximum(max_exp_avg_sq, square) : square;
  step.assign(t);
  exp_avg.assign(mean);
  exp_avg_sq.assign(square);
  max_exp_avg_sq?.assign(largest);
  return div(mul(mean, div(rate, correction1)), add(div(sqrt(largest), sqrt(correction2)), eps));
}
