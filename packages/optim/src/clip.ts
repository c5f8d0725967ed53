import {
  abs,
  add,
  div,
  less,
  max,
  maximum,
  minimum,
  mul,
  noGrad,
  norm,
  pow,
  sqrt,
  sum,
  type Tensor,
  where,
  zeros,
} from "@graftjs/tensor";

/** Options of {@link clipGradNorm}. */
export interface ClipGradNormOptions {
  /** p of the p-norm; `Infinity` for the largest absolute value. Default 2. */
  readonly normType?: number;
}

/**
 * Scales all gradients by one factor so that their common norm is at most `maxNorm`: grad · min(1, maxNorm / (norm + 1e-6)).
 * @returns the norm before, a scalar.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.utils.clip_grad_norm_.html
 *
 * @example
 * ```ts
 * import { clipGradNorm } from "@graftjs/optim";
 * import { tensor } from "@graftjs/tensor";
 *
 * const weight = tensor([1, 1], undefined, { requiresGrad: true });
 * weight.grad = tensor([3, 4]);
 * console.log(clipGradNorm([weight], 1).item(), weight.grad.toNested()); // 5 [0.6000, 0.8000]
 * ```
 */
export function clipGradNorm(parameters: Iterable<Tensor>, maxNorm: number, options: ClipGradNormOptions = {}): Tensor {
  const { normType = 2 } = options;
  return noGrad(() => {
    const owners = [...parameters].filter((p) => p.grad !== null);
    const total = totalNorm(
      owners.map((p) => p.grad as Tensor),
      normType,
    );
    const factor = minimum(div(maxNorm, add(total, 1e-6)), 1);
    for (const owner of owners) owner.grad = mul(owner.grad as Tensor, factor);
    return total;
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

/** Options of {@link clipGradAdaptive}. */
export interface ClipGradAdaptiveOptions extends ClipGradNormOptions {
  /** Largest ratio of the norms of gradient and parameter. Default 0.01. */
  readonly clipFactor?: number;
  /** What norms of parameters count for at least. Default 1e-3. */
  readonly eps?: number;
}

/**
 * Adaptive gradient clipping: the gradient of each unit (a row of the first axis; of a vector, all of it) is scaled so that
 * its norm is at most clipFactor · max(‖parameter‖, eps) of the same unit.
 * Source: Brock et al. 2021, https://arxiv.org/abs/2102.06171; as timm's `adaptive_clip_grad`.
 *
 * @example
 * ```ts
 * import { clipGradAdaptive } from "@graftjs/optim";
 * import { tensor } from "@graftjs/tensor";
 *
 * const weight = tensor([[3, 4], [3, 4]], undefined, { requiresGrad: true });
 * weight.grad = tensor([[0.6, 0.8], [0.001, 0]]);
 * clipGradAdaptive([weight], { clipFactor: 0.1 });
 * console.log(weight.grad.toNested()); // [[0.3000, 0.4000], [0.001, 0]]
 * ```
 */
export function clipGradAdaptive(parameters: Iterable<Tensor>, options: ClipGradAdaptiveOptions = {}): void {
  const { clipFactor = 0.01, eps = 1e-3, normType = 2 } = options;
  noGrad(() => {
    for (const owner of parameters) {
      if (!owner.grad) continue;
      const largest = mul(maximum(unitNorm(owner, normType), eps), clipFactor);
      const size = unitNorm(owner.grad, normType);
      const clipped = mul(owner.grad, div(largest, maximum(size, 1e-6)));
      owner.grad = where(less(size, largest), owner.grad, clipped);
    }
  });
}

/** The norm of each row of the first axis, of shape [rows, 1, ...]; of a vector, its own. */
function unitNorm(x: Tensor, p: number): Tensor {
  const axes = x.shape.map((_, i) => i).slice(x.rank > 1 ? 1 : 0);
  return norm(x, p, { axes, keepDims: x.rank > 1 });
}

/**
 * Bounds each element of all gradients to [-value, value].
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.utils.clip_grad_value_.html
 *
 * @example
 * ```ts
 * import { clipGradValue } from "@graftjs/optim";
 * import { tensor } from "@graftjs/tensor";
 *
 * const weight = tensor([1, 1], undefined, { requiresGrad: true });
 * weight.grad = tensor([3, -0.5]);
 * clipGradValue([weight], 1);
 * console.log(weight.grad.toNested()); // [1, -0.5]
 * ```
 */
export function clipGradValue(parameters: Iterable<Tensor>, value: number): void {
  noGrad(() => {
    for (const owner of parameters) {
      if (owner.grad) owner.grad = maximum(minimum(owner.grad, value), -value);
    }
  });
}
