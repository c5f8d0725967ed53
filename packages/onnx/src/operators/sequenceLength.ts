import { constant } from "../constant.ts";
import { defineOperator, type Operator } from "../operator.ts";

/** https://onnx.ai/onnx/operators/onnx__SequenceLength.html */
export const sequenceLengthOperator: Operator = defineOperator({
  opType: "SequenceLength",
  since: [11],
  import: () => (inputs) => constant([inputs.sequence(0).items.length], [], "int64"),
});
