import {
  abs,
  add,
  arange,
  cast,
  ceil,
  clamp,
  clampMin,
  div,
  expand,
  formatShape,
  greaterEqual,
  indexSelect,
  interpolationTerms,
  less,
  lessEqual,
  logicalAnd,
  matmul,
  max,
  maximum,
  mean,
  mul,
  reshape,
  ShapeError,
  slice,
  sub,
  sum,
  type Tensor,
  tensor,
  where,
} from "@graftjs/tensor";
import { checkFill } from "../constant.ts";
import { defineOperator, float, int, type Operator, string } from "../operator.ts";

/**
 * From each box [x1, y1, x2, y2] of an image [N, C, H, W] bins [C, rows, columns]: the mean, or the maximum, over points of each
 * bin, of which there are `sampling_ratio` along an axis, or, for means where that is 0, as many as pixels begin. Values between
 * four pixels are weighted by nearness; of these products the maximum takes the largest, not their sum. Differentiable in the
 * image and the boxes.
 * https://onnx.ai/onnx/operators/onnx__RoiAlign.html
 */
export const roiAlignOperator: Operator = defineOperator({
  opType: "RoiAlign",
  since: [10, 16, 22],
  attributes: {
    coordinate_transformation_mode: string(undefined),
    mode: string("avg"),
    output_height: int(1),
    output_width: int(1),
    sampling_ratio: int(0),
    spatial_scale: float(1),
  },
  import: ({ opset, attributes, reject }) => {
    const { mode, output_height: rows, output_width: columns, sampling_ratio: samples } = attributes;
    const { coordinate_transformation_mode = opset < 16 ? "output_half_pixel" : "half_pixel" } = attributes;
    if (mode !== "avg" && mode !== "max") reject(`pooling of mode "${mode}"`);
    if (samples < 1 && mode === "max")
      reject("the maximum of as many points a bin as the boxes, which are data, ask for: give a sampling_ratio");
    if (!coordinate_transformation_mode.endsWith("half_pixel"))
      reject(`coordinates of mode "${coordinate_transformation_mode}"`);
    const halfPixel = coordinate_transformation_mode === "half_pixel";
    return (inputs) => {
      const [x, boxes, batch] = [inputs.tensor(0), inputs.tensor(1), inputs.tensor(2)];
      const count = boxes.shape[0] as number;
      if (x.rank !== 4 || boxes.rank !== 2 || boxes.shape[1] !== 4 || batch.rank !== 1 || batch.size !== count) {
        throw new ShapeError({
          op: "RoiAlign",
          expected: "an image [N, C, H, W], boxes [R, 4] and the images [R] that they are in",
          got: [x, boxes, batch].map((t) => formatShape(t.shape)).join(", "),
        });
      }
      const [, channels, height, width] = x.shape as [number, number, number, number];
      const scaled = sub(mul(boxes, attributes.spatial_scale), halfPixel ? 0.5 : 0);
      const span = (axis: 0 | 1): Span => {
        const [start, end] = [slice(scaled, 1, axis, axis + 1), slice(scaled, 1, axis + 2, axis + 3)];
        return { start, extent: halfPixel ? sub(end, start) : clampMin(sub(end, start), 1) };
      };
      if (samples < 1) {
        checkFill("RoiAlign", [count, channels, Math.max(rows, height), Math.max(columns, width)], x.size);
        const inRows = reshape(weightsOf(span(1), rows, height), [count, 1, rows, height]);
        const inColumns = reshape(weightsOf(span(0), columns, width), [count, 1, columns, width]);
        return matmul(matmul(inRows, indexSelect(x, batch, 0)), inColumns, { transposeB: true });
      }
      const [down, across] = [rows * samples, columns * samples];
      checkFill("RoiAlign", [count, channels, down, across], x.size);
      const points = (axis: 0 | 1, bins: number): Tensor => {
        const { start, extent } = span(axis);
        const at = Float32Array.from({ length: bins * samples }, (_, i) => (i + 0.5) / samples);
        return add(start, mul(div(extent, bins), tensor(at, [1, at.length])));
      };
      const [ys, xs] = [reshape(points(1, rows), [count, down, 1]), reshape(points(0, columns), [count, 1, across])];
      const inside = logicalAnd(within(ys, height), within(xs, width));
      const spread = (t: Tensor): Tensor => reshape(expand(t, [count, down, across]), [count, down * across]);
      const terms = interpolationTerms(indexSelect(x, batch, 0), [spread(ys), spread(xs)], { paddingMode: "border" });
      const mask = reshape(cast(inside, x.dtype), [count, 1, rows, samples, columns, samples]);
      const bins = (t: Tensor): Tensor => mul(reshape(t, [count, channels, rows, samples, columns, samples]), mask);
      if (mode === "max") return max(bins(terms.reduce((a, b) => maximum(a, b))), { axes: [3, 5] });
      return mean(bins(terms.reduce((a, b) => add(a, b))), { axes: [3, 5] });
    };
  },
});

/** Where boxes begin along an axis, and how far they reach, [R, 1]. */
interface Span {
  readonly start: Tensor;
  readonly extent: Tensor;
}

/**
 * Of the points of a bin at most so many are within one element of an element, from the first on: where there are several, they are
 * more than half an element apart.
 */
const nextPoints = [0, 1, 2, 3, 4];

/** The weight of each element in the mean over ⌈length⌉ points a bin, evenly spread: [R, bins, size]. */
function weightsOf({ start, extent }: Span, bins: number, size: number): Tensor {
  checkFill("RoiAlign", [extent.size, bins, size, nextPoints.length]);
  const length = div(extent, bins);
  const count = ceil(length);
  const points = clampMin(count, 1);
  const begin = add(start, mul(length, reshape(arange(0, bins), [1, bins])));
  const [from, many] = [reshape(begin, [-1, bins, 1, 1]), reshape(count, [-1, 1, 1, 1])];
  const step = reshape(where(less(count, 1), 1, div(length, points)), [-1, 1, 1, 1]);
  const places = reshape(cast(arange(0, size), "float32"), [size, 1]);
  const first = clampMin(ceil(sub(div(sub(sub(places, 1), from), step), 0.5)), 0);
  const index = add(first, tensor(nextPoints));
  const at = add(from, mul(add(index, 0.5), step));
  const nearness = clampMin(sub(1, abs(sub(clamp(at, 0, size - 1), places))), 0);
  const taken = where(logicalAnd(less(index, many), within(at, size)), nearness, 0);
  return div(sum(taken, { axes: 3 }), reshape(points, [-1, 1, 1]));
}

/** Up to one element beyond the ends counts as the end. */
function within(position: Tensor, size: number): Tensor {
  return logicalAnd(greaterEqual(position, -1), lessEqual(position, size));
}
