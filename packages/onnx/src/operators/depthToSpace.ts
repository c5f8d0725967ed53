import { formatShape, permute, pixelShuffle, reshape, ShapeError } from "@graftjs/tensor";
import { defineOperator, int, type Operator, string } from "../operator.ts";

/**
 * Channels become blocks of pixels: [N, C · b², H, W] to [N, C, H · b, W · b]. A block's elements lie C channels apart (DCR), or
 * side by side (CRD, as PyTorch's pixel shuffle). https://onnx.ai/onnx/operators/onnx__DepthToSpace.html
 */
export const depthToSpaceOperator: Operator = defineOperator({
  opType: "DepthToSpace",
  since: [1, 11, 13, 28],
  attributes: { blocksize: int(1), mode: string("DCR") },
  import: ({ attributes: { blocksize: b, mode }, reject }) => {
    if (mode !== "DCR" && mode !== "CRD") reject(`channels of mode "${mode}"`);
    return (inputs) => {
      const x = inputs.tensor(0);
      if (mode === "CRD") return pixelShuffle(x, b);
      const [batch = 0, channels = 0, height = 0, width = 0] = x.shape;
      const c = channels / b ** 2;
      if (x.rank !== 4 || !Number.isInteger(c)) {
        throw new ShapeError({ op: "DepthToSpace", expected: `[N, C · ${b ** 2}, H, W]`, got: formatShape(x.shape) });
      }
      const blocks = permute(reshape(x, [batch, b, b, c, height, width]), [0, 3, 4, 1, 5, 2]);
      return reshape(blocks, [batch, c, height * b, width * b]);
    };
  },
});
