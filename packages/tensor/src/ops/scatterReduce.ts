import { isFloat } from "../dtype.ts";
import { ArgumentError } from "../errors.ts";
import { normalizeAxis } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { checkSameDType } from "./define.ts";
import { div } from "./div.ts";
import { equal } from "./equal.ts";
import { onesLike } from "./full.ts";
import { checkCorner, corner, gather } from "./gather.ts";
import { linearRecurrence } from "./linearRecurrence.ts";
import { maximum } from "./maximum.ts";
import { minimum } from "./minimum.ts";
import { mul } from "./mul.ts";
import { pad } from "./pad.ts";
import { scatter } from "./scatter.ts";
import { scatterAdd } from "./scatterAdd.ts";
import { slice } from "./slice.ts";
import { sort } from "./sort.ts";
import { where } from "./where.ts";

/** How {@link scatterReduce} combines elements. */
export type ScatterReduction = "sum" | "prod" | "mean" | "amax" | "amin";

const reductions: readonly ScatterReduction[] = ["sum", "prod", "mean", "amax", "amin"];

/**
 * What is at [indicesᵢⱼₖ, j, k] of `x`, for axis 0 of three, combined with sourceᵢⱼₖ; for other axes, and for indices that are
 * smaller than `x` or `source`, as in `scatter`. Equal indices all take part. The gradient of a product is exact where elements
 * are 0, too; of equal largest or smallest sources the last one has it, and shares it with an element of `x` that is equal.
 * NaN counts as larger than all numbers. Means of int32 are rounded down. A product that is not finite makes those with larger
 * indices NaN.
 *
 * PyTorch's `include_self=False` is absent: scatter what changes nothing (0, 1, ∞) first.
 * @throws {DTypeError} if indices are not int32, the dtypes of `x` and `source` differ, or on bool.
 * @throws {ShapeError} if the numbers of axes differ, or the indices are larger than what they go with.
 * @throws {ArgumentError} if the reduction is none of these.
 * Source: https://pytorch.org/docs/stable/generated/torch.scatter_reduce.html (which takes the axis before the indices)
 *
 * @example
 * ```ts
 * import { scatterReduce, tensor } from "@graftjs/tensor";
 *
 * const places = tensor([0, 2, 0], undefined, { dtype: "int32" });
 * console.log(scatterReduce(tensor([5, 5, 5]), places, tensor([2, 3, 9]), 0, "amax").toNested()); // [9, 5, 5]
 * console.log(scatterReduce(tensor([5, 5, 5]), places, tensor([2, 3, 9]), 0, "prod").toNested()); // [90, 5, 15]
 * ```
 */
export function scatterReduce(
  x: Tensor,
  indices: Tensor,
  source: Tensor,
  axis: number,
  reduction: ScatterReduction,
): Tensor {
  const op = "scatterReduce";
  const at = normalizeAxis(op, axis, x.rank);
  if (!reductions.includes(reduction)) {
    throw new ArgumentError({ op, expected: `a reduction out of ${reductions.join(", ")}`, got: String(reduction) });
  }
  if (reduction === "sum") return scatterAdd(x, indices, source, at);
  checkSameDType(op, ["float32", "float64", "int32"], x.dtype, source.dtype);
  checkCorner(op, x, indices.shape, at);
  if (reduction === "mean") {
    const counts = scatterAdd(onesLike(x), indices, onesLike(source), at);
    return div(scatterAdd(x, indices, source, at), counts, isFloat(x.dtype) ? {} : { roundingMode: "floor" });
  }
  const values = corner(op, source, indices.shape, -1);
  if (values.size === 0) return x;
  if (reduction === "prod") return mul(x, scatterProducts(onesLike(x), indices, values, at));
  // Of equal indices the last source stays: in this order, the best.
  const ordered = sort(values, at, { descending: reduction === "amin" });
  const best = scatter(x, gather(indices, ordered.indices, at), ordered.values, at);
  return reduction === "amax" ? maximum(x, best) : minimum(x, best);
}

/** In the order of the indices, products that begin anew with each index; the last of them stays. */
function scatterProducts(ones: Tensor, indices: Tensor, values: Tensor, axis: number): Tensor {
  const ordered = sort(indices, axis);
  const factors = gather(values, ordered.indices, axis);
  const before = pad(
    slice(ordered.values, axis, 0, -1),
    indices.shape.map((_, i) => [Number(i === axis), 0]),
    -1,
  );
  const same = equal(ordered.values, before);
  const products = linearRecurrence(where(same, factors, 0), where(same, 0, factors), axis, false);
  return scatter(ones, ordered.values, products, axis);
}
