import { affineGrid } from "@graftjs/tensor";
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
      const [, channels = 1, ...spatial] = inputs.numbers(1);
      // As many as there are transforms, so that another batch passes.
      const size = [theta.shape[0] ?? 0, channels, ...spatial];
      checkFill("AffineGrid", [...size.slice(0, 1), ...spatial, spatial.length]);
      return affineGrid(theta, size, { alignCorners: align_corners === 1 });
    },
});
