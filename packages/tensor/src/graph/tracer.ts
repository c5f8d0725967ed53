import { isFloat } from "../dtype.ts";
import { TraceError } from "../errors.ts";
import type { Op } from "../op.ts";
import { reshapeOp } from "../ops/reshape.ts";
import { equalShapes } from "../shape.ts";
import type { Storage } from "../storage.ts";
import { Tensor } from "../tensor.ts";
import type { Assignment, Graph, Node, State, TensorSpec, Value } from "./graph.ts";

/** Something outside of the graph that the trace depended on; a later call must find it unchanged. */
export interface Guard {
  readonly read: () => unknown;
  readonly value: unknown;
}

/** Records ops into a {@link Graph} instead of running them. */
export class Tracer {
  readonly #nodes: Node[] = [];
  readonly #states = new Map<Storage, State>();
  readonly #assigned = new Map<Storage, Value>();
  readonly #assignments = new Map<Storage, number>();
  readonly #guarded = new Set<Tensor>();
  readonly #values = new WeakSet<Value>();
  readonly #leaves = new Map<Tensor, Tensor | null>();
  readonly guards: Guard[] = [];
  readonly #inputs: Value[];
  #nextId = 0;

  constructor(inputs: readonly TensorSpec[]) {
    this.#inputs = inputs.map((spec) => this.#value(spec));
  }

  /** The traced stand-ins of the function's arguments. */
  arguments(): Tensor[] {
    return this.#inputs.map((v) => new Tensor(v.spec.shape, v.spec.dtype, v));
  }

  /** What has been recorded so far. */
  get nodes(): readonly Node[] {
    return this.#nodes;
  }

  record(op: Op, inputs: readonly Tensor[], attrs: unknown, specs: readonly TensorSpec[]): Value[] {
    const outputs = specs.map((spec) => this.#value(spec));
    this.#nodes.push({ op, attrs, inputs: inputs.map((t) => this.valueOf(t)), outputs });
    return outputs;
  }

  /** The graph's value for a tensor: a traced one's own, or the state that stands for a tensor from outside. */
  valueOf(t: Tensor): Value {
    if (!("host" in t.place)) {
      if (this.#values.has(t.place)) return t.place;
      throw new TraceError(
        "A tensor of one compiled function was used in another. Return it, and pass it in as an argument.",
      );
    }
    const storage = t.place;
    this.#guardLeaf(t);
    const current = this.#assigned.get(storage);
    if (current) return this.#shaped(current, t);
    const state = this.#states.get(storage);
    if (state) return this.#shaped(state.value, t);
    const value = this.#value(t);
    this.#states.set(storage, { value, storage });
    return value;
  }

  /** How often the memory has been assigned to in this trace. */
  assignmentsOf(storage: Storage): number {
    return this.#assignments.get(storage) ?? 0;
  }

  assign(target: Tensor, value: Tensor): void {
    const storage = target.storage;
    // The target's own value first, so that it counts as a state even if it is never read.
    this.valueOf(target);
    this.#assigned.set(storage, this.valueOf(value));
    this.#assignments.set(storage, this.assignmentsOf(storage) + 1);
  }

  /** Notes that the trace depends on `read()`: if it differs at a later call, the function is traced anew. */
  guard(read: () => unknown): void {
    this.guards.push({ read, value: read() });
  }

  /** Called before a leaf's `grad` is set, which is restored when the trace ends: gradients are internal to the program. */
  leafGradient(leaf: Tensor): void {
    if (leaf.grad && "host" in leaf.grad.place) {
      throw new TraceError(
        "backward inside of a compiled function met a gradient from before the call. Call optimizer.zeroGrad() inside of the function, before backward.",
      );
    }
    if (!this.#leaves.has(leaf)) this.#leaves.set(leaf, leaf.grad);
  }

  finish(outputs: readonly Tensor[]): Graph {
    const assignments: Assignment[] = [];
    for (const [storage, value] of this.#assigned) {
      if (this.#states.get(storage)?.value !== value) assignments.push({ storage, value });
    }
    const values = outputs.map((t) => this.valueOf(t));
    return {
      inputs: this.#inputs,
      states: [...this.#states.values()],
      nodes: this.#nodes,
      outputs: values,
      assignments,
    };
  }

  /** Takes traced gradients off the leaves; they mean nothing outside of the trace. */
  restoreLeaves(): void {
    for (const leaf of this.#leaves.keys()) leaf.grad = null;
  }

  /** Whether a tensor from outside takes part in gradients decides what is recorded; one memory may have several. */
  #guardLeaf(t: Tensor): void {
    if (!isFloat(t.dtype) || this.#guarded.has(t)) return;
    this.#guarded.add(t);
    this.guard(() => t.requiresGrad);
  }

  #shaped(value: Value, t: Tensor): Value {
    if (equalShapes(value.spec.shape, t.shape)) return value;
    const output = this.#value(t);
    this.#nodes.push({ op: reshapeOp as Op, attrs: { shape: t.shape }, inputs: [value], outputs: [output] });
    return output;
  }

  #value({ shape, dtype }: TensorSpec): Value {
    const value: Value = { id: this.#nextId++, spec: { shape, dtype } };
    this.#values.add(value);
    return value;
  }
}
