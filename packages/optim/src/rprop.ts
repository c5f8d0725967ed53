import { clamp, greater, less, mul, sign, sub, type Tensor, where } from "@graftjs/tensor";
import { descent } from "./decay.ts";
import { Optimizer, type OptimizerInput, type Slot, type Update } from "./optimizer.ts";

/** Options of {@link Rprop}. */
export interface RpropOptions {
  /** Size of the first step of each element; afterwards it is not looked at. Default 0.01. */
  readonly learningRate: number;
  /** Factors of the step where the sign of the gradient changes, and where it stays. Default [0.5, 1.2]. */
  readonly etas: readonly [number, number];
  /** Smallest and largest step. Default [1e-6, 50]. */
  readonly stepSizes: readonly [number, number];
  /** Climb instead of descend. Default `false`. */
  readonly maximize: boolean;
}

/**
 * Resilient backpropagation, for full batches: each element has a step of its own, which grows by etas[1] while the sign
 * of its gradient stays, and shrinks by etas[0] where it changes; there the gradient counts as 0. p ← p - step · sign(g).
 * The state starts with the learning rate of the first update; later changes of the rate have no effect, as in PyTorch.
 *
 * Source: Riedmiller & Braun 1993; https://pytorch.org/docs/stable/generated/torch.optim.Rprop.html
 *
 * @example
 * ```ts
 * import { Rprop } from "@graftjs/optim";
 * import { square, sum, tensor } from "@graftjs/tensor";
 *
 * const weight = tensor([1, -1], undefined, { requiresGrad: true });
 * const optimizer = new Rprop([weight], { learningRate: 0.1 });
 * sum(square(weight)).backward();
 * optimizer.step();
 * console.log(weight.toNested()); // [0.9, -0.9]
 * ```
 */
export class Rprop extends Optimizer<RpropOptions> {
  constructor(input: OptimizerInput<RpropOptions>, options: Partial<RpropOptions> = {}) {
    super(input, { learningRate: 0.01, etas: [0.5, 1.2], stepSizes: [1e-6, 50], maximize: false, ...options });
  }

  protected slots({ shape }: Tensor, { learningRate }: RpropOptions): Record<string, Slot> {
    return { prev: { shape }, step_size: { shape, value: learningRate } };
  }

  protected update(update: Update<RpropOptions>): void {
    const { parameter, state, options } = update;
    const { prev, step_size } = state as { prev: Tensor; step_size: Tensor };
    const [shrink, grow] = options.etas;
    const grad = descent(update, { ...options, weightDecay: 0 });
    // Signs first: the product of two small gradients may be 0.
    const agreement = mul(sign(grad), sign(prev));
    const [same, changed] = [greater(agreement, 0), less(agreement, 0)];
    const next = where(same, mul(step_size, grow), where(changed, mul(step_size, shrink), step_size));
    const size = clamp(next, ...options.stepSizes);
    const used = where(changed, 0, grad);
    step_size.assign(size);
    prev.assign(used);
    parameter.assign(sub(parameter, mul(sign(used), size)));
  }
}
