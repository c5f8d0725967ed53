import { add, div, mul, sqrt, sub, type Tensor } from "@graftjs/tensor";
import { Optimizer, type OptimizerInput, type ParameterState } from "./optimizer.ts";

export interface RMSpropOptions {
  /** Default 0.01. */
  readonly learningRate: number;
  /** Decay rate of the running mean of the squared gradient. Default 0.99. */
  readonly alpha: number;
  /** Added to the denominator. Default 1e-8. */
  readonly eps: number;
  /** L2 penalty. Default 0. */
  readonly weightDecay: number;
  /** Share of the last update in the next. Default 0. */
  readonly momentum: number;
  /** Divide by the running standard deviation instead of the root mean square. Default `false`. */
  readonly centered: boolean;
}

type Options = Omit<RMSpropOptions, "learningRate">;

/**
 * RMSprop: g ← ∇ + weightDecay · p; v ← α · v + (1 - α) · g²; p ← p - learningRate · g / (√v + eps), the last term
 * gathered by momentum where there is one.
 *
 * Source: Hinton's lecture notes, 2012; https://pytorch.org/docs/stable/generated/torch.optim.RMSprop.html
 */
export class RMSprop extends Optimizer<RMSpropOptions> {
  constructor(input: OptimizerInput<RMSpropOptions>, options: Partial<RMSpropOptions> = {}) {
    super(input, {
      learningRate: 0.01,
      alpha: 0.99,
      eps: 1e-8,
      weightDecay: 0,
      momentum: 0,
      centered: false,
      ...options,
    });
  }

  protected slots({ shape }: Tensor, { momentum, centered }: Options): Record<string, readonly number[]> {
    return {
      square_avg: shape,
      ...(momentum !== 0 && { momentum_buffer: shape }),
      ...(centered && { grad_avg: shape }),
    };
  }

  protected update(parameter: Tensor, gradient: Tensor, state: ParameterState, rate: Tensor, options: Options): void {
    const { alpha, eps, weightDecay, momentum } = options;
    const { square_avg, momentum_buffer, grad_avg } = state as {
      square_avg: Tensor;
      momentum_buffer?: Tensor;
      grad_avg?: Tensor;
    };
    const grad = weightDecay === 0 ? gradient : add(gradient, mul(parameter, weightDecay));
    const square = add(mul(square_avg, alpha), mul(mul(grad, grad), 1 - alpha));
    square_avg.assign(square);
    let spread = square;
    if (grad_avg) {
      const mean = add(mul(grad_avg, alpha), mul(grad, 1 - alpha));
      grad_avg.assign(mean);
      spread = sub(square, mul(mean, mean));
    }
    let direction = div(grad, add(sqrt(spread), eps));
    if (momentum_buffer) {
      direction = add(mul(momentum_buffer, momentum), direction);
      momentum_buffer.assign(direction);
    }
    parameter.assign(sub(parameter, mul(direction, rate)));
  }
}
