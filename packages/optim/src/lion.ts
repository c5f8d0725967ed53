import { add, mul, sign, sub, type Tensor } from "@graftjs/tensor";
import { decayed, descent } from "./decay.ts";
import { Optimizer, type OptimizerInput, type Slot, type Update } from "./optimizer.ts";

/** Options of {@link Lion}. */
export interface LionOptions {
  /** Default 1e-4: 3 to 10 times smaller than what suits {@link AdamW}. */
  readonly learningRate: number;
  /** Shares of the running gradient in the update, and in its next value. Default [0.9, 0.99]. */
  readonly betas: readonly [number, number];
  /** Decay that is decoupled from the gradient. Default 0. */
  readonly weightDecay: number;
  /** Climb instead of descend. Default `false`. */
  readonly maximize: boolean;
}

/**
 * Lion, "evolved sign momentum": p ← p · (1 - learningRate · weightDecay) - learningRate · sign(β₁ · m + (1 - β₁) · g);
 * m ← β₂ · m + (1 - β₂) · g.
 *
 * Source: Chen et al. 2023, https://arxiv.org/abs/2302.06675; defaults as in timm's `Lion`.
 *
 * @example
 * ```ts
 * import { Lion } from "@graftjs/optim";
 * import { square, sum, tensor } from "@graftjs/tensor";
 *
 * const weight = tensor([1, -1], undefined, { requiresGrad: true });
 * const optimizer = new Lion([weight], { learningRate: 0.1 });
 * sum(square(weight)).backward();
 * optimizer.step();
 * console.log(weight.toNested()); // [0.9, -0.9]
 * ```
 */
export class Lion extends Optimizer<LionOptions> {
  constructor(input: OptimizerInput<LionOptions>, options: Partial<LionOptions> = {}) {
    super(input, { learningRate: 1e-4, betas: [0.9, 0.99], weightDecay: 0, maximize: false, ...options });
  }

  protected slots({ shape }: Tensor): Record<string, Slot> {
    return { exp_avg: { shape } };
  }

  protected update(update: Update<LionOptions>): void {
    const { parameter, state, rate, momentum, options } = update;
    const { exp_avg } = state as { exp_avg: Tensor };
    const beta2 = options.betas[1];
    const grad = descent(update, { ...options, weightDecay: 0 });
    const direction = sign(add(mul(exp_avg, momentum.value), mul(grad, momentum.rest)));
    parameter.assign(sub(decayed(parameter, rate, options.weightDecay), mul(direction, rate)));
    exp_avg.assign(add(mul(exp_avg, beta2), mul(grad, 1 - beta2)));
  }
}
