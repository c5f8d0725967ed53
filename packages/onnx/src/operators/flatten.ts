import { normalizeAxis, numel } from "@graftjs/tensor";
import { defineOperator, int, type Operator } from "../operator.ts";
import { reshapeValue } from "./reshape.ts";

/** To two dimensions: the axes before `axis`, and the others. https://onnx.ai/onnx/operators/onnx__Flatten.html */
export const flattenOperator: Operator = defineOperator({
  opType: "Flatten",
  since: [1, 9, 11, 13, 21, 23, 24, 25],
  attributes: { axis: int(1) },
  patterns: {
    // [N, C, H, W] and the like to [N, features].
    reshape: ({ op, emit, input }) => {
      const [from, to] = [op.inputs[0]?.spec.shape ?? [], op.outputs[0]?.spec.shape ?? []];
      if (from.length <= 2 || to.length !== 2 || from[0] !== to[0]) return false;
      emit("Flatten", [input(0)], { axis: { type: "int", value: 1 } });
      return true;
    },
  },
  import:
    ({ attributes: { axis } }) =>
    (inputs) => {
      const shape = inputs.shape(0);
      const at = axis === shape.length ? axis : normalizeAxis("Flatten", axis, shape.length);
      return reshapeValue(inputs.value(0), [numel(shape.slice(0, at)), numel(shape.slice(at))]);
    },
});
