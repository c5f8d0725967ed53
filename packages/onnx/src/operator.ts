import type { DType, Generator, Node, OpName, Shape, Tensor, Value as TracedValue } from "@graftjs/tensor";
import type { Attribute } from "./attribute.ts";
import type { Constant, Value } from "./constant.ts";
import type { Graph } from "./graph.ts";
import type { OnnxNode } from "./model.ts";
import type { GraphValue, Sequence } from "./sequence.ts";
import type { NodeSpecAttribute } from "./splice.ts";
import type { OnnxDType, TensorData } from "./tensorData.ts";

/** How an attribute is read: its kind, and what it is where the node leaves it out. */
export interface AttributeSpec<T> {
  readonly types: readonly Attribute["type"][];
  readonly fallback: T;
}

export const int = <T extends number | undefined>(fallback: T): AttributeSpec<T | number> => ({
  types: ["int"],
  fallback,
});
export const float = <T extends number | undefined>(fallback: T): AttributeSpec<T | number> => ({
  types: ["float"],
  fallback,
});
export const string = <T extends string | undefined>(fallback: T): AttributeSpec<T | string> => ({
  types: ["string"],
  fallback,
});
export const ints = (): AttributeSpec<readonly number[] | undefined> => ({ types: ["ints"], fallback: undefined });
export const floats = (): AttributeSpec<readonly number[] | undefined> => ({ types: ["floats"], fallback: undefined });
export const strings = (): AttributeSpec<readonly string[] | undefined> => ({
  types: ["strings"],
  fallback: undefined,
});
export const tensor = (): AttributeSpec<TensorData | undefined> => ({ types: ["tensor"], fallback: undefined });
/** A graph, which `Inputs.run` runs. */
export const graph = (): AttributeSpec<Graph | undefined> => ({ types: ["graph"], fallback: undefined });
/** An attribute that is accepted and has no effect here. */
export const ignored = (): AttributeSpec<undefined> => ({
  types: ["float", "int", "string", "tensor", "floats", "ints", "strings", "other"],
  fallback: undefined,
});

/** The attributes of an operator by name, each with how it is read. */
export type AttributeSpecs = Readonly<Record<string, AttributeSpec<unknown>>>;

/** The values of attributes that were declared with specs `S`. */
export type Attributes<S extends AttributeSpecs> = {
  readonly [K in keyof S]: S[K] extends AttributeSpec<infer T> ? T : never;
};

/**
 * What an input is to the operator:
 * - `data`: a value that may vary and be differentiated; a float initializer here becomes a parameter, unless it is one number
 * - `parameter`: the same, also if it is one number
 * - `buffer`: state that training updates without gradients (running statistics)
 * - `constant`: must be known when the graph is traced (shapes, axes, bounds)
 */
export type InputRole = "data" | "parameter" | "buffer" | "constant";

/** What an operator is given when a node of it is imported. */
export interface ImportContext<A> {
  readonly node: OnnxNode;
  /** Version of the operator set that the file asks for, or the function in it that the node stems from. */
  readonly opset: number;
  readonly attributes: A;
  /** Refuses the node. @throws {UnsupportedOperatorError} always */
  reject(reason: string): never;
}

/** The values that reach a node, and the mode it runs in. */
export interface Inputs {
  /** Number of inputs that the node lists. */
  readonly count: number;
  /** Whether batch statistics and dropout apply: the module trains, and the node is not frozen. */
  readonly training: boolean;
  /** Whether the node does what its attributes and inputs say, whatever mode the module is in. */
  readonly bySpecification: boolean;
  /** Batch size that the file bakes in, where it does: `undefined` if the first dimension of its input is dynamic. */
  readonly bakedBatch: number | undefined;
  /** Batch size of what the network is given, where it is known. */
  readonly batch: number | undefined;
  has(i: number): boolean;
  /** @throws {NodeError} if input `i` is left out, or no tensor */
  value(i: number): Value;
  /** The input, which may be a sequence or an empty optional too. @throws {NodeError} if it is left out */
  any(i: number): GraphValue;
  /** @throws {NodeError} if input `i` is no sequence */
  sequence(i: number): Sequence;
  /** The input as a tensor; constants are converted. */
  tensor(i: number): Tensor;
  shape(i: number): Shape;
  /** The element type that the file declares for an input, if it does: tensors hold all integers as int32. */
  declared(i: number): OnnxDType | undefined;
  /** The input's elements, known at this point. @throws {UnsupportedOperatorError} if they depend on data */
  constant(i: number): Constant;
  numbers(i: number): readonly number[];
  /** Replaces the buffer that input `i` is, and returns its new value; an input that is no buffer stays as it is. */
  update(i: number, value: Tensor): Tensor;
  /** Random numbers for dropout. */
  readonly generator: Generator;
  /**
   * Runs a graph that an attribute of the node holds, with values for its inputs in order; it sees all that is known around the node.
   * Returns the graph's outputs in order.
   */
  run(graph: Graph, values: readonly GraphValue[]): readonly GraphValue[];
  /** Refuses the node for the values that reach it. @throws {UnsupportedOperatorError} always */
  reject(reason: string): never;
}

/** What runs for a node, once a trace: its outputs in order, or its only output. */
export type Run = (inputs: Inputs) => GraphValue | readonly GraphValue[];

/** What an operator is given to write one op of a traced function as ONNX nodes. */
export interface ExportContext {
  /** The op as it was traced: its attributes, and the shapes of what it reads and makes. */
  readonly op: Node;
  /** Version of the operator set of the file that is written to. */
  readonly opset: number;
  /** The op that makes a value; `undefined` for what comes from outside of the trace. */
  producer(value: TracedValue): Node | undefined;
  /** Whether only one op reads a value, and the function does not return it. */
  readOnce(value: TracedValue): boolean;
  /** Whether a value is a tensor from outside: a parameter, a buffer, a constant. */
  isState(value: TracedValue): boolean;
  /** The number that a value is filled with, where the trace knows it. */
  number(value: TracedValue | undefined): number | undefined;
  /** Name of a value; writes what it takes to make it. */
  name(value: TracedValue): string;
  /** Name of the op's input `i`; writes what it takes to make it. */
  input(i: number): string;
  /** Adds a node; without `output` it makes the op's own result. Returns the name of what it makes. */
  emit(
    opType: string,
    inputs: readonly string[],
    attributes?: Readonly<Record<string, NodeSpecAttribute>>,
    output?: string,
  ): string;
  /** Adds a node of several outputs, with names of {@link result} or {@link fresh}. */
  emitAll(
    opType: string,
    inputs: readonly string[],
    outputs: readonly string[],
    attributes?: Readonly<Record<string, NodeSpecAttribute>>,
  ): void;
  /** Name of the op's output `i`, which the rule then makes. */
  result(i: number): string;
  /** A name for a value in between. */
  fresh(): string;
  /** Adds an int64 initializer and returns its name. */
  ints(values: readonly number[]): string;
  /** Adds a scalar float initializer and returns its name. */
  float(value: number): string;
  /** Adds an initializer of one number without axes, and returns its name. */
  scalar(value: number, dtype: DType | "int64"): string;
  /** Whether a size depends on the batch. */
  isBatch(size: number): boolean;
  /** Name of an int64 tensor that holds a shape, computed from the input where the shape depends on the batch. */
  shape(shape: Shape): string;
  /** A shape with the batch as `batch`, which stands for whatever size comes: 0 (as it was) or -1 (what remains). */
  sizes(shape: Shape, batch: 0 | -1): readonly number[];
  /** Refuses the op. @throws {HeadExportError} always */
  reject(reason: string): never;
}

/** The element type of an op's first result. */
export function dtypeOf({ outputs }: Node): DType {
  return (outputs[0] as TracedValue).spec.dtype;
}

/** Writes one op as ONNX nodes. */
export type ExportRule = (context: ExportContext) => void;

/** Writes one op together with those before it, if they fit; else returns `false` and writes nothing. */
export type ExportPattern = (context: ExportContext) => boolean;

/** One ONNX operator: everything that Graft knows about it. */
export interface Operator {
  readonly opType: string;
  /** `""` for the standard operators. */
  readonly domain: string;
  /** Operator set versions at which the definition changed, oldest first. */
  readonly since: readonly number[];
  readonly attributes: AttributeSpecs;
  /** Roles of inputs by position; `data` where none is given. */
  readonly roles: Readonly<Record<number, InputRole>>;
  /** Checks a node and returns what runs for it. @throws {UnsupportedOperatorError} */
  import(context: ImportContext<Readonly<Record<string, unknown>>>): Run;
  /** How ops are written as this operator; empty if none is. */
  readonly exports: Readonly<Partial<Record<OpName, ExportRule>>>;
  /** How several ops are written as this one, by the last of them; tried before `exports`. */
  readonly patterns: Readonly<Partial<Record<OpName, ExportPattern>>>;
}

interface Definition<S extends AttributeSpecs> {
  readonly opType: string;
  /** Default `""`. */
  readonly domain?: string;
  readonly since: readonly number[];
  readonly attributes?: S;
  readonly roles?: Readonly<Record<number, InputRole>>;
  import(context: ImportContext<Attributes<S>>): Run;
  readonly exports?: Operator["exports"];
  readonly patterns?: Operator["patterns"];
}

/** Defines an operator, with its attributes typed by their specs. */
export function defineOperator<S extends AttributeSpecs = Record<never, never>>(definition: Definition<S>): Operator {
  const { opType, domain = "", since, attributes, roles, exports, patterns } = definition;
  return {
    opType,
    domain,
    since,
    attributes: attributes ?? {},
    roles: roles ?? {},
    exports: exports ?? {},
    patterns: patterns ?? {},
    import: (context) => definition.import(context as unknown as ImportContext<Attributes<S>>),
  };
}

/** Reads a node's attributes by an operator's specs. Gives a reason instead if one does not fit. */
export function readAttributes(node: OnnxNode, specs: AttributeSpecs): Readonly<Record<string, unknown>> | string {
  const values: Record<string, unknown> = {};
  for (const [name, { fallback }] of Object.entries(specs)) values[name] = fallback;
  for (const [name, { type, value }] of node.attributes) {
    const spec = Object.hasOwn(specs, name) ? specs[name] : undefined;
    if (!spec) return `attribute "${name}" is not known`;
    if (!spec.types.includes(type))
      return `attribute "${name}" is of type ${type} instead of ${spec.types.join(" or ")}`;
    values[name] = value;
  }
  return values;
}
