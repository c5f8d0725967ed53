import { stridesOf } from "../shape.ts";
import type { Storage } from "../storage.ts";
import type { Call } from "./call.ts";
import { bytesOf, type Graph, type Value } from "./graph.ts";
import { type LoweredGraph, lower } from "./lower.ts";
import { copyCall } from "./passes/buildChain.ts";
import { Placement } from "./placement.ts";

/**
 * Where a value lies during a run: at a byte offset of the arena, which other programs use between runs; at one of the
 * memory that the program keeps to itself; or in the memory of a state. With {@link PlanOptions.outside} also where the
 * caller has a graph input, or wants a graph output.
 */
export type Location =
  | { readonly kind: "arena"; readonly offset: number }
  | { readonly kind: "kept"; readonly offset: number }
  | { readonly kind: "state"; readonly storage: Storage }
  | { readonly kind: "input"; readonly index: number }
  | { readonly kind: "output"; readonly index: number };

/** A form of input `input` that a call works on instead of it, such as a packed weight. */
export interface Preparation {
  readonly input: number;
  readonly bytes: number;
  /** Whether it only pays where the input is constant, so that it is made once; else the call takes the input as it is. */
  readonly onlyConstant?: boolean;
}

/** A preparation with the place of what it makes. */
export interface PlannedPreparation extends Preparation {
  readonly location: Location;
}

/** A call with the places of its operands. */
export interface PlannedCall {
  readonly call: Call;
  readonly inputs: readonly Location[];
  readonly outputs: readonly Location[];
  /** Byte offset into the arena of the scratch memory that the device asked for. */
  readonly workspace: number;
  /** What the device asked to have prepared: kept if the prologue makes it, else the call does. */
  readonly prepared: PlannedPreparation | null;
}

/** Something to do before the first run, and again where constants have changed: a call, or the preparation for one. */
export interface PrologueStep {
  readonly kind: "call" | "prepare";
  readonly planned: PlannedCall;
}

/** A graph as a list of kernel calls, with a place for every value. */
export interface Plan {
  /** What depends on constants alone. It uses the arena too, before the inputs are put there. */
  readonly prologue: readonly PrologueStep[];
  readonly calls: readonly PlannedCall[];
  /** Where to put each graph input before a run. */
  readonly inputs: readonly Location[];
  /** Where to find each graph output after a run. */
  readonly outputs: readonly Location[];
  readonly states: readonly Storage[];
  /** States that a run changes. */
  readonly assigned: readonly Storage[];
  /** States that the prologue reads; it runs again when the version of one has changed. */
  readonly constants: readonly Storage[];
  /** Size of the memory that one run needs besides the states, reused as values die. */
  readonly arenaBytes: number;
  /** Size of the memory that stays as it is from run to run: results of the prologue. */
  readonly keptBytes: number;
  /** What the arena would need if nothing were reused: the sum of all its values. */
  readonly unsharedBytes: number;
}

/** Options of {@link plan}. */
export interface PlanOptions {
  /** Scratch bytes that a call needs while it runs. */
  workspaceBytes(call: Call): number;
  /** What a call wants prepared; by default nothing. */
  preparation?(call: Call): Preparation | null;
  /**
   * Whether inputs and outputs have no place in the arena: each run finds an input, which it leaves as it is, and puts an
   * output where the caller says. Default `false`.
   */
  readonly outside?: boolean;
}

/**
 * Lowers a graph and places its values: what every compiling device starts from.
 *
 * @example
 * ```ts
 * import { add, compile, type Device, ones, plan, referenceDevice, relu, type Tensor } from "@graftjs/tensor";
 *
 * const device: Device = {
 *   ...referenceDevice,
 *   compile(graph) {
 *     const { arenaBytes, calls } = plan(graph, { workspaceBytes: () => 0 });
 *     console.log(arenaBytes, calls.length); // 64 1
 *     return referenceDevice.compile(graph);
 *   },
 * };
 * compile((x: Tensor) => relu(add(x, 1)), { device })(ones([4]));
 * ```
 */
export function plan(graph: Graph, options: PlanOptions): Plan {
  return new Planner(lower(graph), options).plan();
}

/** Something to do, at the time that is its index: first the prologue, then the calls of a run. */
interface Step {
  readonly kind: "call" | "prepare";
  readonly call: Call;
}

class Planner {
  readonly #graph: LoweredGraph;
  readonly #options: PlanOptions;
  /** Calls that depend on constants alone. */
  readonly #constantCalls: readonly Call[];
  /** All others. */
  readonly #calls: Call[];
  /** Which input of a call of each run the prologue prepares. */
  readonly #prepared = new Map<Call, number>();
  #steps: readonly Step[] = [];
  /** How many steps are the prologue's. */
  #prologue = 0;
  readonly #states = new Map<Value, Storage>();
  /** Values that share another's memory: written in place of a dying input, or straight into a state. */
  readonly #shared = new Map<Value, Value>();
  /** Results of the prologue that runs read. */
  readonly #kept = new Set<Value>();
  readonly #lastUse = new Map<Value, number>();
  #outputs: readonly Value[];

  constructor(graph: LoweredGraph, options: PlanOptions) {
    this.#graph = graph;
    this.#options = options;
    const isConstant = (call: Call): boolean => call.outputs.some((v) => graph.constants.has(v));
    this.#constantCalls = graph.calls.filter(isConstant);
    this.#calls = graph.calls.filter((call) => !isConstant(call));
    this.#outputs = graph.outputs;
    for (const { value, storage } of graph.states) this.#states.set(value, storage);
  }

  plan(): Plan {
    const { inputs, states, assignments, root } = this.#graph;
    this.#storeAssignments();
    this.#schedule();
    const made = new Set(this.#constantCalls.flatMap((c) => c.outputs));
    const read = (v: Value, at: number): void => {
      this.#lastUse.set(root(v), at);
      if (at >= this.#prologue && made.has(root(v))) this.#kept.add(root(v));
    };
    this.#steps.forEach((step, i) => {
      for (const v of this.#reads(step)) read(v, i);
    });
    for (const v of this.#outputs) read(v, this.#steps.length);
    this.#reuseDyingInputs();
    const placement = this.#place();
    const { arenaBytes, keptBytes, unsharedBytes } = placement;
    const locate = (v: Value): Location => placement.locate(v);
    const planned = (call: Call): PlannedCall => placement.planned(call);
    const constants = this.#steps.slice(0, this.#prologue).flatMap((step) => this.#reads(step).map(root));
    return {
      prologue: this.#steps.slice(0, this.#prologue).map(({ kind, call }) => ({ kind, planned: planned(call) })),
      calls: this.#calls.map(planned),
      inputs: inputs.map(locate),
      outputs: this.#outputs.map(locate),
      states: states.map((s) => s.storage),
      assigned: assignments.map((a) => a.storage),
      constants: [...new Set(constants.flatMap((v) => this.#states.get(v) ?? []))],
      arenaBytes,
      keptBytes,
      unsharedBytes,
    };
  }

  /** Puts steps into their order: a constant is prepared as soon as it is there. */
  #schedule(): void {
    const waiting = new Map<Value, Step[]>();
    for (const call of this.#calls) {
      const preparation = this.#preparationOf(call);
      const input = preparation && (call.inputs[preparation.input] as Value);
      if (!input || !this.#graph.constants.has(input)) continue;
      this.#prepared.set(call, preparation.input);
      const root = this.#graph.root(input);
      waiting.set(root, [...(waiting.get(root) ?? []), { kind: "prepare", call }]);
    }
    const prologue: Step[] = [...this.#states.keys()].flatMap((v) => waiting.get(v) ?? []);
    for (const call of this.#constantCalls) {
      prologue.push({ kind: "call", call }, ...call.outputs.flatMap((v) => waiting.get(v) ?? []));
    }
    this.#prologue = prologue.length;
    this.#steps = [...prologue, ...this.#calls.map((call): Step => ({ kind: "call", call }))];
  }

  #preparationOf(call: Call): Preparation | null {
    const preparation = this.#options.preparation?.(call) ?? null;
    if (!preparation?.onlyConstant) return preparation;
    const isConstant = (v: Value): boolean => this.#graph.constants.has(v);
    return isConstant(call.inputs[preparation.input] as Value) && !call.outputs.some(isConstant) ? preparation : null;
  }

  #reads({ kind, call }: Step): readonly Value[] {
    const prepared = this.#prepared.get(call);
    if (prepared === undefined) return call.inputs;
    return call.inputs.filter((_, i) => (i === prepared) === (kind === "prepare"));
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
    const madeAt = new Map<Value, number>();
    const lastRead = new Map<Value, number>();
    this.#calls.forEach((call, i) => {
      for (const v of call.inputs) lastRead.set(root(v), i);
      for (const v of call.outputs) madeAt.set(v, i);
    });
    const taken = new Set<Value>();
    const copies: Call[] = [];
    for (const { state, value } of pending) {
      const result = root(value);
      if (!taken.has(result) && this.#canWriteInto(state, madeAt.get(result), lastRead.get(state) ?? -1))
        this.#shared.set(result, state);
      else copies.push(copyCall(value, state));
      taken.add(result);
    }
    this.#calls.push(...copies);
  }

  #fresh({ spec }: Value): Value {
    return { id: -1, spec };
  }

  /** Whether call `at` may write its result over `state`: nobody reads the old value later, or out of step. */
  #canWriteInto(state: Value, at: number | undefined, lastRead: number): boolean {
    if (at === undefined || lastRead > at) return false;
    return lastRead < at || readsInStep(this.#calls[at] as Call, (v) => this.#graph.root(v) === state);
  }

  /** Lets the outputs of chains take the memory of inputs of the same size that nobody reads afterwards. */
  #reuseDyingInputs(): void {
    const lent = new Set(this.#options.outside ? this.#graph.inputs : []);
    /** Of values whose memory others share: when all of them are dead. */
    const lastUses = new Map<Value, number>();
    const lastUseOf = (home: Value): number => lastUses.get(home) ?? this.#lastUse.get(home) ?? -1;
    this.#steps.forEach(({ call }, i) => {
      if (call.kernel !== "chain") return;
      for (const output of call.outputs) {
        if (this.#shared.has(output) || this.#states.has(output) || this.#kept.has(output)) continue;
        const donor = call.inputs.find((v) => {
          const root = this.#graph.root(v);
          const home = this.#home(v);
          return (
            bytesOf(v) === bytesOf(output) &&
            !this.#states.has(home) &&
            !this.#kept.has(home) &&
            !lent.has(home) &&
            lastUseOf(home) === i &&
            readsInStep(call, (w) => this.#home(w) === home) &&
            this.#graph.root(output) === output &&
            root !== output
          );
        });
        if (!donor) continue;
        const home = this.#home(donor);
        this.#shared.set(output, home);
        lastUses.set(home, Math.max(lastUseOf(home), this.#lastUse.get(output) ?? Number.POSITIVE_INFINITY));
      }
    });
  }

  /** The values that lie where the caller says. An output that shares memory with something else does not. */
  #outside(): Map<Value, Location> {
    const places = new Map<Value, Location>();
    this.#graph.inputs.forEach((v, index) => {
      places.set(this.#home(v), { kind: "input", index });
    });
    this.#outputs.forEach((v, index) => {
      const home = this.#home(v);
      if (this.#states.has(home) || this.#kept.has(home) || places.has(home)) return;
      places.set(home, { kind: "output", index });
    });
    return places;
  }

  #place(): Placement {
    const placement = new Placement(this.#options.outside ? this.#outside() : new Map(), {
      home: (v) => this.#home(v),
      stateOf: (home) => this.#states.get(home),
      isKept: (home) => this.#kept.has(home),
      lastUse: (v) => this.#lastUse.get(this.#graph.root(v)),
    });
    // Between the prologue and the first call.
    for (const v of this.#graph.inputs) placement.define(v, this.#prologue - 0.5);
    this.#steps.forEach(({ kind, call }, at) => {
      const preparation = this.#preparationOf(call);
      if (kind === "prepare") {
        placement.keepPrepared(call, preparation as Preparation);
        return;
      }
      for (const v of call.outputs) placement.define(v, at);
      placement.work(call, at, { workspace: this.#options.workspaceBytes(call), preparation });
    });
    placement.allocate();
    return placement;
  }
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
