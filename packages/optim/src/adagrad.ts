import { add, div, mul, sqrt, sub, type Tensor } from "@graftjs/tensor";
import { descent } from "./decay.ts";
import { Optimizer, type OptimizerInput, type Slot, type Update } from "./optimizer.ts";

/** Options of {@link Adagrad}. */
export interface AdagradOptions {
  /** Default 0.01. */
  readonly learningRate: number;
  /** The rate of update t is learningRate / (1 + (t - 1) · learningRateDecay). Default 0. */
  readonly learningRateDecay: number;
  /** L2 penalty. Default 0. */
  readonly weightDecay: number;
  /** What the sum of squared gradients starts at. Default 0. A group may have its own, which PyTorch does not look at. */
  readonly initialAccumulatorValue: number;
  /** Added to the denominator. Default 1e-10. */
  readonly eps: number;
  /** Climb instead of descend. Default `false`. */
  readonly maximize: boolean;
}

/**
 * Adagrad: g ← ∇ + weightDecay · p; s ← s + g²; p ← p - learningRate / (1 + (t - 1) · learningRateDecay) · g / (√s + eps).
 *
 * Source: Duchi et al. 2011, https://jmlr.org/papers/v12/duchi11a.html;
 * https://pytorch.org/docs/stable/generated/torch.optim.Adagrad.html
 *
 * @example
 * ```ts
 * import { Adagrad } from "@graftjs/optim";
 * import { square, sum, tensor } from "@graftjs/tensor";
 *
 * const weight = tensor([1, -1], undefined, { requiresGrad: true });
 * const optimizer = new Adagrad([weight], { learningRate: 0.1 });
 * sum(square(weight)).backward();
 * optimizer.step();
 * console.log(weight.toNested()); // [0.9000, -0.9000]
 * ```
 */
export class Adagrad extends Optimizer<AdagradOptions> {
  constructor(input: OptimizerInput<AdagradOptions>, options: Partial<AdagradOptions> = {}) {
    super(input, {
      learningRate: 0.01,
      learningRateDecay: 0,
      weightDecay: 0,
      initialAccumulatorValue: 0,
      eps: 1e-10,
      maximize: false,
      ...options,
    });
  }

  protected slots({ shape }: Tensor, { initialAccumulatorValue }: AdagradOptions): Record<string, Slot> {
    return { step: { shape: [] }, sum: { shape, value: initialAccumulatorValue } };
  }

  protected update(update: Update<AdagradOptions>): void {
    const { parameter, state, rate, options } = update;
    const { step, sum } = state as { step: Tensor; sum: Tensor };
    const grad = descent(update, options);
    const total = add(sum, mul(grad, grad));
    const current = div(rate, add(mul(step, options.learningRateDecay), 1));
    step.assign(add(step, 1));
    sum.assign(total);
    parameter.assign(sub(parameter, mul(div(grad, add(sqrt(total), options.eps)), current)));
  }
}
