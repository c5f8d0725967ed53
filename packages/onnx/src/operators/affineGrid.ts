import { add, formatShape, mul, reshape, type Shape, ShapeError, slice, type Tensor, tensor } from "@graftjs/tensor";
import { checkFill } from "../constant.ts";
import { defineOperator, int, type Operator } from "../operator.ts";

/**
 * Positions [N, ..., r] for GridSample: those of the elements of [N, C, ...] from -1 to 1, the last axis first, transformed
 * by θ [N, r, r + 1]. https://onnx.ai/onnx/operators/onnx__AffineGrid.html
 */
export const affineGridOperator: Operator = defineOperator({
  opType: "AffineGrid",
  since: [20],
  attributes: { align_corners: int(0) },
  roles: { 1: "constant" },
  import:
    ({ attributes: { align_corners } }) =>
    (inputs) => {
      const theta = inputs.tensor(0);
      const [, , ...spatial] = inputs.numbers(1);
      const [batch = 0, r] = [theta.shape[0], spatial.length];
      if (r < 1 || theta.rank !== 3 || theta.shape[1] !== r || theta.shape[2] !== r + 1) {
        const expected = `θ [N, ${r}, ${r + 1}] for the size [${inputs.numbers(1)}]`;
        throw new ShapeError({ op: "AffineGrid", expected, got: formatShape(theta.shape) });
      }
      checkFill("AffineGrid", [batch, ...spatial, r]);
      const column = (i: number): Tensor => reshape(slice(theta, 2, i, i + 1), [batch, ...spatial.map(() => 1), r]);
      return spatial.reduce((sum, size, axis) => {
        const along: Shape = [1, ...spatial.map((d, i) => (i === axis ? d : 1)), 1];
        return add(sum, mul(tensor(places(size, align_corners === 1), along), column(r - 1 - axis)));
      }, column(r));
    },
});

/** The elements of an axis, from -1 at the first to 1 at the last: their centres, or their outer edges. */
function places(size: number, aligned: boolean): Float32Array {
  const place = (i: number): number => (aligned ? (size > 1 ? (2 * i) / (size - 1) - 1 : 0) : (2 * i + 1) / size - 1);
  return Float32Array.from({ length: size }, (_, i) => place(i));
}
