import { defineOperator, ignored, type Operator } from "../operator.ts";
import { sequence } from "../sequence.ts";

/** https://onnx.ai/onnx/operators/onnx__SequenceEmpty.html */
export const sequenceEmptyOperator: Operator = defineOperator({
  opType: "SequenceEmpty",
  since: [11],
  attributes: { dtype: ignored() },
  import: () => () => sequence([]),
});
