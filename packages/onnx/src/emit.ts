import {
  formatShape,
  type Graph,
  type KernelAttrs,
  type Node,
  type OpName,
  type Shape,
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
export const exportedOps: readonly OpName[] = [...rules.keys(), "full"].sort() as OpName[];

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
  readonly #storages: ReadonlyMap<Value, Storage>;
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
    this.#storages = new Map(graph.states.map(({ value, storage }) => [value, storage]));
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
      const name = this.#names.get(value);
      if (name === undefined) throw refusal(node, `its output ${node.outputs.indexOf(value)} has no counterpart`);
      return name;
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
        return this.#push(opType, inputs, attributes, this.#own(result));
      },
      emitAll: (opType, inputs, outputs, attributes = {}) => void this.#push(opType, inputs, attributes, ...outputs),
      result: (i) => this.#own(node.outputs[i] as Value),
      fresh: () => this.#fresh("value"),
      ints: (values) => this.#shared(`sizes ${values}`, "sizes", "int64", [values.length], values),
      float: (value) => this.#scalar(value, "float32"),
      scalar: (value, dtype) => this.#scalar(value, dtype),
      isBatch: (size) => this.#isBatch(size),
      shape: (shape) => this.#shape(shape),
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
    ...outputs: string[]
  ): string {
    this.#nodes.push({
      name: this.#scoped("/", `${opType}_${this.#nodes.length}`),
      opType,
      inputs,
      outputs,
      attributes,
    });
    return outputs[0] as string;
  }

  /** A name for the result of an op. */
  #own(value: Value): string {
    const name = this.#names.get(value) ?? (value === this.#result ? this.#options.output : this.#fresh("value"));
    this.#names.set(value, name);
    return name;
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

  #scalar(value: number, dtype: InitializerSpec["dtype"]): string {
    return this.#shared(`${dtype} ${Object.is(value, -0) ? "-0" : value}`, "number", dtype, [], [value]);
  }

  #state(value: Value): string {
    const { shape, dtype } = value.spec;
    const storage = this.#storages.get(value);
    const own = storage && this.#options.states.get(storage);
    if (own !== undefined) return this.#initializer(this.#scoped(".", own), dtype, shape, this.#read(value));
    const elements = this.#read(value);
    const [first] = elements as Float32Array;
    if (first !== undefined && elements.every((x: number) => Object.is(x, first))) {
      return this.#everywhere(first, dtype, shape);
    }
    if (shape.some((d) => this.#isBatch(d))) {
      throw new HeadExportError(
        `It reads a constant of shape ${formatShape(shape)}, which holds the batch size`,
        "Compute it from the input.",
      );
    }
    return this.#initializer(this.#fresh("constant"), dtype, shape, elements);
  }

  #read(value: Value): TypedArray {
    return this.#elements.get(value) as TypedArray;
  }

  #filled(node: Node): string {
    const { shape, value, dtype } = node.attrs as KernelAttrs["full"];
    return this.#everywhere(value, dtype, shape);
  }

  /** One number in a shape. Repeated by an operator, so that it is no parameter where the file is imported. */
  #everywhere(value: number, dtype: InitializerSpec["dtype"], shape: Shape): string {
    if (shape.length === 0) return this.#scalar(value, dtype);
    if (this.#options.opset < 8) {
      const size = shape.reduce((n, d) => n * d, 1);
      if (!shape.some((d) => this.#isBatch(d)))
        return this.#initializer(this.#fresh("number"), dtype, shape, new Array<number>(size).fill(value));
      throw new HeadExportError(
        "It repeats a number along the batch, for which there is an operator from operator set 8 on",
        "Compute it from the input.",
      );
    }
    return this.#push("Expand", [this.#scalar(value, dtype), this.#shape(shape)], {}, this.#fresh("value"));
  }

  #isBatch(size: number): boolean {
    return size > 0 && size % this.#options.batch === 0;
  }

  /** A shape as a tensor: sizes that depend on the batch are multiples of the first size of the input. */
  #shape(shape: Shape): string {
    if (!shape.some((d) => this.#isBatch(d))) {
      return this.#shared(`sizes ${shape}`, "sizes", "int64", [shape.length], shape);
    }
    const known = this.#constants.get(`shape ${shape}`);
    if (known !== undefined) return known;
    const parts = shape.map((d) => (this.#isBatch(d) ? this.#multiple(d / this.#options.batch) : this.#shape([d])));
    const axis = { type: "int", value: 0 } as const;
    const name =
      parts.length === 1 ? (parts[0] as string) : this.#push("Concat", parts, { axis }, this.#fresh("shape"));
    this.#constants.set(`shape ${shape}`, name);
    return name;
  }

  /** The batch size times `factor`, as a tensor of one number. */
  #multiple(factor: number): string {
    const key = `batch ${factor}`;
    let name = this.#constants.get(key);
    if (name !== undefined) return name;
    if (factor === 1) {
      const shape = this.#push("Shape", [this.#options.inputs[0] as string], {}, this.#fresh("shape"));
      name = this.#push("Gather", [shape, this.#shape([0])], { axis: { type: "int", value: 0 } }, this.#fresh("batch"));
    } else name = this.#push("Mul", [this.#multiple(1), this.#shape([factor])], {}, this.#fresh("batch"));
    this.#constants.set(key, name);
    return name;
  }

  #number(value: Value | undefined): number | undefined {
    const node = value && this.#producers.get(value);
    return node?.op.name === "full" ? (node.attrs as { value: number }).value : undefined;
  }

  #sizes(node: Node, shape: readonly number[], batch: 0 | -1): readonly number[] {
    const scaled = shape.map((d) => this.#isBatch(d));
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
