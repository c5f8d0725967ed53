import {
  add,
  arange,
  cast,
  ceil,
  clampMin,
  div,
  equal,
  floor,
  formatShape,
  greaterEqual,
  indexSelect,
  less,
  logicalAnd,
  max,
  mul,
  reshape,
  round,
  ShapeError,
  select,
  slice,
  sub,
  type Tensor,
  where,
} from "@graftjs/tensor";
import { checkFill } from "../constant.ts";
import { defineOperator, float, ints, type Operator } from "../operator.ts";

/**
 * From each box [image, x1, y1, x2, y2] of images [N, C, H, W] bins [C, rows, columns], which are the maxima of what lies in them,
 * and 0 where nothing does. A box reaches from its first to its last pixel, both rounded and inclusive; bin i of n from
 * ⌊i · extent / n⌋ to ⌈(i + 1) · extent / n⌉. Source: Girshick 2015, https://arxiv.org/abs/1504.08083;
 * https://onnx.ai/onnx/operators/onnx__MaxRoiPool.html
 */
export const maxRoiPoolOperator: Operator = defineOperator({
  opType: "MaxRoiPool",
  since: [1, 22],
  attributes: { pooled_shape: ints(), spatial_scale: float(1) },
  import: ({ attributes: { pooled_shape = [], spatial_scale }, reject }) => {
    const [rows = 0, columns = 0] = pooled_shape;
    if (pooled_shape.length !== 2 || rows < 1 || columns < 1) reject(`a pooled_shape [${pooled_shape}]`);
    return (inputs) => {
      const [x, boxes] = [inputs.tensor(0), inputs.tensor(1)];
      if (x.rank !== 4 || boxes.rank !== 2 || boxes.shape[1] !== 5) {
        const got = `${formatShape(x.shape)} and ${formatShape(boxes.shape)}`;
        throw new ShapeError({ op: "MaxRoiPool", expected: "images [N, C, H, W] and boxes [R, 5]", got });
      }
      const [, channels, height, width] = x.shape as [number, number, number, number];
      const count = boxes.shape[0] as number;
      checkFill("MaxRoiPool", [count, channels, rows, height, width], x.size);
      checkFill("MaxRoiPool", [count, channels, rows, columns, width], x.size);
      const corners = floor(add(mul(slice(boxes, 1, 1), spatial_scale), 0.5));
      const inBins = (axis: 0 | 1, bins: number, size: number): Tensor => {
        const first = slice(corners, 1, axis, axis + 1);
        const extent = clampMin(add(sub(slice(corners, 1, axis + 2, axis + 3), first), 1), 1);
        const end = (i: Tensor): Tensor => div(mul(extent, cast(i, "float32")), bins);
        const from = add(first, floor(end(arange(0, bins))));
        const to = add(first, ceil(end(arange(1, bins + 1))));
        const places = cast(arange(0, size), "float32");
        const [low, high] = [from, to].map((t) => reshape(t, [count, bins, 1])) as [Tensor, Tensor];
        return logicalAnd(greaterEqual(places, low), less(places, high));
      };
      const inRows = reshape(inBins(1, rows, height), [count, 1, rows, height, 1]);
      const inColumns = reshape(inBins(0, columns, width), [count, 1, 1, columns, width]);
      const images = reshape(indexSelect(x, cast(round(select(boxes, 1, 0)), "int32"), 0), [
        count,
        channels,
        1,
        height,
        width,
      ]);
      const lines = max(where(inRows, images, Number.NEGATIVE_INFINITY), { axes: 3 });
      const spread = reshape(lines, [count, channels, rows, 1, width]);
      const y = max(where(inColumns, spread, Number.NEGATIVE_INFINITY), { axes: 4 });
      return where(equal(y, Number.NEGATIVE_INFINITY), 0, y);
    };
  },
});
