import { apply, apply1 } from "../apply.ts";
import { allocate } from "../dtype.ts";
import type { TensorSpec } from "../graph/graph.ts";
import type { Op } from "../op.ts";
import { normalizeAxis } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { checkSameDType } from "./define.ts";
import { forEachReduction } from "./reduce.ts";
import { scatterAddOp } from "./scatterAdd.ts";

/** Attributes of a sort, complete. */
export interface SortAttrs {
  readonly axis: number;
  readonly descending: boolean;
}

export const sortOp: Op<SortAttrs> = {
  name: "sort",
  kind: "kernel",
  infer: (_, x) => {
    checkSameDType("sort", ["float32", "float64", "int32"], x.dtype);
    const { shape, dtype } = x;
    return [{ shape, dtype } as TensorSpec, { shape, dtype: "int32" }];
  },
  // The places are a permutation along the axis: each has one value to add.
  grad: ({ grad, outputs, attrs: { axis } }, x) => [
    apply1(scatterAddOp, [grad, outputs[1] as Tensor], { axis, size: x.shape[axis] as number }),
  ],
  reference: ({ attrs: { axis, descending }, outputs }, x) => {
    const [values, indices] = outputs as [typeof x, typeof x];
    forEachReduction(x, [axis], (_, offsets) => {
      const line = allocate("float64", offsets.length).map((_, i) => x.data[offsets[i] as number] as number);
      const order = Array.from(line.keys()).sort((a, b) => {
        const difference = compare(line[a] as number, line[b] as number);
        return (descending ? -difference : difference) || a - b;
      });
      order.forEach((from, to) => {
        values.data[offsets[to] as number] = line[from] as number;
        indices.data[offsets[to] as number] = from;
      });
    });
  },
  samples: [
    { attrs: { axis: 1, descending: false }, inputs: [[2, 5]] },
    { attrs: { axis: 0, descending: true }, inputs: [[4, 1, 3]] },
  ],
};

/** Below 0 if x comes first; NaN comes after all numbers. */
function compare(x: number, y: number): number {
  if (x < y) return -1;
  if (x > y) return 1;
  return Number(Number.isNaN(x)) - Number(Number.isNaN(y));
}

/** Options of {@link sort} and {@link argsort}. */
export interface SortOptions {
  /** Largest first. Default `false`. */
  readonly descending?: boolean;
}

/** What {@link sort} gives. */
export interface Sorted {
  readonly values: Tensor;
  /** Where each value was along the axis, int32. */
  readonly indices: Tensor;
}

/**
 * The elements along `axis` (default the last) in ascending order, and where they were. Equal ones stay in their order. NaN
 * counts as larger than all numbers.
 * @throws {ShapeError} if the axis is out of range. @throws {DTypeError} on bool; cast first.
 * Source: https://pytorch.org/docs/stable/generated/torch.sort.html (with `stable=True`)
 *
 * @example
 * ```ts
 * import { sort, tensor } from "@graftjs/tensor";
 *
 * const { values, indices } = sort(tensor([[3, 1, 2]]), -1, { descending: true });
 * console.log(values.toNested(), indices.toNested()); // [[3, 2, 1]] [[0, 2, 1]]
 * ```
 */
export function sort(x: Tensor, axis = -1, options: SortOptions = {}): Sorted {
  const attrs = { axis: normalizeAxis("sort", axis, x.rank), descending: options.descending ?? false };
  const [values, indices] = apply(sortOp, [x], attrs) as [Tensor, Tensor];
  return { values, indices };
}

/**
 * The int32 indices that sort `x` along `axis` (default the last), as {@link sort} does.
 * @throws {ShapeError} if the axis is out of range. @throws {DTypeError} on bool; cast first.
 * Source: https://pytorch.org/docs/stable/generated/torch.argsort.html
 *
 * @example
 * ```ts
 * import { argsort, tensor } from "@graftjs/tensor";
 *
 * console.log(argsort(tensor([3, 1, 2]), 0, { descending: true }).toNested()); // [0, 2, 1]
 * ```
 */
export function argsort(x: Tensor, axis = -1, options: SortOptions = {}): Tensor {
  return sort(x.detach(), axis, options).indices;
}
