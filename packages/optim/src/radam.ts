import { add, div, expm1, greater, less, maximum, mul, sqrt, sub, type Tensor, where } from "@graftjs/tensor";
import { type AdamOptions, moments, oneMinusPower } from "./adam.ts";
import { decayed, descent } from "./decay.ts";
import { Optimizer, type OptimizerInput, type Slot, type Update } from "./optimizer.ts";

/** Options of {@link RAdam}. */
export interface RAdamOptions extends Omit<AdamOptions, "amsgrad"> {
  /** Whether weight decay is decoupled from the gradient, as in {@link AdamW}. Default `false`. */
  readonly decoupledWeightDecay: boolean;
}

/**
 * Adam whose variance is rectified: with m and v as in {@link Adam}, ρ∞ = 2 / (1 - β₂) - 1 and
 * ρ = ρ∞ - 2t · β₂ᵗ / (1 - β₂ᵗ), p ← p - learningRate · m / (1 - β₁ᵗ) · r · √(1 - β₂ᵗ) / (√v + eps) with
 * r = √((ρ - 4)(ρ - 2)ρ∞ / ((ρ∞ - 4)(ρ∞ - 2)ρ)) where ρ > 5, and without the last two factors before.
 *
 * Source: Liu et al. 2020, https://arxiv.org/abs/1908.03265;
 * https://pytorch.org/docs/stable/generated/torch.optim.RAdam.html
 *
 * @example
 * ```ts
 * import { RAdam } from "@graftjs/optim";
 * import { square, sum, tensor } from "@graftjs/tensor";
 *
 * const weight = tensor([1, -1], undefined, { requiresGrad: true });
 * const optimizer = new RAdam([weight], { learningRate: 0.1 });
 * sum(square(weight)).backward();
 * optimizer.step();
 * console.log(weight.toNested()); // [0.8, -0.8]
 * ```
 */
export class RAdam extends Optimizer<RAdamOptions> {
  constructor(input: OptimizerInput<RAdamOptions>, options: Partial<RAdamOptions> = {}) {
    super(input, {
      learningRate: 1e-3,
      betas: [0.9, 0.999],
      eps: 1e-8,
      weightDecay: 0,
      decoupledWeightDecay: false,
      maximize: false,
      ...options,
    });
  }

  protected slots({ shape }: Tensor): Record<string, Slot> {
    return { step: { shape: [] }, exp_avg: { shape }, exp_avg_sq: { shape } };
  }

  protected update(update: Update<RAdamOptions>): void {
    const { parameter, state, rate, momentum, options } = update;
    const { betas, eps, weightDecay, decoupledWeightDecay: decoupled } = options;
    const grad = descent(update, { ...options, weightDecay: decoupled ? 0 : weightDecay });
    const { t, mean, square } = moments(grad, { state, momentum, beta2: betas[1] });
    const limit = 2 / (1 - betas[1]) - 1;
    const length = averageLength(betas[1], t);
    const isLong = greater(length, 5);
    // 5 keeps the root of what is not used real.
    const rho = maximum(length, 5);
    const r = sqrt(mul(div(mul(sub(rho, 4), sub(rho, 2)), rho), limit / ((limit - 4) * (limit - 2))));
    const adaptive = div(mul(r, sqrt(oneMinusPower(Math.log(betas[1]), t))), add(sqrt(square), eps));
    const shift = mul(mul(mean, div(rate, oneMinusPower(momentum.log, t))), where(isLong, adaptive, 1));
    parameter.assign(sub(decoupled ? decayed(parameter, rate, weightDecay) : parameter, shift));
  }
}

/**
 * ρ∞ - 2t · βᵗ / (1 - βᵗ). At first both terms nearly cancel, which would leave float32 few digits; with
 * x = t · ln(1 / β) the second is 2t / (e^x - 1), whose series about 0 takes over up to x = 1.
 */
function averageLength(beta: number, t: Tensor): Tensor {
  const limit = 2 / (1 - beta) - 1;
  const decay = -Math.log(beta);
  const x = mul(t, decay);
  const far = sub(limit, div(mul(t, 2), expm1(x)));
  // 2t / (e^x - 1) = (2 / decay) · (1 - x / 2 + x² / 12 - x⁴ / 720 + x⁶ / 30240 - x⁸ / 1209600 ± …)
  const square = mul(x, x);
  const series = [1 / 1209600, -1 / 30240, 1 / 720, -1 / 12].reduce(
    (sum: Tensor, factor) => mul(add(sum, factor), square),
    mul(square, 0),
  );
  const near = add(add(t, limit - 2 / decay), mul(series, 2 / decay));
  return where(less(x, 1), near, far);
}
