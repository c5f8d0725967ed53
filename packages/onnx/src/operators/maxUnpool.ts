import {
  equalShapes,
  flatten,
  formatShape,
  numel,
  pad,
  reshape,
  type Shape,
  ShapeError,
  scatter,
  slice,
  type Tensor,
  zeros,
} from "@graftjs/tensor";
import { checkFill } from "../constant.ts";
import { defineOperator, ints, type Operator } from "../operator.ts";
import { checkLists } from "./window.ts";

/**
 * Values where MaxPool found them, among zeros. The indices count through the input that pooling with this window had, of
 * (size - 1) · stride - pads + kernel elements an axis; a given output shape cuts that off, or goes on with zeros.
 * https://onnx.ai/onnx/operators/onnx__MaxUnpool.html
 */
export const maxUnpoolOperator: Operator = defineOperator({
  opType: "MaxUnpool",
  since: [9, 11, 22],
  attributes: { kernel_shape: ints(), pads: ints(), strides: ints() },
  roles: { 2: "constant" },
  import:
    ({ attributes: { kernel_shape: kernel = [], pads, strides } }) =>
    (inputs) => {
      const [x, indices] = [inputs.tensor(0), inputs.tensor(1)];
      const axes = x.rank - 2;
      if (!equalShapes(indices.shape, x.shape)) {
        const expected = `indices of the shape ${formatShape(x.shape)}`;
        throw new ShapeError({ op: "MaxUnpool", expected, got: formatShape(indices.shape) });
      }
      checkLists("MaxUnpool", axes, { kernel_shape: kernel, strides });
      checkLists("MaxUnpool", 2 * axes, { pads });
      const sizes = x.shape.slice(2).map((d, i) => {
        const both = (pads?.[i] ?? 0) + (pads?.[axes + i] ?? 0);
        return (d - 1) * (strides?.[i] ?? 1) - both + (kernel[i] as number);
      });
      const pooled = [...x.shape.slice(0, 2), ...sizes];
      checkFill("MaxUnpool", pooled, x.size);
      const blank = zeros([numel(pooled)], { dtype: x.dtype });
      const y = reshape(scatter(blank, flatten(indices), flatten(x), 0), pooled);
      if (!inputs.has(2)) return y;
      // A file exported for one batch size names it in the shape; another batch takes that place.
      const [batch, ...rest] = inputs.numbers(2);
      return fitted(y, [batch === inputs.bakedBatch ? (x.shape[0] as number) : (batch ?? 0), ...rest]);
    },
});

/** From the first element of each axis on, as much as `shape` takes; zeros beyond. @throws {ShapeError} */
function fitted(x: Tensor, shape: Shape): Tensor {
  checkFill("MaxUnpool", shape, x.size);
  if (shape.length !== x.rank)
    throw new ShapeError({ op: "MaxUnpool", expected: `an output_shape of ${x.rank} numbers`, got: `[${shape}]` });
  const cropped = shape.reduce((y, d, axis) => slice(y, axis, 0, d), x);
  return pad(
    cropped,
    shape.map((d, i) => [0, d - (cropped.shape[i] as number)]),
  );
}
