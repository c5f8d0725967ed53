import type { OpName } from "../../ops/names.ts";
import { equalShapes, numel, type Shape } from "../../shape.ts";
import { bytesOf, type Graph, type Node, type Value } from "../graph.ts";
import { MAX_INPUTS, MAX_STEPS } from "./groupElementwise.ts";

/** About how many nanoseconds an element takes one thread: to store and to load it beyond the caches, to compute it. */
const STORE = 0.5;
const LOAD = 0.25;
const STEP = 0.12;
const FUNCTION = 0.65;
/** Functions of one polynomial, which cost less than to store and load what they give. */
const functions: ReadonlySet<OpName> = new Set<OpName>(["erf", "exp", "gelu", "log", "sigmoid", "tanh"]);
/** What takes longer than memory does. */
const slow: ReadonlySet<OpName> = new Set<OpName>(["cos", "expm1", "geluGrad", "log1p", "pow", "sin"]);

/**
 * Recomputes results of cheap element-wise steps in the chains that read them, instead of storing them, where the memory
 * that is kept for it is less than what is no longer stored, and computing takes less time than storing and loading.
 * This is how activations keep only their argument for the backward pass.
 * @param groups as of `groupElementwise`, in the order in which they run. @returns them, changed.
 * Source: "cheap" checkpointing, Chen et al. 2016, https://arxiv.org/abs/1604.06174, section 3
 */
export function recompute(
  groups: readonly (readonly Node[])[],
  graph: Omit<Graph, "nodes">,
  constants: ReadonlySet<Value>,
  root: (value: Value) => Value,
): Node[][] {
  return new Recomputation(groups, graph, constants, root).groups();
}

/** A group that reads values of another one, and the nodes of that one that it would repeat. */
interface Repeat {
  readonly reader: number;
  readonly nodes: readonly Node[];
  /** What the repeated nodes read from outside. */
  readonly inputs: ReadonlySet<Value>;
}

class Recomputation {
  readonly #groups: Node[][];
  readonly #root: (value: Value) => Value;
  readonly #constants: ReadonlySet<Value>;
  /** Numbers, which chains hold themselves. */
  readonly #numbers = new Set<Value>();
  /** The groups that read a value, and how far its memory must be kept anyway. */
  readonly #readers = new Map<Value, Set<number>>();
  readonly #lastRead = new Map<Value, number>();

  constructor(
    groups: readonly (readonly Node[])[],
    graph: Omit<Graph, "nodes">,
    constants: ReadonlySet<Value>,
    root: (value: Value) => Value,
  ) {
    this.#groups = groups.map((g) => [...g]);
    this.#root = root;
    this.#constants = constants;
    this.#groups.forEach((nodes, at) => {
      for (const node of nodes) {
        if (node.op.name === "full") this.#numbers.add(node.outputs[0] as Value);
        for (const v of node.inputs) this.#read(v, at);
      }
    });
    const kept = [...graph.outputs, ...graph.assignments.map((a) => a.value), ...graph.states.map((s) => s.value)];
    for (const v of [...kept, ...constants]) this.#read(v, Number.POSITIVE_INFINITY);
    for (let i = 0; i < this.#groups.length; i++) this.#tryGroup(i);
  }

  groups(): Node[][] {
    const live = new Set<Value>();
    for (const [v, readers] of this.#readers) if (readers.has(Number.POSITIVE_INFINITY)) live.add(v);
    // What is repeated everywhere else is needed no more where it was made.
    const kept: Node[][] = [];
    for (const group of this.#groups.toReversed()) {
      const nodes: Node[] = [];
      for (const node of group.toReversed()) {
        if (!node.outputs.some((v) => live.has(v))) continue;
        nodes.push(node);
        for (const v of node.inputs) live.add(v);
      }
      if (nodes.length > 0) kept.push(nodes.reverse());
    }
    return kept.reverse();
  }

  #read(v: Value, at: number): void {
    const readers = this.#readers.get(v);
    if (readers) readers.add(at);
    else this.#readers.set(v, new Set([at]));
    const root = this.#root(v);
    this.#lastRead.set(root, Math.max(this.#lastRead.get(root) ?? -1, at));
  }

  #tryGroup(at: number): void {
    const nodes = this.#groups[at] as Node[];
    if (!this.#isChain(at)) return;
    const shape = shapeOf(nodes);
    const values = nodes
      .map((node) => node.outputs[0] as Value)
      .filter((v) => {
        const outside = this.#outsideReaders(v, at);
        const fits = (r: number): boolean => this.#isChain(r) && equalShapes(shapeOf(this.#groups[r] as Node[]), shape);
        if (outside.length === 0 || !outside.every(fits)) return false;
        return !this.#closure([v], nodes).some((node) => slow.has(node.op.name));
      });
    // All together, because they share what they are made of; if that is too much, each alone.
    if (this.#tryValues(values, at) || values.length < 2) return;
    for (const v of values) this.#tryValues([v], at);
  }

  #isChain(at: number): boolean {
    const node = this.#groups[at]?.[0];
    return node?.op.kind === "elementwise" && !this.#constants.has(node.outputs[0] as Value);
  }

  #outsideReaders(v: Value, at: number): number[] {
    return [...(this.#readers.get(v) ?? [])].filter((r) => r !== at);
  }

  /** The nodes of a group that values are made by, in their order. */
  #closure(values: readonly Value[], nodes: readonly Node[]): Node[] {
    const needed = new Set(values);
    const closure = nodes.toReversed().filter((node) => {
      if (!needed.has(node.outputs[0] as Value)) return false;
      for (const v of node.inputs) needed.add(v);
      return true;
    });
    return closure.reverse();
  }

  #tryValues(values: readonly Value[], at: number): boolean {
    if (values.length === 0) return false;
    const readers = new Set(values.flatMap((v) => this.#outsideReaders(v, at)));
    const repeats = [...readers].map((reader): Repeat => {
      const read = values.filter((v) => this.#readers.get(v)?.has(reader));
      const nodes = this.#closure(read, this.#groups[at] as Node[]);
      const made = new Set(nodes.flatMap((n) => n.outputs));
      const inputs = nodes.flatMap((n) => n.inputs).filter((v) => !made.has(v) && !this.#numbers.has(v));
      return { reader, nodes, inputs: new Set(inputs) };
    });
    if (!repeats.every((r) => this.#fits(r)) || !this.#pays(values, repeats)) return false;
    for (const r of repeats) this.#repeat(r);
    return true;
  }

  #fits({ reader, nodes, inputs }: Repeat): boolean {
    const own = this.#groups[reader] as Node[];
    return own.length + nodes.length <= MAX_STEPS && new Set([...this.#inputsOf(own), ...inputs]).size <= MAX_INPUTS;
  }

  #inputsOf(nodes: readonly Node[]): Set<Value> {
    const made = new Set(nodes.flatMap((n) => n.outputs));
    return new Set(nodes.flatMap((n) => n.inputs).filter((v) => !made.has(v)));
  }

  #pays(values: readonly Value[], repeats: readonly Repeat[]): boolean {
    const longer = new Set<Value>();
    let time = 0;
    for (const { reader, nodes, inputs } of repeats) {
      const own = this.#inputsOf(this.#groups[reader] as Node[]);
      const elements = numel(shapeOf(nodes));
      for (const v of inputs) {
        const kept = this.#root(v);
        if ((this.#lastRead.get(kept) as number) < reader) longer.add(kept);
        if (!own.has(v)) time += elements * (numel(v.spec.shape) === elements ? LOAD : STEP);
      }
      for (const node of nodes) time += elements * (functions.has(node.op.name) ? FUNCTION : STEP);
    }
    let saved = 0;
    for (const v of values) {
      const readers = repeats.filter((r) => this.#readers.get(v)?.has(r.reader)).length;
      saved += (bytesOf(v) / 4) * (STORE + LOAD * readers);
    }
    return time <= saved && sum([...longer].map(bytesOf)) < sum(values.map(bytesOf));
  }

  #repeat({ reader, nodes, inputs }: Repeat): void {
    const copies = new Map<Value, Value>();
    const replaced = (node: Node): Node => ({ ...node, inputs: node.inputs.map((v) => copies.get(v) ?? v) });
    const repeated = nodes.map((node): Node => {
      const outputs = node.outputs.map((v) => ({ ...v }));
      const copy = { ...replaced(node), outputs };
      node.outputs.forEach((v, i) => {
        copies.set(v, outputs[i] as Value);
        // Inside of the chain, nobody else reads it.
        this.#readers.get(v)?.delete(reader);
        this.#readers.set(outputs[i] as Value, new Set([reader]));
      });
      return copy;
    });
    this.#groups[reader] = [...repeated, ...(this.#groups[reader] as Node[]).map(replaced)];
    for (const v of inputs) this.#read(v, reader);
  }
}

function shapeOf(nodes: readonly Node[]): Shape {
  return ((nodes[0] as Node).outputs[0] as Value).spec.shape;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, n) => total + n, 0);
}
