import { add, equal, mul, sub, type Tensor, where } from "@graftjs/tensor";
import { descent } from "./decay.ts";
import { Optimizer, type OptimizerInput, type Slot, type Update } from "./optimizer.ts";

/** Options of {@link SGD}. */
export interface SGDOptions {
  /** Default 1e-3. */
  readonly learningRate: number;
  /** Share of the last update in the next. Default 0. */
  readonly momentum: number;
  /** How much less the gradient counts in the momentum. Default 0. */
  readonly dampening: number;
  /** Look ahead along the momentum. Default `false`. */
  readonly nesterov: boolean;
  /** L2 penalty. Default 0. */
  readonly weightDecay: number;
  /** Climb instead of descend. Default `false`. */
  readonly maximize: boolean;
}

/**
 * Stochastic gradient descent, with momentum:
 * g ← ∇ + weightDecay · p; v ← momentum · v + (1 - dampening) · g, at first v ← g;
 * g ← g + momentum · v if nesterov, else v; p ← p - learningRate · g.
 *
 * Source: https://pytorch.org/docs/stable/generated/torch.optim.SGD.html
 *
 * @example
 * ```ts
 * import { SGD } from "@graftjs/optim";
 * import { square, sum, tensor } from "@graftjs/tensor";
 *
 * const weight = tensor([1, -1], undefined, { requiresGrad: true });
 * const optimizer = new SGD([weight], { learningRate: 0.1, momentum: 0.9 });
 * sum(square(weight)).backward();
 * optimizer.step();
 * console.log(weight.toNested()); // [0.8, -0.8]
 * ```
 */
export class SGD extends Optimizer<SGDOptions> {
  constructor(input: OptimizerInput<SGDOptions>, options: Partial<SGDOptions> = {}) {
    super(input, {
      learningRate: 1e-3,
      momentum: 0,
      dampening: 0,
      nesterov: false,
      weightDecay: 0,
      maximize: false,
      ...options,
    });
  }

  protected slots({ shape }: Tensor, { momentum, dampening }: SGDOptions): Record<string, Slot> {
    if (momentum === 0) return {};
    return { momentum_buffer: { shape }, ...(dampening !== 0 && { step: { shape: [] } }) };
  }

  protected update(update: Update<SGDOptions>): void {
    const { parameter, rate, momentum, options } = update;
    let direction = descent(update, options);
    if (options.momentum !== 0) {
      const velocity = this.#velocity(direction, update);
      direction = options.nesterov ? add(direction, mul(velocity, momentum.value)) : velocity;
    }
    parameter.assign(sub(parameter, mul(direction, rate)));
  }

  #velocity(direction: Tensor, { state, momentum, options }: Update<SGDOptions>): Tensor {
    const { momentum_buffer: buffer, step } = state as { momentum_buffer: Tensor; step?: Tensor };
    let share = direction;
    if (step) {
      share = where(equal(step, 0), direction, mul(direction, 1 - options.dampening));
      step.assign(add(step, 1));
    }
    const velocity = add(mul(buffer, momentum.value), share);
    buffer.assign(velocity);
    return velocity;
  }
}
