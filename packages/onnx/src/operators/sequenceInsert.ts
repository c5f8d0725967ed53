import { defineOperator, type Operator } from "../operator.ts";
import { sequence } from "../sequence.ts";
import { placeIn } from "./sequenceAt.ts";

/** Before the given position; at the end without one. https://onnx.ai/onnx/operators/onnx__SequenceInsert.html */
export const sequenceInsertOperator: Operator = defineOperator({
  opType: "SequenceInsert",
  since: [11],
  roles: { 2: "constant" },
  import: () => (inputs) => {
    const { items } = inputs.sequence(0);
    const { length } = items;
    return sequence(items.toSpliced(inputs.has(2) ? placeIn(inputs, 2, length + 1, length) : length, 0, inputs.any(1)));
  },
});
