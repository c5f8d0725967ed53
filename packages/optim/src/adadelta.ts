import { add, div, mul, sqrt, sub, type Tensor } from "@graftjs/tensor";
import { descent } from "./decay.ts";
import { Optimizer, type OptimizerInput, type Slot, type Update } from "./optimizer.ts";

/** Options of {@link Adadelta}. */
export interface AdadeltaOptions {
  /** Default 1. */
  readonly learningRate: number;
  /** Decay rate of the running means of squared gradient and squared update. Default 0.9. */
  readonly rho: number;
  /** Added below both roots. Default 1e-6. */
  readonly eps: number;
  /** L2 penalty. Default 0. */
  readonly weightDecay: number;
  /** Climb instead of descend. Default `false`. */
  readonly maximize: boolean;
}

/**
 * Adadelta: g ← ∇ + weightDecay · p; v ← ρ · v + (1 - ρ) · g²; Δ = √(u + eps) / √(v + eps) · g;
 * u ← ρ · u + (1 - ρ) · Δ²; p ← p - learningRate · Δ.
 *
 * Source: Zeiler 2012, https://arxiv.org/abs/1212.5701;
 * https://pytorch.org/docs/stable/generated/torch.optim.Adadelta.html
 *
 * @example
 * ```ts
 * import { Adadelta } from "@graftjs/optim";
 * import { square, sum, tensor } from "@graftjs/tensor";
 *
 * const weight = tensor([1, -1], undefined, { requiresGrad: true });
 * const optimizer = new Adadelta([weight], { learningRate: 1 });
 * sum(square(weight)).backward();
 * optimizer.step();
 * console.log(weight.toNested()); // [0.9968, -0.9968]
 * ```
 */
export class Adadelta extends Optimizer<AdadeltaOptions> {
  constructor(input: OptimizerInput<AdadeltaOptions>, options: Partial<AdadeltaOptions> = {}) {
    super(input, { learningRate: 1, rho: 0.9, eps: 1e-6, weightDecay: 0, maximize: false, ...options });
  }

  protected slots({ shape }: Tensor): Record<string, Slot> {
    return { square_avg: { shape }, acc_delta: { shape } };
  }

  protected update(update: Update<AdadeltaOptions>): void {
    const { parameter, state, rate, options } = update;
    const { square_avg, acc_delta } = state as { square_avg: Tensor; acc_delta: Tensor };
    const { rho, eps } = options;
    const grad = descent(update, options);
    const square = add(mul(square_avg, rho), mul(mul(grad, grad), 1 - rho));
    const delta = mul(div(sqrt(add(acc_delta, eps)), sqrt(add(square, eps))), grad);
    square_avg.assign(square);
    acc_delta.assign(add(mul(acc_delta, rho), mul(mul(delta, delta), 1 - rho)));
    parameter.assign(sub(parameter, mul(delta, rate)));
  }
}
