import { numel } from "@graftjs/tensor";
import { constant } from "../constant.ts";
import { defineOperator, type Operator } from "../operator.ts";

/** The number of elements. https://onnx.ai/onnx/operators/onnx__Size.html */
export const sizeOperator: Operator = defineOperator({
  opType: "Size",
  since: [1, 13, 19, 21, 23, 24, 25],
  import: () => (inputs) => constant([numel(inputs.shape(0))], [], "int64"),
});
