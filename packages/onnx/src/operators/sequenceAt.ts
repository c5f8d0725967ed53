import { ArgumentError } from "@graftjs/tensor";
import { defineOperator, type Inputs, type Operator } from "../operator.ts";
import type { GraphValue } from "../sequence.ts";

/**
 * The place in a sequence that input `i` names, counted from the end below zero.
 * @param size - how many places there are
 * @throws {ArgumentError} if there is no such place
 */
export function placeIn(inputs: Inputs, i: number, size: number, length: number): number {
  const [position = 0] = inputs.numbers(i);
  const place = position < 0 ? position + length : position;
  if (place >= 0 && place < size) return place;
  throw new ArgumentError({
    op: "sequence",
    expected: `a position from ${-length} to ${size - 1}`,
    got: String(position),
  });
}

/** https://onnx.ai/onnx/operators/onnx__SequenceAt.html */
export const sequenceAtOperator: Operator = defineOperator({
  opType: "SequenceAt",
  since: [11],
  roles: { 1: "constant" },
  import: () => (inputs) => {
    const { items } = inputs.sequence(0);
    return items[placeIn(inputs, 1, items.length, items.length)] as GraphValue;
  },
});
