import { apply1 } from "../apply.ts";
import { ShapeError } from "../errors.ts";
import type { Op } from "../op.ts";
import { formatShape, normalizeAxis, stridesOf } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { oneOutput } from "./define.ts";
import { offsetsOf } from "./reduce.ts";

export interface PermuteAttrs {
  /** Axis i of the result is axis `axes[i]` of the input. */
  readonly axes: readonly number[];
}

export const permuteOp: Op<PermuteAttrs> = {
  name: "permute",
  kind: "kernel",
  infer: ({ axes }, x) => {
    if (axes.length !== x.shape.length || new Set(axes).size !== axes.length) {
      throw new ShapeError({ op: "permute", expected: `each of ${x.shape.length} axes once`, got: formatShape(axes) });
    }
    return oneOutput(
      axes.map((a) => x.shape[a] as number),
      x,
    );
  },
  grad: ({ grad, attrs }) => {
    const inverse = new Array<number>(attrs.axes.length);
    attrs.axes.forEach((from, to) => {
      inverse[from] = to;
    });
    return [permute(grad, inverse)];
  },
  reference: ({ attrs, output }, x) => {
    const strides = stridesOf(x.shape);
    const offsets = offsetsOf(
      output.shape,
      attrs.axes.map((a) => strides[a] as number),
    );
    for (let i = 0; i < offsets.length; i++) output.data[i] = x.data[offsets[i] as number] as number;
  },
  samples: [
    { attrs: { axes: [1, 0] }, inputs: [[3, 5]] },
    { attrs: { axes: [2, 0, 3, 1] }, inputs: [[2, 3, 4, 5]] },
  ],
};

/**
 * With axes in another order.
 * @throws {ShapeError} unless `axes` names each axis once.
 * Source: https://pytorch.org/docs/stable/generated/torch.permute.html
 *
 * @example
 * ```ts
 * import { ones, permute, tensor } from "@graftjs/tensor";
 *
 * console.log(permute(ones([1, 224, 224, 3]), [0, 3, 1, 2]).shape); // [1, 3, 224, 224]
 * console.log(permute(tensor([[1, 2, 3], [4, 5, 6]]), [1, 0]).toNested()); // [[1, 4], [2, 5], [3, 6]]
 * ```
 */
export function permute(x: Tensor, axes: readonly number[]): Tensor {
  const order = axes.map((a) => normalizeAxis("permute", a, x.rank));
  return order.length === x.rank && order.every((a, i) => a === i) ? x : apply1(permuteOp, [x], { axes: order });
}

/**
 * With two axes swapped.
 * @throws {ShapeError} if an axis is out of range.
 * Source: https://pytorch.org/docs/stable/generated/torch.transpose.html
 *
 * @example
 * ```ts
 * import { ones, tensor, transpose } from "@graftjs/tensor";
 *
 * console.log(transpose(tensor([[1, 2, 3], [4, 5, 6]]), 0, 1).toNested()); // [[1, 4], [2, 5], [3, 6]]
 * console.log(transpose(ones([2, 3, 4]), -1, -2).shape); // [2, 4, 3]
 * ```
 */
export function transpose(x: Tensor, a: number, b: number): Tensor {
  const axes = x.shape.map((_, i) => i);
  const [i, j] = [normalizeAxis("transpose", a, x.rank), normalizeAxis("transpose", b, x.rank)];
  axes[i] = j;
  axes[j] = i;
  return permute(x, axes);
}

/**
 * With the axes `from` moved to the places `to` of the result; the others stay in their order.
 * @throws {ShapeError} if an axis is out of range or named twice, or the lists differ in length.
 * Source: https://pytorch.org/docs/stable/generated/torch.movedim.html
 *
 * @example
 * ```ts
 * import { movedim, ones } from "@graftjs/tensor";
 *
 * console.log(movedim(ones([2, 224, 224, 3]), -1, 1).shape); // [2, 3, 224, 224]
 * ```
 */
export function movedim(x: Tensor, from: number | readonly number[], to: number | readonly number[]): Tensor {
  const [source, target] = [from, to].map((axes) =>
    (typeof axes === "number" ? [axes] : axes).map((a) => normalizeAxis("movedim", a, x.rank)),
  ) as [number[], number[]];
  const distinct = (axes: readonly number[]): boolean => new Set(axes).size === axes.length;
  if (source.length !== target.length || !distinct(source) || !distinct(target)) {
    throw new ShapeError({
      op: "movedim",
      expected: "as many distinct places as distinct axes",
      got: `${formatShape(source)} to ${formatShape(target)}`,
    });
  }
  const rest = x.shape.map((_, i) => i).filter((i) => !source.includes(i));
  const order = x.shape.map((_, place) => {
    const moved = target.indexOf(place);
    return (moved >= 0 ? source[moved] : rest.shift()) as number;
  });
  return permute(x, order);
}
