import { equalShapes, numel } from "../../shape.ts";
import type { Graph, Node, Value } from "../graph.ts";
import { GroupOrder } from "./groupOrder.ts";
import { PriorityQueue } from "./priorityQueue.ts";

/** Limits on what one chain may hold, so that its registers fit into the first-level cache. */
export const MAX_STEPS = 48;
export const MAX_INPUTS = 16;

/**
 * Partitions the nodes into groups that each become one kernel call: connected element-wise nodes over the same
 * iteration space together, every other node alone, constants apart from what each run changes. Groups are returned in an
 * order in which they can run.
 */
export function groupElementwise(graph: Graph, constants: ReadonlySet<Value>): Node[][] {
  return new Grouping(graph, constants).groups();
}

/** What {@link groupElementwise} does. */
export class Grouping {
  readonly #graph: Graph;
  readonly #nodes: readonly Node[];
  /** The group of each node: an index into `#members`. */
  readonly #group: number[];
  readonly #members: number[][];
  readonly #producer = new Map<Value, number>();
  /** The nodes that each node reads, and those that read it. */
  readonly #producers: readonly number[][];
  readonly #consumers: readonly number[][];
  readonly #order: GroupOrder;
  readonly #constants: ReadonlySet<Value>;

  constructor(graph: Graph, constants: ReadonlySet<Value>) {
    const { nodes } = graph;
    this.#graph = graph;
    this.#nodes = nodes;
    this.#constants = constants;
    this.#group = nodes.map((_, i) => i);
    this.#members = nodes.map((_, i) => [i]);
    this.#producers = nodes.map(() => []);
    this.#consumers = nodes.map(() => []);
    nodes.forEach((node, i) => {
      for (const v of node.inputs) {
        const from = this.#producer.get(v);
        if (from === undefined) continue;
        this.#producers[i]?.push(from);
        this.#consumers[from]?.push(i);
      }
      for (const v of node.outputs) this.#producer.set(v, i);
    });
    this.#order = new GroupOrder(nodes.length, {
      before: (g) => this.#next(g, this.#producers),
      after: (g) => this.#next(g, this.#consumers),
    });
    for (let i = nodes.length - 1; i >= 0; i--) {
      for (const consumer of this.#consumers[i] as number[]) this.#tryMerge(i, consumer);
    }
  }

  /** How many groups were looked at to find that merges close no cycle. */
  get visited(): number {
    return this.#order.visited;
  }

  #tryMerge(a: number, b: number): void {
    const [x, y] = [this.#nodes[a] as Node, this.#nodes[b] as Node];
    const [from, to] = [this.#group[a] as number, this.#group[b] as number];
    if (x.op.kind !== "elementwise" || y.op.kind !== "elementwise" || from === to) return;
    if (!equalShapes(outputShape(x), outputShape(y)) || this.#isConstant(x) !== this.#isConstant(y)) return;
    const union = [...(this.#members[from] as number[]), ...(this.#members[to] as number[])];
    if (union.length > MAX_STEPS || this.#inputCount(union, from, to) > MAX_INPUTS) return;
    if (!this.#order.merge(from, to)) return;
    for (const i of union) this.#group[i] = to;
    this.#members[to] = union;
    this.#members[from] = [];
  }

  #isConstant(node: Node): boolean {
    return this.#constants.has(node.outputs[0] as Value);
  }

  /** How many values two groups read, merged. */
  #inputCount(union: readonly number[], a: number, b: number): number {
    const inputs = new Set<Value>();
    for (const i of union) {
      for (const v of (this.#nodes[i] as Node).inputs) {
        const from = this.#group[this.#producer.get(v) ?? -1];
        if (from !== a && from !== b) inputs.add(v);
      }
    }
    return inputs.size;
  }

  *#next(g: number, nodes: readonly (readonly number[])[]): Generator<number> {
    for (const i of this.#members[g] as number[]) for (const j of nodes[i] as number[]) yield this.#group[j] as number;
  }

  /**
   * Groups in topological order; among those that are ready, the one whose last node was recorded first. Updates of states
   * come before all others, as soon as nobody wants the old value: what they read, gradients above all, then dies early.
   * So do single numbers, for which updates wait.
   */
  groups(): Node[][] {
    const waiting = new Map<number, number>();
    const dependents = new Map<number, Set<number>>();
    const live = this.#members.flatMap((m, g) => (m.length > 0 ? [g] : []));
    const outputs = new Set(this.#graph.outputs);
    const updates = new Set(live.filter((g) => this.#isUpdate(g, outputs)));
    const readers = this.#readersOfStates(updates);
    for (const g of live) {
      const before = new Set<number>();
      for (const i of this.#members[g] as number[]) {
        const node = this.#nodes[i] as Node;
        for (const v of node.inputs) {
          const from = this.#producer.get(v);
          if (from !== undefined && this.#group[from] !== g) before.add(this.#group[from] as number);
        }
        if (updates.has(g)) for (const v of node.outputs) for (const reader of readers.get(v) ?? []) before.add(reader);
      }
      waiting.set(g, before.size);
      for (const p of before) dependents.set(p, (dependents.get(p) ?? new Set()).add(g));
    }
    const rank = this.#members.map((m, g) => (updates.has(g) || this.#isNumber(g) ? -1 : Math.max(...m)));
    const rankOf = (g: number): number => rank[g] as number;
    const ready = new PriorityQueue();
    for (const g of live) if (waiting.get(g) === 0) ready.push(g, rankOf(g));
    const order: Node[][] = [];
    for (let g = ready.pop(); g !== undefined; g = ready.pop()) {
      order.push((this.#members[g] as number[]).toSorted((x, y) => x - y).map((i) => this.#nodes[i] as Node));
      for (const d of dependents.get(g) ?? []) {
        const left = (waiting.get(d) as number) - 1;
        waiting.set(d, left);
        if (left === 0) ready.push(d, rankOf(d));
      }
    }
    return order;
  }

  /** Whether nothing but assignments wants what a group computes. */
  #isUpdate(g: number, outputs: ReadonlySet<Value>): boolean {
    return (this.#members[g] as number[]).every(
      (i) =>
        (this.#consumers[i] as number[]).every((c) => this.#group[c] === g) &&
        !(this.#nodes[i] as Node).outputs.some((v) => outputs.has(v)),
    );
  }

  #isNumber(g: number): boolean {
    return (this.#members[g] as number[]).every((i) =>
      (this.#nodes[i] as Node).outputs.every((v) => numel(v.spec.shape) === 1),
    );
  }

  /** For each value that is assigned to a state: the groups, updates apart, that read the state, also through a view. */
  #readersOfStates(updates: ReadonlySet<number>): Map<Value, Set<number>> {
    const { states, assignments } = this.#graph;
    const stateOf = new Map<Value, Value>(states.map(({ value }) => [value, value]));
    const readers = new Map<Value, Set<number>>(states.map(({ value }) => [value, new Set()]));
    this.#nodes.forEach((node, i) => {
      for (const v of node.inputs) {
        const state = stateOf.get(v);
        if (!state) continue;
        if (node.op.kind === "view") stateOf.set(node.outputs[0] as Value, state);
        if (!updates.has(this.#group[i] as number)) readers.get(state)?.add(this.#group[i] as number);
      }
    });
    const values = new Map(states.map(({ storage, value }) => [storage, value]));
    return new Map(
      assignments.map(({ storage, value }) => [value, readers.get(values.get(storage) as Value) as Set<number>]),
    );
  }
}

function outputShape(node: Node): readonly number[] {
  return (node.outputs[0] as Value).spec.shape;
}
