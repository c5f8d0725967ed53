import { add, div, mul, sqrt, sub, type Tensor } from "@graftjs/tensor";
import { descent } from "./decay.ts";
import { Optimizer, type OptimizerInput, type Slot, type Update } from "./optimizer.ts";

/** Options of {@link RMSprop}. */
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
  /** Climb instead of descend. Default `false`. */
  readonly maximize: boolean;
}

/**
 * RMSprop: g ← ∇ + weightDecay · p; v ← α · v + (1 - α) · g²; p ← p - learningRate · g / (√v + eps), the last term
 * gathered by momentum where there is one.
 *
 * Source: Hinton's lecture notes, 2012; https://pytorch.org/docs/stable/generated/torch.optim.RMSprop.html
 *
 * @example
 * ```ts
 * import { RMSprop } from "@graftjs/optim";
 * import { square, sum, tensor } from "@graftjs/tensor";
 *
 * const weight = tensor([1, -1], undefined, { requiresGrad: true });
 * const optimizer = new RMSprop([weight], { learningRate: 0.01 });
 * sum(square(weight)).backward();
 * optimizer.step();
 * console.log(weight.toNested()); // [0.9000, -0.9000]
 * ```
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
      maximize: false,
      ...options,
    });
  }

  protected slots({ shape }: Tensor, { momentum, centered }: RMSpropOptions): Record<string, Slot> {
    return {
      square_avg: { shape },
      ...(momentum !== 0 && { momentum_buffer: { shape } }),
      ...(centered && { grad_avg: { shape } }),
    };
  }

  protected update(update: Update<RMSpropOptions>): void {
    const { parameter, state, rate, momentum, options } = update;
    const { square_avg, momentum_buffer, grad_avg } = state as {
      square_avg: Tensor;
      momentum_buffer?: Tensor;
      grad_avg?: Tensor;
    };
    const { alpha, eps, centered } = options;
    const grad = descent(update, options);
    const square = add(mul(square_avg, alpha), mul(mul(grad, grad), 1 - alpha));
    square_avg.assign(square);
    let spread = square;
    if (centered && grad_avg) {
      const mean = add(mul(grad_avg, alpha), mul(grad, 1 - alpha));
      grad_avg.assign(mean);
      spread = sub(square, mul(mean, mean));
    }
    let direction = div(grad, add(sqrt(spread), eps));
    if (options.momentum !== 0 && momentum_buffer) {
      direction = add(mul(momentum_buffer, momentum.value), direction);
      momentum_buffer.assign(direction);
    }
    parameter.assign(sub(parameter, mul(direction, rate)));
  }
}
