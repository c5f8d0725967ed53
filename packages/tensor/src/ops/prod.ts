import { apply1 } from "../apply.ts";
import type { Op } from "../op.ts";
import type { Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { checkSameDType, oneOutput } from "./define.ts";
import { full } from "./full.ts";
import { linearRecurrence, shift } from "./linearRecurrence.ts";
import { mul } from "./mul.ts";
import { pad } from "./pad.ts";
import { permute } from "./permute.ts";
import {
  forEachReduction,
  type ReduceAttrs,
  type ReduceOptions,
  reduceAttrs,
  reducedShape,
  unreduce,
} from "./reduce.ts";
import { reshape } from "./reshape.ts";
import { counted } from "./sum.ts";

export const prodOp: Op<ReduceAttrs> = {
  name: "prod",
  kind: "kernel",
  infer: (attrs, x) => {
    checkSameDType("prod", ["float32", "float64", "int32"], x.dtype);
    return oneOutput(reducedShape(x.shape, attrs), x);
  },
  grad: ({ grad, attrs }, x) => {
    const spread = unreduce(grad, x.shape, attrs);
    return [x.size === 0 ? spread : mul(spread, productOfOthers(x, attrs.axes))];
  },
  reference: ({ attrs, output }, x) => {
    const product = x.dtype === "int32" ? Math.imul : (a: number, b: number) => a * b;
    forEachReduction(x, attrs.axes, (o, offsets) => {
      let total = 1;
      for (const offset of offsets) total = product(total, x.data[offset] as number);
      output.data[o] = total;
    });
  },
  samples: [
    { attrs: { axes: [0, 1], keepDims: false }, inputs: [[2, 3]] },
    { attrs: { axes: [1], keepDims: true }, inputs: [[2, 5, 3]] },
    { attrs: { axes: [0, 2], keepDims: false }, inputs: [[2, 3, 2]] },
  ],
};

/** For each element the product of those that it is multiplied with: those before, times those after; no division by zeros. */
function productOfOthers(x: Tensor, axes: readonly number[]): Tensor {
  const kept = x.shape.map((_, i) => i).filter((i) => !axes.includes(i));
  const order = [...kept, ...axes];
  const moved = permute(x, order);
  const outer: Shape = kept.map((i) => x.shape[i] as number);
  const rows = reshape(moved, [...outer, -1]);
  const others = reshape(mul(productsBefore(rows, false), productsBefore(rows, true)), moved.shape);
  return permute(
    others,
    x.shape.map((_, i) => order.indexOf(i)),
  );
}

/** Along the last axis, the product of all elements before each; after each, in `reverse`. */
function productsBefore(x: Tensor, reverse: boolean): Tensor {
  const axis = x.rank - 1;
  const rest = (x.shape[axis] as number) - 1;
  const one = full([...x.shape.slice(0, axis), 1], 1, { dtype: x.dtype });
  const start = pad(
    one,
    x.shape.map((_, i) => (i !== axis ? [0, 0] : reverse ? [rest, 0] : [0, rest])),
  );
  return linearRecurrence(shift(x, axis, reverse), start, axis, reverse);
}

/**
 * Product over axes; 1 over an empty one; int32 wraps around; of bool it is int32. The gradient is exact where elements are 0, too.
 * @throws {ShapeError} if an axis is out of range.
 * Source: https://pytorch.org/docs/stable/generated/torch.prod.html
 *
 * @example
 * ```ts
 * import { prod, tensor } from "@graftjs/tensor";
 *
 * console.log(prod(tensor([[1, 2], [3, 4]]), { axes: 1 }).toNested()); // [2, 12]
 * ```
 */
export function prod(x: Tensor, options: ReduceOptions = {}): Tensor {
  return apply1(prodOp, [counted(x)], reduceAttrs("prod", x, options));
}
