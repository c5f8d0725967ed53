import { defineOperator, graph, type Operator } from "../operator.ts";
import { type GraphValue, isSequence, sequence } from "../sequence.ts";

/**
 * Its body runs once for each item of the first input, with the items at that place of further sequences, and with tensors as they are.
 * https://onnx.ai/onnx/operators/onnx__SequenceMap.html
 */
export const sequenceMapOperator: Operator = defineOperator({
  opType: "SequenceMap",
  since: [17],
  attributes: { body: graph() },
  import: ({ attributes: { body }, reject }) => {
    if (!body) return reject("it has no body");
    return (inputs) => {
      const given = Array.from({ length: inputs.count }, (_, i) => inputs.any(i));
      const { items } = inputs.sequence(0);
      if (given.some((value) => isSequence(value) && value.items.length !== items.length))
        return inputs.reject("its sequences are of different lengths");
      const mapped = items.map((_, k) =>
        inputs.run(
          body,
          given.map((value) => (isSequence(value) ? (value.items[k] as GraphValue) : value)),
        ),
      );
      return body.outputs.map((_, i) => sequence(mapped.map((outputs) => outputs[i] as GraphValue)));
    };
  },
});
