import { add, div, exp, log, maximum, mean, minimum, mul, rsqrt, sqrt, sub, type Tensor } from "@graftjs/tensor";
import { decayed, descent } from "./decay.ts";
import { Optimizer, type OptimizerInput, type Slot, type Update } from "./optimizer.ts";

/** Options of {@link Adafactor}. */
export interface AdafactorOptions {
  /** Largest relative step, and the factor of weight decay. Default 0.01. */
  readonly learningRate: number;
  /** 1 - tᵇ is the decay rate of the running squared gradient at update t. Default b = -0.8. */
  readonly beta2Decay: number;
  /** Smallest root mean square of gradients (`null`: the spacing of floats at 1), and of parameters. Default [null, 1e-3]. */
  readonly eps: readonly [number | null, number];
  /** Largest root mean square of an update, before it is scaled. Default 1. */
  readonly d: number;
  /** Decay that is decoupled from the gradient. Default 0. */
  readonly weightDecay: number;
  /** Climb instead of descend. Default `false`. */
  readonly maximize: boolean;
}

/**
 * Adafactor, which keeps of the squared gradient of a matrix only the means of rows and columns: with β = 1 - t^beta2Decay,
 * R ← β · R + (1 - β) · mean of g² over the last axis; C ← β · C + (1 - β) · mean over the last but one;
 * V = R · C / max(mean R, ε₁) (of vectors, V is kept whole); u = g / max(√V, ε₁), divided by max(1, rms(u) / d);
 * p ← p · (1 - learningRate · weightDecay) - max(ε₂, rms(p)) · min(learningRate, 1 / √t) · u.
 *
 * Source: Shazeer & Stern 2018, https://arxiv.org/abs/1804.04235, in PyTorch's form:
 * https://pytorch.org/docs/stable/generated/torch.optim.Adafactor.html
 *
 * @example
 * ```ts
 * import { Adafactor } from "@graftjs/optim";
 * import { square, sum, tensor } from "@graftjs/tensor";
 *
 * const weight = tensor([1, -1], undefined, { requiresGrad: true });
 * const optimizer = new Adafactor([weight], { learningRate: 0.1 });
 * sum(square(weight)).backward();
 * optimizer.step();
 * console.log(weight.toNested()); // [0.9000, -0.9000]
 * ```
 */
export class Adafactor extends Optimizer<AdafactorOptions> {
  constructor(input: OptimizerInput<AdafactorOptions>, options: Partial<AdafactorOptions> = {}) {
    super(input, {
      learningRate: 0.01,
      beta2Decay: -0.8,
      eps: [null, 1e-3],
      d: 1,
      weightDecay: 0,
      maximize: false,
      ...options,
    });
  }

  protected slots({ shape }: Tensor): Record<string, Slot> {
    const [rows, columns] = shape.slice(-2);
    if (rows === undefined || columns === undefined) return { step: { shape: [] }, variance: { shape } };
    const outer = shape.slice(0, -2);
    return {
      step: { shape: [] },
      row_var: { shape: [...outer, rows, 1] },
      col_var: { shape: [...outer, 1, columns] },
    };
  }

  protected update(update: Update<AdafactorOptions>): void {
    const { parameter, state, rate, options } = update;
    const { beta2Decay, d, weightDecay } = options;
    const eps1 = options.eps[0] ?? (parameter.dtype === "float64" ? 2 ** -52 : 2 ** -23);
    const grad = descent(update, { ...options, weightDecay: 0 });
    const t = add(state.step as Tensor, 1);
    state.step?.assign(t);
    const rest = exp(mul(log(t), beta2Decay));
    const variance = estimate(grad, state, rest, eps1);
    const direction = mul(grad, rsqrt(maximum(variance, eps1 * eps1)));
    const size = mul(maximum(rms(parameter), options.eps[1]), minimum(rate, rsqrt(t)));
    const shift = mul(direction, div(size, maximum(mul(rms(direction), 1 / d), 1)));
    parameter.assign(sub(decayed(parameter, rate, weightDecay), shift));
  }
}

/** The running squared gradient, moved on by the share `rest`. */
function estimate(grad: Tensor, state: Update<object>["state"], rest: Tensor, eps: number): Tensor {
  const { row_var, col_var, variance } = state;
  const square = mul(grad, grad);
  const moved = (running: Tensor, now: Tensor): Tensor => {
    const next = add(running, mul(sub(now, running), rest));
    running.assign(next);
    return next;
  };
  if (!row_var || !col_var) return moved(variance as Tensor, square);
  const rows = moved(row_var, mean(square, { axes: -1, keepDims: true }));
  const columns = moved(col_var, mean(square, { axes: -2, keepDims: true }));
  return div(mul(rows, columns), maximum(mean(rows, { axes: -2, keepDims: true }), eps));
}

/** The root of the mean square of all elements. */
function rms(x: Tensor): Tensor {
  return sqrt(mean(mul(x, x)));
}
