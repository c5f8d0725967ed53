import { ArgumentError, normalizeAxis } from "@graftjs/tensor";
import { defineOperator, int, type Operator } from "../operator.ts";
import { sequence } from "../sequence.ts";
import { reshapeValue } from "./reshape.ts";
import { splitValue } from "./split.ts";

/** More would take long to trace. */
const mostParts = 2 ** 16;

/**
 * Parts of one size, the last of which may be smaller, or of given lengths; of size 1 without either, and then `keepdims` tells whether
 * the axis stays. https://onnx.ai/onnx/operators/onnx__SplitToSequence.html
 */
export const splitToSequenceOperator: Operator = defineOperator({
  opType: "SplitToSequence",
  since: [11, 24],
  attributes: { axis: int(0), keepdims: int(1) },
  roles: { 1: "constant" },
  import:
    ({ attributes: { axis, keepdims } }) =>
    (inputs) => {
      const shape = inputs.shape(0);
      const at = normalizeAxis("SplitToSequence", axis, shape.length);
      const size = shape[at] as number;
      const given = inputs.has(1) ? inputs.numbers(1) : [1];
      const listed = inputs.has(1) && inputs.shape(1).length > 0;
      const lengths = listed ? given : equalParts(size, given[0] as number);
      if (lengths.some((n) => n < 0) || lengths.reduce((sum, n) => sum + n, 0) !== size || lengths.length > mostParts)
        throw new ArgumentError({
          op: "SplitToSequence",
          expected: `positive lengths, or a list of lengths that make ${size} together, for at most ${mostParts} parts`,
          got: String(given),
        });
      const parts = splitValue(inputs.value(0), at, lengths);
      return sequence(
        inputs.has(1) || keepdims ? parts : parts.map((value) => reshapeValue(value, shape.toSpliced(at, 1))),
      );
    },
});

/** Lengths of parts of one size, of which the last may be smaller; none if there is no such size. */
function equalParts(size: number, part: number): readonly number[] {
  return part < 1 ? [] : Array.from({ length: Math.ceil(size / part) }, (_, i) => Math.min(part, size - i * part));
}
