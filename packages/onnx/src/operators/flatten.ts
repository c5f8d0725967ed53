import { numel } from "@graftjs/tensor";
import { defineOperator, int, type Operator } from "../operator.ts";
import { reshapeValue } from "./reshape.ts";

/** To two dimensions: the axes before `axis`, and the others. https://onnx.ai/onnx/operators/onnx__Flatten.html */
export const flattenOperator: Operator = defineOperator({
  opType: "Flatten",
  since: [1, 9, 11, 13, 21, 23, 24, 25],
  attributes: { axis: int(1) },
  import:
    ({ attributes: { axis } }) =>
    (inputs) => {
      const shape = inputs.shape(0);
      const at = axis < 0 ? axis + shape.length : axis;
      return reshapeValue(inputs.value(0), [numel(shape.slice(0, at)), numel(shape.slice(at))]);
    },
});
