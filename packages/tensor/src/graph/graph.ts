import { bytesPerElement, type DType } from "../dtype.ts";
import type { Op } from "../op.ts";
import { numel, type Shape } from "../shape.ts";
import type { Storage } from "../storage.ts";

/** Shape and element type: all that is known of a tensor before it is computed. */
export interface TensorSpec {
  readonly shape: Shape;
  readonly dtype: DType;
}

/** One tensor of a graph: an input, a state, or a node's output. Compared by identity. */
export interface Value {
  readonly id: number;
  readonly spec: TensorSpec;
}

/** One application of an op. */
export interface Node {
  readonly op: Op;
  readonly attrs: unknown;
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
}

/** A tensor that exists outside of the graph and outlives a run: a parameter, a buffer, optimiser state, a constant. */
export interface State {
  readonly value: Value;
  readonly storage: Storage;
}

/** After a run, `storage` holds `value`. */
export interface Assignment {
  readonly storage: Storage;
  readonly value: Value;
}

/** A static program in single-assignment form; `nodes` are in an order in which they can run. */
export interface Graph {
  readonly inputs: readonly Value[];
  readonly states: readonly State[];
  readonly nodes: readonly Node[];
  readonly outputs: readonly Value[];
  readonly assignments: readonly Assignment[];
}

/** The memory that a value takes. */
export function bytesOf({ spec: { shape, dtype } }: Value): number {
  return numel(shape) * bytesPerElement(dtype);
}
