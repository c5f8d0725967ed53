import { arange, less, reshape, sub, takeAlongAxis, where } from "@graftjs/tensor";
import { defineOperator, int, type Operator } from "../operator.ts";
import { foldable } from "./foldable.ts";

/**
 * Of each sequence in a batch the first elements in reverse, as many as it is long; the rest as it is.
 * https://onnx.ai/onnx/operators/onnx__ReverseSequence.html
 */
export const reverseSequenceOperator: Operator = defineOperator({
  opType: "ReverseSequence",
  since: [10, 28],
  attributes: { batch_axis: int(1), time_axis: int(0) },
  import: ({ attributes: { batch_axis, time_axis } }) =>
    foldable((inputs) => {
      const x = inputs.tensor(0);
      const along = (axis: number): number[] => x.shape.map((d, i) => (i === axis ? d : 1));
      const time = reshape(arange(x.shape[time_axis] as number), along(time_axis));
      const lengths = reshape(inputs.tensor(1), along(batch_axis));
      const places = where(less(time, lengths), sub(sub(lengths, 1), time), time);
      return takeAlongAxis(x, places, time_axis);
    }),
});
