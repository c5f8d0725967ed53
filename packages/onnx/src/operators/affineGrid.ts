import { formatShape, matmul, reshape, ShapeError, tensor } from "@graftjs/tensor";
import { checkFill } from "../constant.ts";
import { defineOperator, int, type Operator } from "../operator.ts";

/**
 * Positions for GridSample: each of [N, H, W] or [N, D, H, W] from -1 to 1, transformed by θ [N, r, r + 1].
 * https://onnx.ai/onnx/operators/onnx__AffineGrid.html
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
      const [batch = 0, , ...spatial] = inputs.numbers(1);
      const r = spatial.length;
      const wanted = [batch, r, r + 1];
      if (r < 1 || theta.rank !== 3 || theta.shape.some((d, i) => d !== wanted[i])) {
        const expected = `θ of the shape ${formatShape(wanted)} for the size [${inputs.numbers(1)}]`;
        throw new ShapeError({ op: "AffineGrid", expected, got: formatShape(theta.shape) });
      }
      const points = spatial.reduce((product, d) => product * d, 1);
      checkFill("AffineGrid", [batch, points, r + 1]);
      const rows = new Float32Array(points * (r + 1));
      for (let p = 0; p < points; p++) {
        let rest = p;
        // The last axis comes first.
        for (let axis = r - 1; axis >= 0; axis--) {
          const size = spatial[axis] as number;
          rows[p * (r + 1) + r - 1 - axis] = place(rest % size, size, align_corners === 1);
          rest = Math.floor(rest / size);
        }
        rows[p * (r + 1) + r] = 1;
      }
      const grid = matmul(tensor(rows, [points, r + 1]), theta, { transposeB: true });
      return reshape(grid, [batch, ...spatial, r]);
    },
});

/** Element i of an axis, from -1 at its first to 1 at its last: their centres, or their outer edges. */
function place(i: number, size: number, aligned: boolean): number {
  if (aligned) return size > 1 ? (2 * i) / (size - 1) - 1 : 0;
  return (2 * i + 1) / size - 1;
}
