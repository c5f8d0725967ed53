import { add, div, exp, mul, sqrt, sub, type Tensor } from "@graftjs/tensor";
import { type AdamOptions, moments, oneMinusPower } from "./adam.ts";
import { decayed, descent } from "./decay.ts";
import { Optimizer, type OptimizerInput, type Slot, type Update } from "./optimizer.ts";

/** Options of {@link NAdam}. */
export interface NAdamOptions extends Omit<AdamOptions, "amsgrad"> {
  /** How fast the momentum grows to β₁. Default 4e-3. */
  readonly momentumDecay: number;
  /** Whether weight decay is decoupled from the gradient, as in {@link AdamW}. Default `false`. */
  readonly decoupledWeightDecay: boolean;
}

/**
 * Adam with Nesterov's momentum: with m and v as in {@link Adam}, μₜ = β₁ · (1 - 0.96^(t · momentumDecay) / 2) and
 * M = μ₁ · … · μₜ, p ← p - learningRate · ((1 - μₜ) · g / (1 - M) + μₜ₊₁ · m / (1 - M · μₜ₊₁)) / (√(v / (1 - β₂ᵗ)) + eps).
 * The learning rate is 2e-3 by default.
 *
 * Source: Dozat 2016, https://openreview.net/forum?id=OM0jvwB8jIp57ZJjtNEZ;
 * https://pytorch.org/docs/stable/generated/torch.optim.NAdam.html
 *
 * @example
 * ```ts
 * import { NAdam } from "@graftjs/optim";
 * import { square, sum, tensor } from "@graftjs/tensor";
 *
 * const weight = tensor([1, -1], undefined, { requiresGrad: true });
 * const optimizer = new NAdam([weight], { learningRate: 0.1 });
 * sum(square(weight)).backward();
 * optimizer.step();
 * console.log(weight.toNested()); // [0.8944, -0.8944]
 * ```
 */
export class NAdam extends Optimizer<NAdamOptions> {
  constructor(input: OptimizerInput<NAdamOptions>, options: Partial<NAdamOptions> = {}) {
    super(input, {
      learningRate: 2e-3,
      betas: [0.9, 0.999],
      eps: 1e-8,
      weightDecay: 0,
      momentumDecay: 4e-3,
      decoupledWeightDecay: false,
      maximize: false,
      ...options,
    });
  }

  protected slots({ shape }: Tensor): Record<string, Slot> {
    return {
      step: { shape: [] },
      mu_product: { shape: [], value: 1 },
      exp_avg: { shape },
      exp_avg_sq: { shape },
    };
  }

  protected update(update: Update<NAdamOptions>): void {
    const { parameter, state, rate, momentum, options } = update;
    const { betas, eps, weightDecay, decoupledWeightDecay: decoupled, momentumDecay } = options;
    const grad = descent(update, { ...options, weightDecay: decoupled ? 0 : weightDecay });
    const { t, mean, square } = moments(grad, { state, momentum, beta2: betas[1] });
    const growing = (at: Tensor): Tensor =>
      mul(momentum.value, sub(1, mul(exp(mul(at, momentumDecay * Math.log(0.96))), 0.5)));
    const [now, next] = [growing(t), growing(add(t, 1))];
    const product = mul(state.mu_product as Tensor, now);
    state.mu_product?.assign(product);
    const ofGrad = div(mul(rate, sub(1, now)), sub(1, product));
    const ofMean = div(mul(rate, next), sub(1, mul(product, next)));
    const spread = add(div(sqrt(square), sqrt(oneMinusPower(Math.log(betas[1]), t))), eps);
    const shift = div(add(mul(grad, ofGrad), mul(mean, ofMean)), spread);
    parameter.assign(sub(decoupled ? decayed(parameter, rate, weightDecay) : parameter, shift));
  }
}
