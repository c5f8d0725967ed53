import { ArgumentError, ShapeError } from "../errors.ts";
import { formatShape, normalizeAxis } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { add } from "./add.ts";
import { checkSameDType, floats } from "./define.ts";
import { mul } from "./mul.ts";
import { narrow } from "./narrow.ts";
import { notEqual } from "./notEqual.ts";
import { reducedShape } from "./reduce.ts";
import { flatten, reshape } from "./reshape.ts";
import { sort } from "./sort.ts";
import { sub } from "./sub.ts";
import { where } from "./where.ts";

/** Options of {@link quantile} and {@link median}. */
export interface QuantileOptions {
  /** Default: all elements in row-major order. */
  readonly axis?: number;
  /** Keep the reduced axis with size 1; all axes where none is given. Default `false`. */
  readonly keepDims?: boolean;
}

/**
 * The `q`-quantile: of n sorted elements that at place q · (n - 1), linearly interpolated between its neighbours. NaN if there
 * is one.
 * @throws {ShapeError} if the axis is out of range or empty. @throws {ArgumentError} if q is outside of [0, 1].
 * @throws {DTypeError} if `x` is not float.
 * Source: https://pytorch.org/docs/stable/generated/torch.quantile.html
 *
 * @example
 * ```ts
 * import { quantile, tensor } from "@graftjs/tensor";
 *
 * console.log(quantile(tensor([1, 2, 3, 4]), 0.5).item(), quantile(tensor([1, 2, 3, 4]), 0.25).item()); // 2.5 1.75
 * ```
 */
export function quantile(x: Tensor, q: number, options: QuantileOptions = {}): Tensor {
  checkSameDType("quantile", floats, x.dtype);
  if (!(q >= 0 && q <= 1)) throw new ArgumentError({ op: "quantile", expected: "q in [0, 1]", got: String(q) });
  return ofSorted("quantile", x, options, (size, at) => {
    const place = q * (size - 1);
    const lower = Math.floor(place);
    if (place === lower) return at(lower);
    return add(at(lower), mul(sub(at(lower + 1), at(lower)), place - lower));
  });
}

/**
 * The middle one of the sorted elements; of an even number, the lower of the two in the middle, as in PyTorch. NaN if there is
 * one. The gradient goes to that element.
 * @throws {ShapeError} if the axis is out of range or empty. @throws {DTypeError} if `x` is not float.
 * Source: https://pytorch.org/docs/stable/generated/torch.median.html
 *
 * @example
 * ```ts
 * import { median, tensor } from "@graftjs/tensor";
 *
 * console.log(median(tensor([3, 1, 4, 2])).item()); // 2
 * console.log(median(tensor([[5, 1, 3], [9, 7, 8]]), { axis: 1 }).toNested()); // [3, 8]
 * ```
 */
export function median(x: Tensor, options: QuantileOptions = {}): Tensor {
  checkSameDType("median", floats, x.dtype);
  return ofSorted("median", x, options, (size, at) => at(Math.floor((size - 1) / 2)));
}

/** What `pick` makes of the sorted elements; NaN, which comes last, if there is one. */
function ofSorted(
  op: string,
  x: Tensor,
  { axis, keepDims = false }: QuantileOptions,
  pick: (size: number, at: (place: number) => Tensor) => Tensor,
): Tensor {
  const line = axis === undefined ? flatten(x) : x;
  const along = axis === undefined ? 0 : normalizeAxis(op, axis, x.rank);
  const size = line.shape[along] as number;
  if (size === 0) throw new ShapeError({ op, expected: "no empty axis to reduce", got: formatShape(x.shape) });
  const { values } = sort(line, along);
  const at = (place: number): Tensor => narrow(values, along, place, 1);
  const last = at(size - 1);
  const axes = axis === undefined ? x.shape.map((_, i) => i) : [along];
  return reshape(where(notEqual(last, last), last, pick(size, at)), reducedShape(x.shape, { axes, keepDims }));
}
