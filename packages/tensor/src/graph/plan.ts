import { bytesPerElement } from "../dtype.ts";
import { numel, stridesOf } from "../shape.ts";
import type { Storage } from "../storage.ts";
import type { Call } from "./call.ts";
import type { Graph, Value } from "./graph.ts";
import { type LoweredGraph, lower } from "./lower.ts";
import { aligned, allocateArena, type Block } from "./passes/allocateArena.ts";
import { copyCall } from "./passes/buildChain.ts";

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

/** Lowers a graph and places its values: what every compiling device starts from. */
export function plan(graph: Graph, options: PlanOptions): Plan {
  return new Planner(lower(graph), options).plan();
}

class Planner {
  readonly #graph: LoweredGraph;
  readonly #options: PlanOptions;
  readonly #calls: Call[];
  readonly #states = new Map<Value, Storage>();
  /** Values that share another's memory: written in place of a dying input, or straight into a state. */
  readonly #shared = new Map<Value, Value>();
  readonly #lastUse = new Map<Value, number>();
  #outputs: readonly Value[];

  constructor(graph: LoweredGraph, options: PlanOptions) {
    this.#graph = graph;
    this.#options = options;
    this.#calls = [...graph.calls];
    this.#outputs = graph.outputs;
    for (const { value, storage } of graph.states) this.#states.set(value, storage);
  }

  plan(): Plan {
    this.#storeAssignments();
    this.#calls.forEach((call, i) => {
      for (const v of call.inputs) this.#lastUse.set(this.#graph.root(v), i);
    });
    for (const v of this.#outputs) this.#lastUse.set(this.#graph.root(v), this.#calls.length);
    this.#reuseDyingInputs();
    const { locate, workspaces, bytes, unshared } = this.#place();
    return {
      calls: this.#calls.map((call, i) => ({
        call,
        inputs: call.inputs.map(locate),
        outputs: call.outputs.map(locate),
        workspace: workspaces[i] as number,
      })),
      inputs: this.#graph.inputs.map(locate),
      outputs: this.#outputs.map(locate),
      states: this.#graph.states.map((s) => s.storage),
      assigned: this.#graph.assignments.map((a) => a.storage),
      arenaBytes: bytes,
      unsharedBytes: unshared,
    };
  }

  /** The value in whose memory a value lies. */
  #home(value: Value): Value {
    const root = this.#graph.root(value);
    const shared = this.#shared.get(root);
    return shared ? this.#home(shared) : root;
  }

  /** Writes each assigned value straight into its state where that is safe, else copies it there at the end. */
  #storeAssignments(): void {
    const { assignments, root } = this.#graph;
    const stateOf = new Map(this.#graph.states.map((s) => [s.storage, s.value]));
    const assignedStates = new Set(assignments.map((a) => stateOf.get(a.storage) as Value));
    // Old values of states that are about to be overwritten, and are still wanted afterwards, are saved first.
    const saved = new Map<Value, Value>();
    const save = (v: Value): Value => {
      if (!assignedStates.has(root(v))) return v;
      const copy = saved.get(v) ?? this.#fresh(v);
      if (!saved.has(v)) this.#calls.push(copyCall(v, copy));
      saved.set(v, copy);
      return copy;
    };
    this.#outputs = this.#outputs.map(save);
    const pending = assignments.map(({ storage, value }) => ({
      state: stateOf.get(storage) as Value,
      value: save(value),
    }));
    const taken = new Set<Value>();
    const copies: Call[] = [];
    for (const { state, value } of pending) {
      const result = root(value);
      if (!taken.has(result) && this.#canWriteInto(state, result)) this.#shared.set(result, state);
      else copies.push(copyCall(value, state));
      taken.add(result);
    }
    this.#calls.push(...copies);
  }

  #fresh({ spec }: Value): Value {
    return { id: -1, spec };
  }

  /** Whether the call that makes `result` may write it over `state`: nobody reads the old value later, or out of step. */
  #canWriteInto(state: Value, result: Value): boolean {
    const at = this.#calls.findIndex((c) => c.outputs.includes(result));
    if (at < 0) return false;
    const reads = (c: Call): boolean => c.inputs.some((v) => this.#graph.root(v) === state);
    if (this.#calls.slice(at + 1).some(reads)) return false;
    const call = this.#calls[at] as Call;
    return !reads(call) || readsInStep(call, (v) => this.#graph.root(v) === state);
  }

  /** Lets the outputs of chains take the memory of inputs of the same size that nobody reads afterwards. */
  #reuseDyingInputs(): void {
    this.#calls.forEach((call, i) => {
      if (call.kernel !== "chain") return;
      for (const output of call.outputs) {
        if (this.#shared.has(output) || this.#states.has(output)) continue;
        const donor = call.inputs.find((v) => {
          const root = this.#graph.root(v);
          const home = this.#home(v);
          return (
            bytesOf(v) === bytesOf(output) &&
            !this.#states.has(home) &&
            this.#lastUseOfHome(home) === i &&
            readsInStep(call, (w) => this.#home(w) === home) &&
            this.#graph.root(output) === output &&
            root !== output
          );
        });
        if (donor) this.#shared.set(output, this.#home(donor));
      }
    });
  }

  #lastUseOfHome(home: Value): number {
    let last = this.#lastUse.get(home) ?? -1;
    for (const [value] of this.#shared) {
      if (this.#home(value) === home) last = Math.max(last, this.#lastUse.get(value) ?? Number.POSITIVE_INFINITY);
    }
    return last;
  }

  #place(): { locate: (v: Value) => Location; workspaces: number[]; bytes: number; unshared: number } {
    const blocks = new Map<Value, Block>();
    let unshared = 0;
    const define = (v: Value, at: number): void => {
      const home = this.#home(v);
      if (this.#states.has(home)) return;
      const block = blocks.get(home);
      const last = Math.max(at, this.#lastUse.get(this.#graph.root(v)) ?? at);
      unshared += aligned(bytesOf(v));
      if (block) block.last = Math.max(block.last, last);
      else blocks.set(home, { bytes: bytesOf(v), first: at, last });
    };
    for (const v of this.#graph.inputs) define(v, -1);
    this.#calls.forEach((call, i) => {
      for (const v of call.outputs) define(v, i);
    });
    const scratch = this.#calls.map(
      (call, i): Block => ({ bytes: this.#options.workspaceBytes(call), first: i, last: i }),
    );
    const { offsets, bytes } = allocateArena([...blocks.values(), ...scratch.filter((b) => b.bytes > 0)]);
    const locate = (v: Value): Location => {
      const home = this.#home(v);
      const storage = this.#states.get(home);
      if (storage) return { kind: "state", storage };
      return { kind: "arena", offset: offsets.get(blocks.get(home) as Block) as number };
    };
    return { locate, workspaces: scratch.map((b) => offsets.get(b) ?? 0), bytes, unshared };
  }
}

function bytesOf({ spec }: Value): number {
  return numel(spec.shape) * bytesPerElement(spec.dtype);
}

/** Whether a call reads the values that `is` names only at the element that it writes, so that it may overwrite them. */
function readsInStep(call: Call, is: (v: Value) => boolean): boolean {
  if (call.kernel !== "chain") return false;
  const contiguous = stridesOf(call.attrs.shape);
  return call.inputs.every((v, i) => {
    if (!is(v)) return true;
    const strides = call.attrs.inputs[i]?.strides as readonly number[];
    return strides.every((s, axis) => s === contiguous[axis] || call.attrs.shape[axis] === 1);
  });
}
