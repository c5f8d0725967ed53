import { add, equal, mul, neg, sub, type Tensor, where } from "@graftjs/tensor";
import { Optimizer, type OptimizerInput, type ParameterState } from "./optimizer.ts";

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

type Options = Omit<SGDOptions, "learningRate">;

/**
 * Stochastic gradient descent, with momentum:
 * g ← ∇ + weightDecay · p; v ← momentum · v + (1 - dampening) · g, at first v ← g;
 * g ← g + momentum · v if nesterov, else v; p ← p - learningRate · g.
 *
 * Source: https://pytorch.org/docs/stable/generated/torch.optim.SGD.html
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

  protected slots(parameter: Tensor, { momentum, dampening }: Options): Record<string, readonly number[]> {
    if (momentum === 0) return {};
    return { momentum_buffer: parameter.shape, ...(dampening !== 0 && { step: [] }) };
  }

  protected update(parameter: Tensor, grad: Tensor, state: ParameterState, rate: Tensor, options: Options): void {
    const { momentum, nesterov, weightDecay, maximize } = options;
    let direction = maximize ? neg(grad) : grad;
    if (weightDecay !== 0) direction = add(direction, mul(parameter, weightDecay));
    if (momentum !== 0) {
      const velocity = this.#velocity(direction, state, options);
      direction = nesterov ? add(direction, mul(velocity, momentum)) : velocity;
    }
    parameter.assign(sub(parameter, mul(direction, rate)));
  }

  #velocity(direction: Tensor, state: ParameterState, { momentum, dampening }: Options): Tensor {
    const { momentum_buffer: buffer, step } = state as { momentum_buffer: Tensor; step?: Tensor };
    let share = direction;
    if (step) {
      share = mul(direction, where(equal(step, 0), 1, 1 - dampening));
      step.assign(add(step, 1));
    }
    const velocity = add(mul(buffer, momentum), share);
    buffer.assign(velocity);
    return velocity;
  }
}
