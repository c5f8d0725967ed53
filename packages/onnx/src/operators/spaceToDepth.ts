import { formatShape, permute, pixelUnshuffle, reshape, ShapeError } from "@graftjs/tensor";
import { defineOperator, int, type Operator, string } from "../operator.ts";

/**
 * Blocks of pixels become channels, as DepthToSpace undoes it: [N, C, H · b, W · b] to [N, C · b², H, W].
 * https://onnx.ai/onnx/operators/onnx__SpaceToDepth.html
 */
export const spaceToDepthOperator: Operator = defineOperator({
  opType: "SpaceToDepth",
  since: [1, 13, 28],
  attributes: { blocksize: int(1), mode: string("DCR") },
  import: ({ attributes: { blocksize: b, mode }, reject }) => {
    if (mode !== "DCR" && mode !== "CRD") reject(`channels of mode "${mode}"`);
    return (inputs) => {
      const x = inputs.tensor(0);
      if (mode === "CRD") return pixelUnshuffle(x, b);
      const [batch = 0, c = 0, height = 0, width = 0] = x.shape;
      const [rows, columns] = [height / b, width / b];
      if (x.rank !== 4 || !Number.isInteger(rows) || !Number.isInteger(columns)) {
        throw new ShapeError({ op: "SpaceToDepth", expected: `[N, C, H · ${b}, W · ${b}]`, got: formatShape(x.shape) });
      }
      const blocks = permute(reshape(x, [batch, c, rows, b, columns, b]), [0, 3, 5, 1, 2, 4]);
      return reshape(blocks, [batch, c * b ** 2, rows, columns]);
    };
  },
});
