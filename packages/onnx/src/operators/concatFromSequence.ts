import { ArgumentError } from "@graftjs/tensor";
import { defineOperator, int, type Operator } from "../operator.ts";
import { isValue } from "../sequence.ts";
import { concatValues, stackValues } from "./concat.ts";

/** Along an axis that the tensors have, or along a new one. https://onnx.ai/onnx/operators/onnx__ConcatFromSequence.html */
export const concatFromSequenceOperator: Operator = defineOperator({
  opType: "ConcatFromSequence",
  since: [11],
  attributes: { axis: int(undefined), new_axis: int(0) },
  import: ({ attributes: { axis, new_axis }, reject }) => {
    if (axis === undefined) return reject("it names no axis");
    return (inputs) => {
      const [first, ...rest] = inputs.sequence(0).items.filter(isValue);
      if (!first)
        throw new ArgumentError({
          op: "ConcatFromSequence",
          expected: "at least one tensor",
          got: "an empty sequence",
        });
      return (new_axis ? stackValues : concatValues)("ConcatFromSequence", [first, ...rest], axis);
    };
  },
});
