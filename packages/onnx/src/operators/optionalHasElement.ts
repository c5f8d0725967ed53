import { constant } from "../constant.ts";
import { defineOperator, type Operator } from "../operator.ts";
import { nothing } from "../sequence.ts";

/** https://onnx.ai/onnx/operators/onnx__OptionalHasElement.html */
export const optionalHasElementOperator: Operator = defineOperator({
  opType: "OptionalHasElement",
  since: [15, 18, 28],
  import: () => (inputs) => constant([Number(inputs.has(0) && inputs.any(0) !== nothing)], [], "bool"),
});
