import { apply1 } from "../apply.ts";
import { allocate, arrayOf, type DType } from "../dtype.ts";
import type { Op } from "../op.ts";
import { runtime } from "../runtime.ts";
import { checkShape, numel, type Shape } from "../shape.ts";
import { Storage } from "../storage.ts";
import { Tensor } from "../tensor.ts";

export interface FullAttrs {
  readonly shape: Shape;
  readonly value: number;
  readonly dtype: DType;
}

export const fullOp: Op<FullAttrs> = {
  name: "full",
  kind: "kernel",
  infer: ({ shape, dtype }) => {
    checkShape("full", shape);
    return [{ shape, dtype }];
  },
  reference: ({ attrs, output }) => void output.data.fill(attrs.value),
  samples: [{ attrs: { shape: [2, 3], value: 0.5, dtype: "float32" }, inputs: [] }],
};

/** Options of {@link zerosLike}, {@link onesLike} and {@link fullLike}. */
export interface LikeOptions {
  /** Default: that of the given tensor. */
  readonly dtype?: DType;
}

/**
 * A tensor of `shape` filled with `value`; float32 unless said otherwise.
 * Source: https://pytorch.org/docs/stable/generated/torch.full.html
 *
 * @example
 * ```ts
 * import { full } from "@graftjs/tensor";
 *
 * console.log(full([2, 2], 7, { dtype: "int32" }).toNested()); // [[7, 7], [7, 7]]
 * ```
 */
export function full(shape: Shape, value: number, options: { readonly dtype?: DType } = {}): Tensor {
  const dtype = options.dtype ?? "float32";
  const attrs = { shape: [...shape], value: arrayOf(dtype, [value])[0] as number, dtype };
  if (runtime().tracer) return apply1(fullOp, [], attrs);
  // Eagerly there is nothing to compute, and a program for each value would be one too many.
  fullOp.infer(attrs);
  return new Tensor(attrs.shape, dtype, new Storage(dtype, allocate(dtype, numel(shape)).fill(attrs.value)));
}

/**
 * A tensor of zeros of the shape and dtype of `x`.
 * Source: https://pytorch.org/docs/stable/generated/torch.zeros_like.html
 *
 * @example
 * ```ts
 * import { tensor, zerosLike } from "@graftjs/tensor";
 *
 * console.log(zerosLike(tensor([5, 6])).toNested()); // [0, 0]
 * console.log(zerosLike(tensor([5]), { dtype: "bool" }).dtype); // "bool"
 * ```
 */
export function zerosLike(x: Tensor, options: LikeOptions = {}): Tensor {
  return fullLike(x, 0, options);
}

/**
 * A tensor of ones of the shape and dtype of `x`.
 * Source: https://pytorch.org/docs/stable/generated/torch.ones_like.html
 *
 * @example
 * ```ts
 * import { onesLike, tensor } from "@graftjs/tensor";
 *
 * console.log(onesLike(tensor([[5, 6]])).toNested()); // [[1, 1]]
 * ```
 */
export function onesLike(x: Tensor, options: LikeOptions = {}): Tensor {
  return fullLike(x, 1, options);
}

/**
 * A tensor filled with `value`, of the shape and dtype of `x`.
 * Source: https://pytorch.org/docs/stable/generated/torch.full_like.html
 *
 * @example
 * ```ts
 * import { fullLike, tensor } from "@graftjs/tensor";
 *
 * console.log(fullLike(tensor([[1, 2]]), 0.5).toNested()); // [[0.5, 0.5]]
 * ```
 */
export function fullLike(x: Tensor, value: number, options: LikeOptions = {}): Tensor {
  return full(x.shape, value, { dtype: options.dtype ?? x.dtype });
}
