import type { Storage } from "../storage.ts";
import type { Call } from "./call.ts";
import type { Graph, Value } from "./graph.ts";

/** Where a value lies during a run: at a byte offset of the arena, or in the memory of a state. */
export type Location =
  | { readonly kind: "arena"; readonly offset: number }
  | { readonly kind: "state"; readonly storage: Storage };

export interface PlannedCall {
  readonly call: Call;
  readonly inputs: readonly Location[];
  readonly outputs: readonly Location[];
  /** Byte offset into the arena of the scratch memory that the device asked for. */
  readonly workspace: number;
}

/** A graph as a list of kernel calls, with a place for every value. */
export interface Plan {
  readonly calls: readonly PlannedCall[];
  /** Where to put each graph input before a run. */
  readonly inputs: readonly Location[];
  /** Where to find each graph output after a run. */
  readonly outputs: readonly Location[];
  readonly states: readonly Storage[];
  /** States that a run changes. */
  readonly assigned: readonly Storage[];
  /** Size of the memory that one run needs besides the states, reused as values die. */
  readonly arenaBytes: number;
  /** What the arena would need if nothing were reused: the sum of all its values. */
  readonly unsharedBytes: number;
}

export interface PlanOptions {
  /** Scratch bytes that a call needs while it runs. */
  workspaceBytes(call: Call): number;
}

export declare function plan(graph: Graph, options: PlanOptions): Plan;
export type { Value };
