import { type Attribute, attributeOf } from "./attribute.ts";
import { InvalidModelError, UnsupportedModelError } from "./errors.ts";
import { decode, proto, toNumber, toText } from "./proto.ts";
import { dtypeName, type OnnxDType, type ReadExternal, type TensorData, tensorData } from "./tensorData.ts";
import { type Field, fields, WireError, wireType } from "./wire.ts";

/** A size of a dimension: a number, a symbol such as `"N"`, or unknown. */
export type Dimension = number | string | undefined;

/** Name, element type and shape of a value, as the file declares them. */
export interface ValueInfo {
  readonly name: string;
  /** `undefined` where the value is no tensor (a sequence, a map) or its type is not given. */
  readonly dtype: OnnxDType | undefined;
  /** `undefined`: not even the rank is known. */
  readonly shape: readonly Dimension[] | undefined;
}

/** A node of a graph. */
export interface OnnxNode {
  /** Position among the main graph's nodes; in a nested graph or a function, that of the node it belongs to. */
  readonly index: number;
  /** The node's name; may be empty and is not always unique. */
  readonly name: string;
  readonly opType: string;
  /** `""` for the standard operators. */
  readonly domain: string;
  /** Which of several functions of one name is meant; mostly `""`. */
  readonly overload: string;
  /** Version of the domain's operator set, where the node stands: the file's, or that of the function; 0 if none is named. */
  readonly opset: number;
  /** Names of values; `""` for an optional input left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, Attribute>;
}

/** The main graph of a model, or one that an attribute holds. */
export interface Graph {
  readonly name: string;
  readonly nodes: readonly OnnxNode[];
  readonly initializers: ReadonlyMap<string, TensorData>;
  /** Inputs without the initializers, which files below IR version 4 list here as well. */
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  readonly valueInfos: ReadonlyMap<string, ValueInfo>;
}

/** What reading a part of the file needs to know of the rest. */
export interface ReadContext {
  readonly externalData: ReadExternal | undefined;
  /** Versions of operator sets by domain. */
  readonly opsets: ReadonlyMap<string, number>;
  /** How many graphs are around. */
  readonly depth: number;
  /** How much may still be read of the whole file. */
  readonly left: Left;
  /** The index that nodes get; by their position where it is left out. */
  readonly index?: number;
}

/** Graphs and functions may lie this deep in each other. */
export const deepest = 64;

/** Empty messages take two bytes in a file, and much more here: so many of them may be read of one file. */
export interface Left {
  /** Fields of graphs, nodes and functions. */
  fields: number;
  /** Nodes, initializers and declarations of values. */
  items: number;
}

/** The limits for a file. */
export const limits: Readonly<Left> = { fields: 2 ** 21, items: 2 ** 17 };

/** Fields of GraphProto, besides nodes, whose values are items. */
const itemFields: ReadonlySet<number> = new Set([5, 11, 12, 13]);

/** A node may have this many inputs and outputs. */
const mostNames = 2 ** 14;

/** The fields of a message. @throws {UnsupportedModelError} if there are too many in the whole file */
export function* fieldsWithin(bytes: Uint8Array, left: Left): Generator<Field, void, void> {
  for (const field of fields(bytes)) {
    take(left, "fields");
    yield field;
  }
}

function take(left: Left, what: keyof Left): void {
  if (left[what]-- > 0) return;
  const names = { fields: "fields", items: "nodes, initializers and declarations" };
  throw new UnsupportedModelError(`it has more than ${limits[what]} ${names[what]}`, "Export the model again.");
}

/** Reads a GraphProto, with the graphs in it. @throws {InvalidModelError | UnsupportedModelError} */
export function readGraph(bytes: Uint8Array, context: ReadContext): Graph {
  if (context.depth > deepest) {
    throw new UnsupportedModelError(`its graphs are nested deeper than ${deepest}`, "Export the model again.");
  }
  const nodes: OnnxNode[] = [];
  const initializers = new Map<string, TensorData>();
  const inputs: ValueInfo[] = [];
  const outputs: ValueInfo[] = [];
  const valueInfos = new Map<string, ValueInfo>();
  let name = "";
  try {
    for (const { number, valueStart, end } of fieldsWithin(bytes, context.left)) {
      const value = bytes.subarray(valueStart, end);
      if (itemFields.has(number)) take(context.left, "items");
      if (number === 1) nodes.push(readNode(value, { index: nodes.length, ...context }));
      else if (number === 2) name = toText(value);
      else if (number === 5) {
        const where = `initializer ${initializers.size}`;
        const tensor = tensorData(where, value, context.externalData);
        if (initializers.has(tensor.name))
          throw new InvalidModelError("graph", `two initializers are named "${tensor.name}"`);
        initializers.set(tensor.name, tensor);
      } else if (number === 11) inputs.push(readValueInfo(value));
      else if (number === 12) outputs.push(readValueInfo(value));
      else if (number === 13) {
        const info = readValueInfo(value);
        valueInfos.set(info.name, info);
      } else if (number === 15) {
        throw new UnsupportedModelError("it has sparse initializers", "Make them dense before the export.");
      }
    }
  } catch (error) {
    if (error instanceof WireError) throw new InvalidModelError("graph", error.message, { cause: error });
    throw error;
  }
  const own = inputs.filter((input) => !initializers.has(input.name));
  return { name, nodes, initializers, inputs: own, outputs, valueInfos };
}

/** Fields of NodeProto; all are length-delimited. */
const nodeField = { input: 1, output: 2, name: 3, opType: 4, attribute: 5, domain: 7, overload: 8 } as const;

/** Reads a NodeProto, with the graphs in its attributes. */
export function readNode(bytes: Uint8Array, context: ReadContext & { readonly index: number }): OnnxNode {
  const { index } = context;
  take(context.left, "items");
  const texts = new Map<number, string[]>();
  const encoded: Uint8Array[] = [];
  for (const { number, type, valueStart, end } of fieldsWithin(bytes, context.left)) {
    if (number > nodeField.overload) continue;
    if (type !== wireType.bytes) throw new InvalidModelError(`node ${index}`, `field ${number} has the wrong type`);
    const value = bytes.subarray(valueStart, end);
    if (number === nodeField.attribute) encoded.push(value);
    else {
      const known = texts.get(number);
      if (known) known.push(toText(value));
      else texts.set(number, [toText(value)]);
    }
  }
  const all = (number: number): readonly string[] => texts.get(number) ?? [];
  if (all(nodeField.input).length + all(nodeField.output).length > mostNames)
    throw new UnsupportedModelError(
      `node ${index} has more than ${mostNames} inputs and outputs`,
      "Export the model again.",
    );
  const last = (number: number): string => all(number).at(-1) ?? "";
  const name = last(nodeField.name);
  const nested = { ...context, depth: context.depth + 1 };
  const attributes = encoded.map((value) =>
    attributeOf(`node "${name || index}"`, value, context.externalData, (graph) => readGraph(graph, nested)),
  );
  const domain = domainName(last(nodeField.domain));
  return {
    index,
    name,
    opType: last(nodeField.opType),
    domain,
    overload: last(nodeField.overload),
    opset: context.opsets.get(domain) ?? 0,
    inputs: all(nodeField.input),
    outputs: all(nodeField.output),
    attributes: new Map(attributes),
  };
}

/** The name of a domain; the standard operators have two. */
export function domainName(domain: string): string {
  return domain === "ai.onnx" ? "" : domain;
}

/** A declaration of more bytes is taken for a mistake. */
const longestValueInfo = 2 ** 20;

/** Reads a ValueInfoProto. */
export function readValueInfo(bytes: Uint8Array): ValueInfo {
  if (bytes.length > longestValueInfo)
    throw new InvalidModelError(
      "value info",
      `it has ${bytes.length} bytes; a name and a type need no more than ${longestValueInfo}`,
    );
  const { name, type } = decode("value info", proto.ValueInfoProto, bytes);
  const tensor = type?.tensorType;
  const shape = tensor?.shape?.dim?.map((dim): Dimension => {
    if (dim.dimParam) return dim.dimParam;
    const size = Object.hasOwn(dim, "dimValue") ? toNumber(dim.dimValue) : 0;
    // Some exporters write 0 or -1 for a size that is open.
    return size > 0 ? size : undefined;
  });
  return { name, dtype: tensor ? dtypeName(tensor.elemType ?? 0) : undefined, shape };
}

/** What to call a node in a message: its name, or its first output where it has none. */
export function nodeName(node: OnnxNode): string {
  return node.name || node.outputs.find((output) => output !== "") || `#${node.index}`;
}

/** The graphs in a node's attributes. */
export function graphsOf(node: OnnxNode): readonly Graph[] {
  return [...node.attributes.values()].flatMap(({ type, value }) =>
    type === "graph" ? [value] : type === "graphs" ? value : [],
  );
}

/** All nodes, each before those of the graphs in its attributes. */
export function* withNested(nodes: readonly OnnxNode[]): Generator<OnnxNode, void, void> {
  for (const node of nodes) {
    yield node;
    for (const graph of graphsOf(node)) yield* withNested(graph.nodes);
  }
}

/** Names of values that a node reads, those that its graphs take from around them included. */
export function readsOf(node: OnnxNode): readonly string[] {
  return [...node.inputs.filter((name) => name !== ""), ...graphsOf(node).flatMap(takenBy)];
}

const taken = new WeakMap<Graph, readonly string[]>();

/** Names of values that a nested graph takes from around it. */
function takenBy(graph: Graph): readonly string[] {
  const known = taken.get(graph);
  if (known) return known;
  const own = new Set([...graph.initializers.keys(), ...graph.inputs.map(({ name }) => name)]);
  const names = new Set<string>();
  const read = (name: string): void => {
    if (!own.has(name)) names.add(name);
  };
  for (const node of graph.nodes) {
    readsOf(node).forEach(read);
    for (const output of node.outputs) own.add(output);
  }
  for (const { name } of graph.outputs) read(name);
  const found = [...names];
  taken.set(graph, found);
  return found;
}

/**
 * Every value has one source, and that comes before its readers: the order in which the format asks nodes to be listed.
 * @param names - what is there before the first node. @param outer - tells what is known around.
 * @throws {InvalidModelError}
 */
export function checkNames(
  nodes: readonly OnnxNode[],
  names: Iterable<string>,
  outer: (name: string) => boolean = () => false,
): void {
  const own = new Set(names);
  const known = (name: string): boolean => own.has(name) || outer(name);
  for (const node of nodes) {
    const invalid = (problem: string): InvalidModelError =>
      new InvalidModelError(`node "${nodeName(node)}" (${node.opType})`, problem);
    for (const input of node.inputs)
      if (input !== "" && !known(input)) throw invalid(`its input "${input}" is not made before it`);
    for (const graph of graphsOf(node)) checkGraph(graph, known);
    for (const output of node.outputs) {
      if (output === "") continue;
      if (own.has(output)) throw invalid(`"${output}" is made twice`);
      own.add(output);
    }
  }
}

/** As {@link checkNames}, of a graph. */
export function checkGraph({ nodes, inputs, initializers }: Graph, outer?: (name: string) => boolean): void {
  checkNames(nodes, [...initializers.keys(), ...inputs.map(({ name }) => name)], outer);
}
