import { apply1 } from "../apply.ts";
import { ShapeError } from "../errors.ts";
import type { Op } from "../op.ts";
import { checkShape, equalShapes, formatShape, normalizeAxes, normalizeAxis, numel, type Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { oneOutput } from "./define.ts";

export interface ReshapeAttrs {
  readonly shape: Shape;
}

export const reshapeOp: Op<ReshapeAttrs> = {
  name: "reshape",
  kind: "view",
  infer: ({ shape }, x) => {
    checkShape("reshape", shape);
    if (numel(shape) !== numel(x.shape)) {
      throw new ShapeError({
        op: "reshape",
        expected: `a shape of ${numel(x.shape)} elements, as ${formatShape(x.shape)} has`,
        got: formatShape(shape),
      });
    }
    return oneOutput(shape, x);
  },
  grad: ({ grad }, x) => [reshape(grad, x.shape)],
  reference: ({ output }, x) => output.data.set(x.data as never),
  samples: [
    { attrs: { shape: [3, 2] }, inputs: [[2, 3]] },
    { attrs: { shape: [] }, inputs: [[1, 1]] },
  ],
};

/**
 * The same elements, in the same order, under another shape. One size may be -1: it is what remains. Shares memory.
 * @throws {ShapeError} if the number of elements differs.
 * Source: https://pytorch.org/docs/stable/generated/torch.reshape.html
 *
 * @example
 * ```ts
 * import { arange, reshape } from "@graftjs/tensor";
 *
 * console.log(reshape(arange(6), [2, -1]).toNested()); // [[0, 1, 2], [3, 4, 5]]
 * ```
 */
export function reshape(x: Tensor, shape: Shape): Tensor {
  const open = shape.indexOf(-1);
  const rest = numel(shape.filter((d) => d !== -1));
  const full = open < 0 ? shape : shape.map((d, i) => (i === open ? x.size / rest : d));
  return equalShapes(full, x.shape) ? x : apply1(reshapeOp, [x], { shape: [...full] });
}

/**
 * Axes `start` to `end` (inclusive) merged into one; a scalar becomes a vector.
 * @throws {ShapeError} if an axis is out of range, or `start` comes after `end`.
 * Source: https://pytorch.org/docs/stable/generated/torch.flatten.html
 *
 * @example
 * ```ts
 * import { flatten, ones } from "@graftjs/tensor";
 *
 * console.log(flatten(ones([2, 3, 4, 5]), 1).shape, flatten(ones([2, 3, 4, 5]), 1, 2).shape); // [2, 60] [2, 12, 5]
 * ```
 */
export function flatten(x: Tensor, start = 0, end = -1): Tensor {
  if (x.rank === 0) return reshape(x, [1]);
  const from = normalizeAxis("flatten", start, x.rank);
  const to = normalizeAxis("flatten", end, x.rank);
  if (from > to) throw new ShapeError({ op: "flatten", expected: "start before end", got: `${start} and ${end}` });
  return reshape(x, [...x.shape.slice(0, from), numel(x.shape.slice(from, to + 1)), ...x.shape.slice(to + 1)]);
}

/**
 * Without the given axes, which must have size 1; without all axes of size 1 where none are given.
 * @throws {ShapeError} if a given axis has another size.
 * Source: https://pytorch.org/docs/stable/generated/torch.squeeze.html
 *
 * @example
 * ```ts
 * import { ones, squeeze } from "@graftjs/tensor";
 *
 * console.log(squeeze(ones([1, 3, 1])).shape, squeeze(ones([1, 3, 1]), -1).shape); // [3] [1, 3]
 * ```
 */
export function squeeze(x: Tensor, axes?: number | readonly number[]): Tensor {
  const drop =
    axes === undefined ? x.shape.flatMap((d, i) => (d === 1 ? [i] : [])) : normalizeAxes("squeeze", axes, x.rank);
  for (const axis of drop) {
    if (x.shape[axis] !== 1) {
      throw new ShapeError({ op: "squeeze", expected: `size 1 at axis ${axis}`, got: formatShape(x.shape) });
    }
  }
  return reshape(
    x,
    x.shape.filter((_, i) => !drop.includes(i)),
  );
}

/**
 * With new axes of size 1 at the given places of the result.
 * Source: https://pytorch.org/docs/stable/generated/torch.unsqueeze.html
 *
 * @example
 * ```ts
 * import { ones, unsqueeze } from "@graftjs/tensor";
 *
 * console.log(unsqueeze(ones([2, 3]), 0).shape, unsqueeze(ones([2, 3]), [1, -1]).shape); // [1, 2, 3] [2, 1, 3, 1]
 * ```
 */
export function unsqueeze(x: Tensor, axes: number | readonly number[]): Tensor {
  const rank = x.rank + (typeof axes === "number" ? 1 : axes.length);
  const added = normalizeAxes("unsqueeze", axes, rank);
  const rest = [...x.shape];
  return reshape(
    x,
    Array.from({ length: rank }, (_, i) => (added.includes(i) ? 1 : (rest.shift() as number))),
  );
}
