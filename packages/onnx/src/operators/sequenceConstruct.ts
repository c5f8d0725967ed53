import { defineOperator, type Operator } from "../operator.ts";
import { sequence } from "../sequence.ts";

/** https://onnx.ai/onnx/operators/onnx__SequenceConstruct.html */
export const sequenceConstructOperator: Operator = defineOperator({
  opType: "SequenceConstruct",
  since: [11],
  import: () => (inputs) => sequence(Array.from({ length: inputs.count }, (_, i) => inputs.any(i))),
});
