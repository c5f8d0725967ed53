import { add, div, exp, less, log, maximum, mul, sub, type Tensor, where } from "@graftjs/tensor";
import { descent } from "./decay.ts";
import { Optimizer, type OptimizerInput, type Slot, type Update } from "./optimizer.ts";

/** Options of {@link ASGD}. */
export interface ASGDOptions {
  /** Default 0.01. */
  readonly learningRate: number;
  /** Decay term. Default 1e-4. */
  readonly lambd: number;
  /** Power of the decay of the rate. Default 0.75. */
  readonly alpha: number;
  /** Update at which averaging starts. Default 1e6. */
  readonly t0: number;
  /** L2 penalty. Default 0. */
  readonly weightDecay: number;
  /** Climb instead of descend. Default `false`. */
  readonly maximize: boolean;
}

/**
 * Averaged stochastic gradient descent: g ← ∇ + weightDecay · p; p ← p · (1 - lambd · η) - η · g, then
 * η ← learningRate / (1 + lambd · learningRate · t)^alpha. The average of p from update t0 on is in the state, as `ax`.
 *
 * Source: Polyak & Juditsky 1992, https://doi.org/10.1137/0330046;
 * https://pytorch.org/docs/stable/generated/torch.optim.ASGD.html
 *
 * @example
 * ```ts
 * import { ASGD } from "@graftjs/optim";
 * import { square, sum, tensor } from "@graftjs/tensor";
 *
 * const weight = tensor([1, -1], undefined, { requiresGrad: true });
 * const optimizer = new ASGD([weight], { learningRate: 0.1 });
 * sum(square(weight)).backward();
 * optimizer.step();
 * console.log(weight.toNested()); // [0.8000, -0.8000]
 * ```
 */
export class ASGD extends Optimizer<ASGDOptions> {
  constructor(input: OptimizerInput<ASGDOptions>, options: Partial<ASGDOptions> = {}) {
    super(input, {
      learningRate: 0.01,
      lambd: 1e-4,
      alpha: 0.75,
      t0: 1e6,
      weightDecay: 0,
      maximize: false,
      ...options,
    });
  }

  protected slots({ shape }: Tensor, { learningRate }: ASGDOptions): Record<string, Slot> {
    return {
      step: { shape: [] },
      eta: { shape: [], value: learningRate },
      mu: { shape: [], value: 1 },
      ax: { shape },
    };
  }

  protected update(update: Update<ASGDOptions>): void {
    const { parameter, state, rate, options } = update;
    const { step, eta, mu, ax } = state as { step: Tensor; eta: Tensor; mu: Tensor; ax: Tensor };
    const { lambd, alpha, t0 } = options;
    const grad = descent(update, options);
    const t = add(step, 1);
    const next = sub(mul(parameter, sub(1, mul(eta, lambd))), mul(grad, eta));
    step.assign(t);
    // Before t0, mu is 1 and the average is the parameter itself.
    ax.assign(where(less(mu, 1), add(ax, mul(sub(next, ax), mu)), next));
    eta.assign(mul(rate, exp(mul(log(add(mul(mul(rate, lambd), t), 1)), -alpha))));
    mu.assign(div(1, maximum(sub(t, t0), 1)));
    parameter.assign(next);
  }
}
