import { ShapeError } from "../errors.ts";
import { equalShapes, formatShape, type Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { add } from "./add.ts";
import { checkSameDType, floats } from "./define.ts";
import { mean } from "./mean.ts";
import { mul } from "./mul.ts";
import { rsqrt } from "./rsqrt.ts";

/** Options of {@link rmsNorm}. */
export interface RMSNormOptions {
  /** Scale, of the normalised shape. Default none. */
  readonly weight?: Tensor | null;
  /** Added to the mean of squares. Default: the smallest step above 1 of the dtype of `x`. */
  readonly eps?: number | null;
}

/**
 * y = x / √(mean(x²) + eps) · weight, the mean being over the last axes, which have the given shape.
 * @throws {ShapeError} if they have another. @throws {DTypeError} if not float.
 * Source: Zhang & Sennrich 2019, https://arxiv.org/abs/1910.07467;
 * https://pytorch.org/docs/stable/generated/torch.nn.functional.rms_norm.html
 *
 * @example
 * ```ts
 * import { rmsNorm, tensor } from "@graftjs/tensor";
 *
 * console.log(rmsNorm(tensor([[3, 4]]), [2], { eps: 0 }).toNested()); // [[0.8485, 1.1314]]
 * ```
 */
export function rmsNorm(x: Tensor, normalizedShape: number | Shape, options: RMSNormOptions = {}): Tensor {
  checkSameDType("rmsNorm", floats, x.dtype);
  const shape = typeof normalizedShape === "number" ? [normalizedShape] : normalizedShape;
  const { weight = null, eps } = options;
  const lead = x.rank - shape.length;
  if (
    shape.length < 1 ||
    lead < 0 ||
    !equalShapes(x.shape.slice(lead), shape) ||
    (weight && !equalShapes(weight.shape, shape))
  ) {
    throw new ShapeError({
      op: "rmsNorm",
      expected: `last axes, and a weight, of shape ${formatShape(shape)}`,
      got: [x, weight].flatMap((t) => (t ? [formatShape(t.shape)] : [])).join(" and "),
    });
  }
  const smallest = x.dtype === "float64" ? Number.EPSILON : 2 ** -23;
  const axes = shape.map((_, i) => lead + i);
  const y = mul(x, rsqrt(add(mean(mul(x, x), { axes, keepDims: true }), eps ?? smallest)));
  return weight ? mul(y, weight) : y;
}
