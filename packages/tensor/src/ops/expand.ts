import { apply1 } from "../apply.ts";
import { ShapeError } from "../errors.ts";
import type { Op } from "../op.ts";
import { broadcastShapes, broadcastStrides, checkShape, equalShapes, formatShape, type Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { oneOutput } from "./define.ts";
import { offsetsOf } from "./reduce.ts";
import { sumTo } from "./sumTo.ts";

export interface ExpandAttrs {
  readonly shape: Shape;
}

export const expandOp: Op<ExpandAttrs> = {
  name: "expand",
  kind: "kernel",
  infer: ({ shape }, x) => {
    checkShape("expand", shape);
    if (!equalShapes(broadcastShapes("expand", x.shape, shape), shape)) {
      throw new ShapeError({
        op: "expand",
        expected: `a shape that ${formatShape(x.shape)} broadcasts to`,
        got: formatShape(shape),
      });
    }
    return oneOutput(shape, x);
  },
  grad: ({ grad }, x) => [sumTo(grad, x.shape)],
  reference: ({ attrs, output }, x) => {
    const offsets = offsetsOf(attrs.shape, broadcastStrides(x.shape, attrs.shape));
    for (let i = 0; i < offsets.length; i++) output.data[i] = x.data[offsets[i] as number] as number;
  },
  samples: [
    { attrs: { shape: [2, 3, 4] }, inputs: [[3, 1]] },
    { attrs: { shape: [5] }, inputs: [[]] },
  ],
};

/**
 * `x` repeated along axes of size 1, and along new leading axes, to `shape`. -1 keeps the size of an axis.
 * @throws {ShapeError} if `x` does not broadcast to `shape`.
 * Source: https://pytorch.org/docs/stable/generated/torch.Tensor.expand.html
 *
 * @example
 * ```ts
 * import { expand, ones, tensor } from "@graftjs/tensor";
 *
 * console.log(expand(tensor([[1], [2]]), [-1, 3]).toNested()); // [[1, 1, 1], [2, 2, 2]]
 * console.log(expand(ones([3, 1]), [2, 3, 4]).shape); // [2, 3, 4]
 * ```
 */
export function expand(x: Tensor, shape: Shape): Tensor {
  const lead = shape.length - x.rank;
  const full = shape.map((d, i) => (d === -1 ? (x.shape[i - lead] ?? -1) : d));
  return equalShapes(x.shape, full) ? x : apply1(expandOp, [x], { shape: full });
}

/**
 * {@link expand}, under the name that NumPy gave it.
 * @throws {ShapeError} if `x` does not broadcast to `shape`.
 * Source: https://pytorch.org/docs/stable/generated/torch.broadcast_to.html
 *
 * @example
 * ```ts
 * import { broadcastTo, tensor } from "@graftjs/tensor";
 *
 * console.log(broadcastTo(tensor([1, 2]), [2, 2]).toNested()); // [[1, 2], [1, 2]]
 * ```
 */
export function broadcastTo(x: Tensor, shape: Shape): Tensor {
  return expand(x, shape);
}
