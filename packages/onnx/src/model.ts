import { type Attribute, attributeOf } from "./attribute.ts";
import { InvalidModelError, NotOnnxError, TruncatedModelError, UnsupportedModelError } from "./errors.ts";
import { decode, proto, toNumber } from "./proto.ts";
import { dtypeName, type OnnxDType, type ReadExternal, type TensorData, tensorData } from "./tensorData.ts";
import { type Field, fields, varintValue, WireError, wireType } from "./wire.ts";

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

/** A node of the graph. */
export interface OnnxNode {
  /** Position among the graph's nodes. */
  readonly index: number;
  /** The node's name; may be empty and is not always unique. */
  readonly name: string;
  readonly opType: string;
  /** `""` for the standard operators. */
  readonly domain: string;
  /** Names of values; `""` for an optional input left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, Attribute>;
}

/** The main graph of a model. */
export interface Graph {
  readonly name: string;
  readonly nodes: readonly OnnxNode[];
  readonly initializers: ReadonlyMap<string, TensorData>;
  /** Inputs without the initializers, which files below IR version 4 list here as well. */
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  readonly valueInfos: ReadonlyMap<string, ValueInfo>;
}

/** What an ONNX file says, as plain data, with the bytes it was read from. */
export interface OnnxModel {
  /** The file as it is; {@link splice} edits it. Not to be written to. */
  readonly bytes: Uint8Array;
  readonly irVersion: number;
  /** Version of the standard operator set. */
  readonly opset: number;
  /** Versions of all operator sets by domain; the standard one is `""`. */
  readonly opsets: ReadonlyMap<string, number>;
  /** Name and version of the exporter. */
  readonly producer: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** Operators that the file itself defines, as `domain.name`. */
  readonly functions: readonly string[];
  readonly graph: Graph;
  /** Gives the bytes of external data files, where that was asked for. */
  readonly externalData: ReadExternal | undefined;
}

/** Options of {@link readModel}. */
export interface ReadOptions {
  /** Gives the bytes of external data files by their relative path; `@graftjs/onnx/node` does it for files on disk. */
  readonly externalData?: ReadExternal;
}

/** Oldest version of the standard operator set that is read. */
export const oldestOpset = 7;

const { bytes: LENGTH, varint: VARINT } = wireType;

/** Wire types of ModelProto's fields; anything else in their place is no ONNX model. */
const modelFields: Readonly<Record<number, number>> = {
  1: VARINT, // ir_version
  2: LENGTH, // producer_name
  3: LENGTH, // producer_version
  4: LENGTH, // domain
  5: VARINT, // model_version
  6: LENGTH, // doc_string
  7: LENGTH, // graph
  8: LENGTH, // opset_import
  14: LENGTH, // metadata_props
  20: LENGTH, // training_info
  25: LENGTH, // functions
};

/**
 * Reads an ONNX file into plain data. Tensors' elements are read when asked for; nothing is executed.
 * `bytes` are kept, not copied.
 * @throws {NotOnnxError} the bytes are something else
 * @throws {TruncatedModelError} the file ends too early
 * @throws {InvalidModelError} a rule of the format is broken: no graph, twice the same name, data that does not fit its shape
 * @throws {UnsupportedModelError} no standard operator set from version 7 on
 */
export function readModel(source: Uint8Array, options: ReadOptions = {}): OnnxModel {
  // A plain view, so that subclasses such as Node's Buffer, whose slices alias, behave as arrays do.
  const bytes = new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
  if (bytes.length >= 2 ** 31)
    throw new UnsupportedModelError("it is larger than 2 GiB", "Export it with external data.");
  const top = modelFieldsOf(bytes);
  const of = (number: number): Field[] => top.filter((field) => field.number === number);
  const sub = ({ valueStart, end }: Field): Uint8Array => bytes.subarray(valueStart, end);
  const text = (number: number): string => new TextDecoder().decode(of(number).map(sub).at(-1));

  const opsets = new Map<string, number>();
  for (const field of of(8)) {
    const { domain, version } = decode("opset_import", proto.OperatorSetIdProto, sub(field));
    opsets.set(domain === "ai.onnx" ? "" : domain, toNumber(version));
  }
  const opset = opsets.get("");
  if (opset === undefined)
    throw new InvalidModelError("opset_import", "the standard operator set is not named; the file may be cut off");
  if (opset < oldestOpset) {
    throw new UnsupportedModelError(
      `its operator set is version ${opset}, and ${oldestOpset} is the oldest that is read`,
      "Export the model again, or raise it with onnx.version_converter.",
    );
  }
  const metadata: Record<string, string> = {};
  for (const field of of(14)) {
    const { key, value } = decode("metadata_props", proto.StringStringEntryProto, sub(field));
    metadata[key] = value;
  }
  const functions = of(25).map((field) => functionName(sub(field)));
  const [graphField, second] = of(7);
  if (!graphField || second)
    throw new InvalidModelError("model", `it has ${graphField ? "several graphs" : "no graph"}`);
  return {
    bytes,
    irVersion:
      of(1)
        .map((field) => varintValue(bytes, field))
        .at(-1) ?? 0,
    opset,
    opsets,
    producer: [text(2), text(3)].filter((part) => part !== "").join(" "),
    metadata,
    functions,
    graph: readGraph(sub(graphField), options.externalData),
    externalData: options.externalData,
  };
}

/** The fields of the model message; tells files that are no model, or only a part of one. */
function modelFieldsOf(bytes: Uint8Array): Field[] {
  if (bytes.length === 0) throw new NotOnnxError("the file is empty");
  const top: Field[] = [];
  const known = (): boolean => top.some(({ number }) => number in modelFields);
  try {
    for (const field of fields(bytes)) {
      const expected = modelFields[field.number];
      if (expected !== undefined && expected !== field.type) {
        throw new WireError("malformed", field.start, `field ${field.number} has the wrong type`);
      }
      top.push(field);
    }
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    const wireProblem = error.message;
    if (known() && !looksLikeText(bytes)) {
      if (error.kind === "truncated") throw new TruncatedModelError(error.offset, bytes.length, wireProblem);
      throw new InvalidModelError(`byte ${error.offset}`, wireProblem, { cause: error });
    }
    throw notOnnx(bytes);
  }
  if (!known()) throw notOnnx(bytes);
  if (!top.some(({ number }) => number === 7))
    throw new TruncatedModelError(bytes.length, bytes.length, "the graph should follow");
  return top;
}

function looksLikeText(bytes: Uint8Array): boolean {
  // Tab, line feed, carriage return, and everything from the space on but DEL; a model has zero and control bytes early.
  return bytes.subarray(0, 512).every((b) => (b >= 32 && b !== 127) || b === 9 || b === 10 || b === 13);
}

function notOnnx(bytes: Uint8Array): NotOnnxError {
  const start = new TextDecoder("latin1").decode(bytes.subarray(0, 64));
  if (start.startsWith("version https://git-lfs")) {
    return new NotOnnxError("it is a Git LFS pointer", "Run `git lfs pull` to fetch the model itself.");
  }
  if (start.startsWith("PK")) {
    return new NotOnnxError(
      "it is a zip archive, perhaps a PyTorch checkpoint",
      "Export it with torch.onnx.export first.",
    );
  }
  if (start.slice(8, 9) === "{")
    return new NotOnnxError("it looks like a safetensors file", "Weights alone are no model; give the ONNX file.");
  return new NotOnnxError(looksLikeText(bytes) ? "it is text" : "its bytes are not a model message");
}

function functionName(bytes: Uint8Array): string {
  // FunctionProto: name = 1, domain = 10, which the schema's version does not know yet.
  let name = "";
  let domain = "";
  for (const field of fields(bytes)) {
    const value = (): string => new TextDecoder().decode(bytes.subarray(field.valueStart, field.end));
    if (field.number === 1) name = value();
    if (field.number === 10) domain = value();
  }
  return `${domain}.${name}`;
}

function readGraph(bytes: Uint8Array, readExternal: ReadExternal | undefined): Graph {
  const nodes: OnnxNode[] = [];
  const initializers = new Map<string, TensorData>();
  const inputs: ValueInfo[] = [];
  const outputs: ValueInfo[] = [];
  const valueInfos = new Map<string, ValueInfo>();
  let name = "";
  try {
    for (const { number, valueStart, end } of fields(bytes)) {
      const value = bytes.subarray(valueStart, end);
      if (number === 1) nodes.push(readNode(nodes.length, value, readExternal));
      else if (number === 2) name = new TextDecoder().decode(value);
      else if (number === 5) {
        const where = `initializer ${initializers.size}`;
        const tensor = tensorData(where, decode(where, proto.TensorProto, value), readExternal);
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
  checkNames(nodes, inputs, initializers);
  return {
    name,
    nodes,
    initializers,
    inputs: inputs.filter((input) => !initializers.has(input.name)),
    outputs,
    valueInfos,
  };
}

/** Every value has one source, and that comes before its readers: the order in which the format asks nodes to be listed. */
function checkNames(
  nodes: readonly OnnxNode[],
  inputs: readonly ValueInfo[],
  initializers: ReadonlyMap<string, TensorData>,
): void {
  const known = new Set<string>([...initializers.keys(), ...inputs.map((input) => input.name)]);
  for (const node of nodes) {
    for (const input of node.inputs) {
      if (input === "" || known.has(input)) continue;
      throw new InvalidModelError(
        `node "${nodeName(node)}" (${node.opType})`,
        `its input "${input}" is not made before it`,
      );
    }
    for (const output of node.outputs) {
      if (output === "") continue;
      if (known.has(output))
        throw new InvalidModelError(`node "${nodeName(node)}" (${node.opType})`, `"${output}" is made twice`);
      known.add(output);
    }
  }
}

/** What to call a node in a message: its name, or its first output where it has none. */
export function nodeName(node: OnnxNode): string {
  return node.name || node.outputs.find((output) => output !== "") || `#${node.index}`;
}

function readNode(index: number, bytes: Uint8Array, readExternal: ReadExternal | undefined): OnnxNode {
  const where = `node ${index}`;
  const node = decode(where, proto.NodeProto, bytes);
  const attributes = new Map<string, Attribute>();
  for (const attribute of node.attribute) {
    const decoded = attribute as InstanceType<typeof proto.AttributeProto>;
    attributes.set(decoded.name, attributeOf(`node "${node.name || index}"`, decoded, readExternal));
  }
  const domain = node.domain === "ai.onnx" ? "" : node.domain;
  return { index, name: node.name, opType: node.opType, domain, inputs: node.input, outputs: node.output, attributes };
}

function readValueInfo(bytes: Uint8Array): ValueInfo {
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
