import type { Value } from "./constant.ts";

/** A list of values. https://onnx.ai/onnx/intro/concepts.html#optional-and-sequence-types */
export interface Sequence {
  readonly items: readonly GraphValue[];
}

/** An optional that holds nothing; one that holds a value is that value. */
export interface Nothing {
  readonly nothing: true;
}

/** What flows along an edge of the graph while it runs. */
export type GraphValue = Value | Sequence | Nothing;

export const nothing: Nothing = { nothing: true };

export function sequence(items: readonly GraphValue[]): Sequence {
  return { items };
}

export function isSequence(value: GraphValue): value is Sequence {
  return "items" in value;
}

/** Whether a value is a tensor or a constant. */
export function isValue(value: GraphValue): value is Value {
  return !isSequence(value) && !("nothing" in value);
}
