import { defineOperator, type Operator } from "../operator.ts";
import { sequence } from "../sequence.ts";
import { placeIn } from "./sequenceAt.ts";

/** At the given position; at the end without one. https://onnx.ai/onnx/operators/onnx__SequenceErase.html */
export const sequenceEraseOperator: Operator = defineOperator({
  opType: "SequenceErase",
  since: [11],
  roles: { 1: "constant" },
  import: () => (inputs) => {
    const { items } = inputs.sequence(0);
    const { length } = items;
    return sequence(items.toSpliced(inputs.has(1) ? placeIn(inputs, 1, length, length) : length - 1, 1));
  },
});
