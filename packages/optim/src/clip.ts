import { abs, add, div, max, maximum, minimum, mul, noGrad, pow, sqrt, sum, type Tensor, zeros } from "@graftjs/tensor";

export interface ClipGradNormOptions {
  /** p of the p-norm; `Infinity` for the largest absolute value. Default 2. */
  readonly normType?: number;
}

/**
 * Scales all gradients by one factor so that their common norm is at most `maxNorm`: grad · min(1, maxNorm / (norm + 1e-6)).
 * @returns the norm before, a scalar.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.utils.clip_grad_norm_.html
 */
export function clipGradNorm(parameters: Iterable<Tensor>, maxNorm: number, options: ClipGradNormOptions = {}): Tensor {
  const { normType = 2 } = options;
  return noGrad(() => {
    const owners = [...parameters].filter((p) => p.grad !== null);
    const norm = totalNorm(
      owners.map((p) => p.grad as Tensor),
      normType,
    );
    const factor = minimum(div(maxNorm, add(norm, 1e-6)), 1);
    for (const owner of owners) owner.grad = mul(owner.grad as Tensor, factor);
    return norm;
  });
}

function totalNorm(grads: readonly Tensor[], p: number): Tensor {
  const [first, ...rest] = grads.map((g) => {
    if (p === Number.POSITIVE_INFINITY) return max(abs(g));
    return sum(p === 2 ? mul(g, g) : pow(abs(g), p));
  });
  if (!first) return zeros([]);
  const total = rest.reduce(p === Number.POSITIVE_INFINITY ? maximum : add, first);
  return p === Number.POSITIVE_INFINITY ? total : p === 2 ? sqrt(total) : pow(total, 1 / p);
}

/**
 * Bounds each element of all gradients to [-value, value].
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.utils.clip_grad_value_.html
 */
export function clipGradValue(parameters: Iterable<Tensor>, value: number): void {
  noGrad(() => {
    for (const owner of parameters) {
      if (owner.grad) owner.grad = maximum(minimum(owner.grad, value), -value);
    }
  });
}
