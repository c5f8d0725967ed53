import { type Graph, isFloat, type Node, type OpName, type Storage, type TypedArray, type Value } from "@graftjs/tensor";
import { HeadExportError } from "./errors.ts";
import type { ExportContext, ExportRule } from "./operator.ts";
import { operators } from "./operators/index.ts";
import type { InitializerSpec, NodeSpec, NodeSpecAttribute } from "./splice.ts";

/** A traced function as ONNX nodes. */
export interface Emitted {
  readonly nodes: readonly NodeSpec[];
  readonly initializers: readonly InitializerSpec[];
}

export interface EmitOptions {
  /** Version of the operator set that the nodes belong to. */
  readonly opset: number;
  /** Names of the values that the function is given. */
  readonly inputs: readonly string[];
  /** Name of what it returns. */
  readonly output: string;
  /** What new names begin with. */
  readonly prefix: string;
  /** Names of tensors from outside of the function, without the prefix. */
  readonly states: ReadonlyMap<Storage, string>;
  /** The batch size that the trace was made with, which stands for any. */
  readonly batch: number;
}

const rules: ReadonlyMap<string, ExportRule> = new Map(operators.flatMap((operator) => Object.entries(operator.exports)));

/** The ops that can be written as ONNX nodes. */
export const exportedOps: readonly OpName[] = [...rules.keys()] as OpName[];

/**
 * Writes a traced function of one result as nodes of the standard operators.
 * @throws {HeadExportError} if an op in it has no operator, or names the batch size in a way that cannot stay dynamic
 */
export async function emitGraph(graph: Graph, options: EmitOptions): Promise<Emitted> {
  const elements = new Map<Storage, TypedArray>();
  for (const { storage } of graph.states) elements.set(storage, await storage.read());
  return new Emitter(graph, options, elements).run();
}

class Emitter {
  readonly #graph: Graph;
  readonly #options: EmitOptions;
  readonly #elements: ReadonlyMap<Storage, TypedArray>;
  readonly #names = new Map<Value, string>();
  readonly #readers = new Map<Value, Node[]>();
  readonly #absorbed = new Set<Node>();
  readonly #nodes: NodeSpec[] = [];
  readonly #initializers: InitializerSpec[] = [];
  #count = 0;

  constructor(graph: Graph, options: EmitOptions, elements: ReadonlyMap<Storage, TypedArray>) {
    this.#graph = graph;
    this.#options = options;
    this.#elements = elements;
  }

  run(): Emitted {
    const { inputs, nodes, outputs } = this.#graph;
    inputs.forEach((value, i) => {
      this.#names.set(value, this.#options.inputs[i] as string);
    });
    for (const node of nodes) for (const value of node.inputs) this.#readers.set(value, [...(this.#readers.get(value) ?? []), node]);
    const result = outputs[0] as Value;
    const made = nodes.some((node) => node.outputs.includes(result));
    if (made) this.#names.set(result, this.#options.output);
    for (const node of nodes) {
      if (this.#absorbed.has(node) || node.op.name === "full") continue;
      const rule = rules.get(node.op.name);
      if (!rule) throw refusal(node, "there is no ONNX operator for it here");
      rule(this.#context(node));
    }
    if (!made) this.#push("Identity", [this.#nameOf(result)], {}, this.#options.output);
    return { nodes: this.#nodes, initializers: this.#initializers };
  }

  #context(node: Node): ExportContext {
    let result = node.outputs[0] as Value;
    return {
      op: node,
      opset: this.#options.opset,
      input: (i) => this.#nameOf(node.inputs[i] as Value),
      number: (i) => this.#number(node.inputs[i] as Value),
      emit: (opType, inputs, attributes = {}, output) => {
        if (output === undefined && !this.#names.has(result)) this.#names.set(result, this.#fresh());
        return this.#push(opType, inputs, attributes, output ?? (this.#names.get(result) as string));
      },
      fresh: () => this.#fresh(),
      ints: (values) => this.#initializer("sizes", "int64", [values.length], values),
      float: (value) => this.#initializer("number", "float32", [], [value]),
      sizes: (shape, batch) => this.#sizes(node, shape, batch),
      absorb: (accept) => {
        const [reader, second] = this.#readers.get(result) ?? [];
        if (!reader || second || this.#graph.outputs[0] === result || !accept(reader)) return undefined;
        const others = reader.inputs.map((value) => (value === result ? "" : this.#nameOf(value)));
        this.#absorbed.add(reader);
        result = reader.outputs[0] as Value;
        return { inputs: others };
      },
      reject: (reason) => {
        throw refusal(node, reason);
      },
    };
  }

  #push(opType: string, inputs: readonly string[], attributes: Readonly<Record<string, NodeSpecAttribute>>, output: string): string {
    const name = `${this.#options.prefix}/${opType}_${this.#nodes.length}`;
    this.#nodes.push({ name, opType, inputs, outputs: [output], attributes });
    return output;
  }

  #fresh(): string {
    return `${this.#options.prefix}/value_${this.#count++}`;
  }

  #initializer(stem: string, dtype: InitializerSpec["dtype"], dims: readonly number[], data: InitializerSpec["data"]): string {
    const name = `${this.#options.prefix}/${stem}_${this.#count++}`;
    this.#initializers.push({ name, dtype, dims, data });
    return name;
  }

  #nameOf(value: Value): string {
    const known = this.#names.get(value);
    if (known !== undefined) return known;
    const name = this.#stateName(value) ?? this.#fullName(value);
    this.#names.set(value, name);
    return name;
  }

  #stateName(value: Value): string | undefined {
    const state = this.#graph.states.find((candidate) => candidate.value === value);
    if (!state) return undefined;
    const { shape: dims, dtype } = value.spec;
    if (!isFloat(dtype)) throw new HeadExportError(`The head reads a tensor of type ${dtype}`, "Build it of float tensors.");
    const data = this.#elements.get(state.storage) as Float32Array;
    const own = this.#options.states.get(state.storage);
    if (own === undefined) return this.#initializer("constant", "float32", dims, data);
    const name = `${this.#options.prefix}.${own}`;
    this.#initializers.push({ name, dtype: "float32", dims, data });
    return name;
  }

  #fullName(value: Value): string {
    const node = this.#graph.nodes.find(({ outputs }) => outputs.includes(value)) as Node;
    const { shape, value: element } = node.attrs as { shape: readonly number[]; value: number };
    if (shape.includes(this.#options.batch)) throw refusal(node, "its shape holds the batch size");
    const data = new Array<number>(shape.reduce((n, d) => n * d, 1)).fill(element);
    return this.#initializer("number", "float32", shape, data);
  }

  #number(value: Value): number | undefined {
    const node = this.#graph.nodes.find(({ outputs }) => outputs.includes(value));
    return node?.op.name === "full" ? (node.attrs as { value: number }).value : undefined;
  }

  #sizes(node: Node, shape: readonly number[], batch: 0 | -1): readonly number[] {
    const scaled = shape.map((d) => d > 0 && d % this.#options.batch === 0);
    if (scaled.filter(Boolean).length > 1) throw refusal(node, "more than one size depends on the batch");
    return shape.map((d, i) => (scaled[i] ? (i === 0 ? batch : -1) : d));
  }
}

function refusal(node: Node, reason: string): HeadExportError {
  return new HeadExportError(
    `The head cannot be written as ONNX: op ${node.op.name}: ${reason}`,
    `Build the head of layers that come down to ${exportedOps.join(", ")}.`,
  );
}
