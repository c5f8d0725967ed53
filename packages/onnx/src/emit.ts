import {
  type Graph,
  isFloat,
  type Node,
  type OpName,
  type Storage,
  type TypedArray,
  type Value,
} from "@graftjs/tensor";
import { HeadExportError } from "./errors.ts";
import type { ExportContext, ExportPattern, ExportRule } from "./operator.ts";
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
  /** What new names begin with; may be empty. */
  readonly prefix: string;
  /** Names of tensors from outside of the function, without the prefix. */
  readonly states: ReadonlyMap<Storage, string>;
  /** The batch size that the trace was made with, which stands for any. */
  readonly batch: number;
}

const rules: ReadonlyMap<string, ExportRule> = new Map(operators.flatMap(({ exports }) => Object.entries(exports)));
const patterns: readonly (readonly [op: string, pattern: ExportPattern])[] = operators.flatMap((operator) =>
  Object.entries(operator.patterns),
);

/** The ops that can be written as ONNX nodes. */
export const exportedOps: readonly OpName[] = [...rules.keys()].sort() as OpName[];

/**
 * Writes a traced function of one result as nodes of the standard operators.
 * @throws {HeadExportError} if an op in it has no operator, or names the batch size in a way that cannot stay dynamic
 */
export async function emitGraph(graph: Graph, options: EmitOptions): Promise<Emitted> {
  const elements = new Map<Value, TypedArray>();
  for (const { value, storage } of graph.states) elements.set(value, await storage.read());
  return new Emitter(graph, options, elements).run();
}

/** Writes ops on demand, from the result backwards, so that what no node reads is left out. */
class Emitter {
  readonly #graph: Graph;
  readonly #options: EmitOptions;
  readonly #elements: ReadonlyMap<Value, TypedArray>;
  readonly #producers = new Map<Value, Node>();
  readonly #readers = new Map<Value, number>();
  readonly #names = new Map<Value, string>();
  readonly #constants = new Map<string, string>();
  readonly #nodes: NodeSpec[] = [];
  readonly #initializers: InitializerSpec[] = [];
  #count = 0;

  constructor(graph: Graph, options: EmitOptions, elements: ReadonlyMap<Value, TypedArray>) {
    this.#graph = graph;
    this.#options = options;
    this.#elements = elements;
    for (const node of graph.nodes) {
      for (const value of node.outputs) this.#producers.set(value, node);
      for (const value of node.inputs) this.#readers.set(value, (this.#readers.get(value) ?? 0) + 1);
    }
    graph.inputs.forEach((value, i) => {
      this.#names.set(value, options.inputs[i] as string);
    });
  }

  run(): Emitted {
    const name = this.#name(this.#result);
    if (name !== this.#options.output) this.#push("Identity", [name], {}, this.#options.output);
    return { nodes: this.#nodes, initializers: this.#initializers };
  }

  get #result(): Value {
    return this.#graph.outputs[0] as Value;
  }

  /** Name of a value; writes what makes it first, where that has not been done. */
  #name(value: Value): string {
    const known = this.#names.get(value);
    if (known !== undefined) return known;
    const node = this.#producers.get(value);
    if (node && node.op.name !== "full") {
      const context = this.#context(node);
      const rule = rules.get(node.op.name);
      if (!patterns.some(([op, pattern]) => op === node.op.name && pattern(context))) {
        if (!rule) throw refusal(node, "there is no ONNX operator for it here");
        rule(context);
      }
      return this.#names.get(value) as string;
    }
    const name = node ? this.#filled(node) : this.#state(value);
    this.#names.set(value, name);
    return name;
  }

  #context(node: Node): ExportContext {
    const result = node.outputs[0] as Value;
    return {
      op: node,
      opset: this.#options.opset,
      producer: (value) => this.#producers.get(value),
      readOnce: (value) => this.#readers.get(value) === 1 && value !== this.#result,
      isState: (value) => this.#elements.has(value),
      number: (value) => this.#number(value),
      name: (value) => this.#name(value),
      input: (i) => this.#name(node.inputs[i] as Value),
      emit: (opType, inputs, attributes = {}, output) => {
        if (output !== undefined) return this.#push(opType, inputs, attributes, output);
        const own = result === this.#result ? this.#options.output : this.#fresh("value");
        this.#names.set(result, own);
        return this.#push(opType, inputs, attributes, own);
      },
      fresh: () => this.#fresh("value"),
      ints: (values) => this.#shared(`sizes ${values}`, "sizes", "int64", [values.length], values),
      float: (value) => this.#shared(`number ${value}`, "number", "float32", [], [value]),
      sizes: (shape, batch) => this.#sizes(node, shape, batch),
      reject: (reason) => {
        throw refusal(node, reason);
      },
    };
  }

  #push(
    opType: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, NodeSpecAttribute>>,
    output: string,
  ): string {
    this.#nodes.push({
      name: this.#scoped("/", `${opType}_${this.#nodes.length}`),
      opType,
      inputs,
      outputs: [output],
      attributes,
    });
    return output;
  }

  #scoped(separator: "/" | ".", name: string): string {
    return this.#options.prefix === "" ? name : this.#options.prefix + separator + name;
  }

  #fresh(stem: string): string {
    return this.#scoped("/", `${stem}_${this.#count++}`);
  }

  #initializer(
    name: string,
    dtype: InitializerSpec["dtype"],
    dims: readonly number[],
    data: InitializerSpec["data"],
  ): string {
    this.#initializers.push({ name, dtype, dims, data });
    return name;
  }

  /** An initializer that all nodes share which need the same numbers. */
  #shared(
    key: string,
    stem: string,
    dtype: InitializerSpec["dtype"],
    dims: readonly number[],
    data: readonly number[],
  ): string {
    const name = this.#constants.get(key) ?? this.#initializer(this.#fresh(stem), dtype, dims, data);
    this.#constants.set(key, name);
    return name;
  }

  #state(value: Value): string {
    const { shape, dtype } = value.spec;
    const data = this.#elements.get(value) as Float32Array;
    if (!isFloat(dtype)) throw new HeadExportError(`It reads a tensor of type ${dtype}`, "Build it of float tensors.");
    const storage = this.#graph.states.find((state) => state.value === value)?.storage;
    const own = storage && this.#options.states.get(storage);
    return this.#initializer(
      own === undefined ? this.#fresh("constant") : this.#scoped(".", own),
      "float32",
      shape,
      data,
    );
  }

  #filled(node: Node): string {
    const { shape, value } = node.attrs as { shape: readonly number[]; value: number };
    if (shape.includes(this.#options.batch)) throw refusal(node, "its shape holds the batch size");
    const data = new Array<number>(shape.reduce((n, d) => n * d, 1)).fill(value);
    return this.#initializer(this.#fresh("number"), "float32", shape, data);
  }

  #number(value: Value | undefined): number | undefined {
    const node = value && this.#producers.get(value);
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
    `It cannot be written as ONNX: op ${node.op.name}: ${reason}`,
    `Build it of layers that come down to ${exportedOps.join(", ")}.`,
  );
}
