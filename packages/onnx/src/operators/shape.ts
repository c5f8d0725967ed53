import { shapeConstant } from "../constant.ts";
import { defineOperator, int, type Operator } from "../operator.ts";

/** Sizes are known when the graph is traced, so what is computed from them costs nothing. https://onnx.ai/onnx/operators/onnx__Shape.html */
export const shapeOperator: Operator = defineOperator({
  opType: "Shape",
  since: [1, 13, 15, 19, 21, 23, 24, 25],
  attributes: { start: int(0), end: int(undefined) },
  import:
    ({ attributes: { start, end } }) =>
    (inputs) =>
      shapeConstant(inputs.shape(0).slice(start, end)),
});
