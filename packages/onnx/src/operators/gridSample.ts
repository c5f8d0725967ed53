import {
  add,
  cast,
  gridPositions,
  interpolationTerms,
  isFloat,
  reshape,
  round,
  type SamplingOptions,
} from "@graftjs/tensor";
import { defineOperator, int, type Operator, string } from "../operator.ts";

/** Names of the modes, with those of version 16. */
const modes = new Map<string, NonNullable<SamplingOptions["mode"]>>([
  ["nearest", "nearest"],
  ["linear", "bilinear"],
  ["bilinear", "bilinear"],
  ["cubic", "bicubic"],
  ["bicubic", "bicubic"],
]);

const paddingModes = new Map<string, NonNullable<SamplingOptions["paddingMode"]>>([
  ["zeros", "zeros"],
  ["border", "border"],
  ["reflection", "reflection"],
]);

/**
 * Values of [N, C, d1, ..., dr] at the positions that a grid [N, ..., r] lists, the last axis first, from -1 to 1.
 * Differentiable in both, and composed of gathers: 2ʳ of them for linear, 4ʳ for cubic sampling.
 * https://onnx.ai/onnx/operators/onnx__GridSample.html
 */
export const gridSampleOperator: Operator = defineOperator({
  opType: "GridSample",
  since: [16, 20, 22],
  attributes: { align_corners: int(0), mode: string("linear"), padding_mode: string("zeros") },
  import: ({ attributes, reject }) => {
    const mode = modes.get(attributes.mode) ?? reject(`sampling of mode "${attributes.mode}"`);
    const paddingMode =
      paddingModes.get(attributes.padding_mode) ?? reject(`padding of mode "${attributes.padding_mode}"`);
    const options = { mode, paddingMode, alignCorners: attributes.align_corners === 1 };
    return (inputs) => {
      const [x, grid] = [inputs.tensor(0), inputs.tensor(1)];
      const positions = gridPositions(x, grid, options.alignCorners);
      // Unlike PyTorch, ONNX rounds positions before it reflects them: of two elements as near, it may take the other.
      const at = mode === "nearest" ? positions.map((p) => round(p)) : positions;
      const terms = interpolationTerms(isFloat(x.dtype) ? x : cast(x, "float32"), at, options);
      const y = terms.reduce((a, b) => add(a, b));
      return cast(reshape(y, [...x.shape.slice(0, 2), ...grid.shape.slice(1, -1)]), x.dtype);
    };
  },
});
