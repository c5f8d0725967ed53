import type { DType, TypedArray } from "../dtype.ts";
import type { Graph } from "../graph/graph.ts";
import type { Storage } from "../storage.ts";

/**
 * Memory that a device holds for a {@link Storage}: a parameter, a buffer, optimiser state. It is freed when it is
 * garbage-collected; nobody disposes of it by hand.
 */
export interface DeviceBuffer {
  readonly device: Device;
  /** The elements as they are now, without a copy, or `null` on a device whose memory JavaScript cannot see. */
  view(): TypedArray | null;
  /** A copy of the elements; waits for the device's pending work. */
  read(): Promise<TypedArray>;
  write(data: TypedArray): void;
}

/** A graph made ready to run on one device. */
export interface Executable {
  /**
   * Runs the graph once on `inputs` (one storage a graph input, in order). Graph states are read and assigned where
   * they lie. Returns one fresh storage an output.
   */
  run(inputs: readonly Storage[]): Storage[];
  /** A table of what one run does: kernels, shapes, bytes. */
  explain(): string;
}

/**
 * What runs programs. A device is a value that is handed to `compile` or `useDevice`; it is never looked up by name.
 * A device ends in a total map over kernel names, so that the compiler lists what is missing.
 */
export interface Device {
  /** For people: what it is and which of its features are in use. */
  readonly name: string;
  compile(graph: Graph): Executable;
  allocate(dtype: DType, length: number): DeviceBuffer;
}
