import type { Attribute } from "./attribute.ts";
import { InvalidModelError } from "./errors.ts";
import type { OnnxModel, ValueInfo } from "./model.ts";
import { decode, proto } from "./proto.ts";
import {
  dtypeNumber,
  type ExternalData,
  encodeRaw,
  type OnnxArray,
  type OnnxDType,
  type TensorData,
} from "./tensorData.ts";
import { concatBytes, encodeBytesField, encodeField, encodeVarint, type Field, fields, wireType } from "./wire.ts";

/** A node to add, with plain attributes (numbers without a fraction in `ints`-like places are told apart by `type`). */
export interface NodeSpec {
  readonly name: string;
  readonly opType: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, NodeSpecAttribute>>;
}

/** The kinds of attribute that added nodes may have. */
export type NodeSpecAttribute = Extract<Attribute, { readonly type: "float" | "int" | "string" | "floats" | "ints" }>;

/** New names of a node's outputs, and nodes that are placed behind it, in this order. */
export interface NodeExtension {
  readonly outputs: readonly string[];
  readonly behind: readonly NodeSpec[];
}

/** An initializer to add; written as raw data. */
export interface InitializerSpec {
  readonly name: string;
  readonly dims: readonly number[];
  readonly dtype: OnnxDType;
  readonly data: OnnxArray | readonly number[];
}

/** What {@link splice} changes; everything else stays byte for byte. */
export interface Edits {
  /** New elements for initializers that exist, or where they lie now; shape, element type and all other fields stay. */
  readonly replaceInitializers?: ReadonlyMap<string, OnnxArray | ExternalData>;
  /** New elements for what Constant nodes hold, by the node's index; all else in the node stays. */
  readonly replaceConstants?: ReadonlyMap<number, OnnxArray>;
  /** New elements for lists of floats that are attributes of nodes, by the node's index and the attribute's name; all else stays. */
  readonly replaceAttributes?: ReadonlyMap<number, ReadonlyMap<string, OnnxArray>>;
  /** Nodes to leave out, by their index. */
  readonly removeNodes?: ReadonlySet<number>;
  /** Nodes to write anew in the same place, by their index: what a {@link NodeSpec} gives; documentation and metadata stay. */
  readonly replaceNodes?: ReadonlyMap<number, NodeSpec>;
  /** Nodes whose outputs get other names, by their index, and what comes right behind them; all else in them stays. */
  readonly extendNodes?: ReadonlyMap<number, NodeExtension>;
  /** Initializers to leave out, also where they are listed among the inputs. */
  readonly removeInitializers?: ReadonlySet<string>;
  /** Values that are gone, whose declared types (value infos, quantisation notes) go as well. */
  readonly removeValues?: ReadonlySet<string>;
  /** Placed before the first node, in this order. */
  readonly prependNodes?: readonly NodeSpec[];
  /** Placed behind the last node, in this order. */
  readonly addNodes?: readonly NodeSpec[];
  readonly addInitializers?: readonly InitializerSpec[];
  /** The graph's inputs instead of the present ones; initializers that are listed among them stay. */
  readonly inputs?: readonly ValueInfo[];
  /** The graph's outputs instead of the present ones. */
  readonly outputs?: readonly ValueInfo[];
  /** Set or replaced by key; other entries stay. */
  readonly metadata?: Readonly<Record<string, string>>;
}

const modelField = { graph: 7, opset: 8, metadata: 14 } as const;
const graphField = { node: 1, initializer: 5, input: 11, output: 12, valueInfo: 13, quantization: 14 } as const;
const tensorField = { raw: 9, external: 13, location: 14, data: new Set([4, 5, 6, 7, 9, 10, 11, 13, 14]) } as const;
/** Attributes are the last field that a {@link NodeSpec} gives. */
const nodeField = { output: 2, attribute: 5 } as const;
const attributeField = { node: 5, tensor: 5, floats: 7 } as const;

/**
 * The model's bytes with `edits` made, and all that is not named there as it was: order, unknown fields, documentation, names.
 * Without any edit the result equals `model.bytes`.
 * @throws {InvalidModelError} if an initializer to replace is not there or has another number of elements.
 *
 * @example
 * ```ts
 * import { readFile } from "node:fs/promises";
 * import { readModel, splice } from "@graftjs/onnx";
 *
 * const model = readModel(await readFile("fixtures/onnx/resnet.onnx"));
 * const bytes = splice(model, { metadata: { author: "Ada" } });
 * console.log(readModel(bytes).metadata); // { author: "Ada" }
 * ```
 */
export function splice(model: OnnxModel, edits: Edits): Uint8Array<ArrayBuffer> {
  const changesGraph = Object.keys(edits).some((key) => key !== "metadata");
  const metadata = new Map(Object.entries(edits.metadata ?? {}));
  const parts: Uint8Array[] = [];
  for (const field of fields(model.bytes)) {
    const value = model.bytes.subarray(field.valueStart, field.end);
    if (field.number === modelField.graph && changesGraph) {
      parts.push(encodeField(modelField.graph, spliceGraph(model, value, edits)));
      continue;
    }
    if (field.number === modelField.metadata) {
      const { key, value: old } = decode("metadata_props", proto.StringStringEntryProto, value);
      const replacement = metadata.get(key);
      metadata.delete(key);
      if (replacement !== undefined && replacement !== old) {
        parts.push(metadataEntry(key, replacement));
        continue;
      }
    }
    parts.push(model.bytes.subarray(field.start, field.end));
  }
  for (const [key, value] of metadata) parts.push(metadataEntry(key, value));
  const adds = [...(edits.addNodes ?? []), ...(edits.prependNodes ?? [])].length > 0;
  if (adds && !model.opsets.has("")) parts.push(opsetImport(standardOpset(model)));
  return concatBytes(parts);
}

/** The version of the standard operator set that new nodes are of: the file's, or, where all of its nodes are of others, 13. */
export function standardOpset({ opsets }: OnnxModel): number {
  return opsets.get("") ?? 13;
}

function opsetImport(version: number): Uint8Array {
  return encodeBytesField(modelField.opset, proto.OperatorSetIdProto.encode({ domain: "", version }).finish());
}

function metadataEntry(key: string, value: string): Uint8Array {
  return encodeBytesField(modelField.metadata, proto.StringStringEntryProto.encode({ key, value }).finish());
}

function spliceGraph(model: OnnxModel, bytes: Uint8Array, edits: Edits): Uint8Array[] {
  const all = [...fields(bytes)];
  const replacements = new Map(edits.replaceInitializers);
  const removed = (name: string): boolean => edits.removeInitializers?.has(name) ?? false;
  // Exporters declare the types of initializers among those of values, too.
  const gone = (name: string): boolean => (edits.removeValues?.has(name) ?? false) || removed(name);
  // Files below IR version 4 must list initializers among the inputs too.
  const addedInputs = model.irVersion < 4 ? (edits.addInitializers ?? []) : [];
  const additions: Readonly<Record<number, readonly Uint8Array[]>> = {
    [graphField.node]: (edits.addNodes ?? []).map(encodeNode),
    [graphField.initializer]: (edits.addInitializers ?? []).map(encodeInitializer),
    [graphField.input]: [
      ...(edits.inputs ?? []),
      ...addedInputs.map(({ name, dtype, dims }) => ({ name, dtype, shape: dims })),
    ].map((info) => encodeValueInfo(graphField.input, info)),
    [graphField.output]: (edits.outputs ?? []).map((info) => encodeValueInfo(graphField.output, info)),
  };
  const last = new Map(all.map(({ number }, i) => [number, i]));
  const names = [...model.graph.initializers.keys()];
  const parts: Uint8Array[] = [];
  let nodes = 0;
  let initializers = 0;

  const rewritten = (field: Field): Uint8Array | null => {
    const value = bytes.subarray(field.valueStart, field.end);
    const same = bytes.subarray(field.start, field.end);
    switch (field.number) {
      case graphField.node: {
        const index = nodes++;
        if (edits.removeNodes?.has(index)) return null;
        const replacement = edits.replaceNodes?.get(index);
        if (replacement) return replaceNode(value, replacement);
        const extension = edits.extendNodes?.get(index);
        if (extension) return extendNode(value, extension);
        const elements = edits.replaceConstants?.get(index);
        if (elements) return encodeBytesField(graphField.node, ...replaceConstant(model, index, value, elements));
        const lists = edits.replaceAttributes?.get(index);
        if (lists) return encodeBytesField(graphField.node, ...replaceLists(value, lists));
        return same;
      }
      case graphField.initializer: {
        const name = names[initializers++] as string;
        if (removed(name)) return null;
        const elements = replacements.get(name);
        if (elements === undefined) return same;
        replacements.delete(name);
        const stored = model.graph.initializers.get(name) as TensorData;
        return encodeBytesField(graphField.initializer, ...replaceElements(stored, value, elements));
      }
      case graphField.input: {
        const { name } = decode("input", proto.ValueInfoProto, value);
        const isReplaced = edits.inputs !== undefined && !model.graph.initializers.has(name);
        return removed(name) || isReplaced ? null : same;
      }
      case graphField.output:
        return edits.outputs ? null : same;
      case graphField.valueInfo:
        return gone(decode("value info", proto.ValueInfoProto, value).name) ? null : same;
      case graphField.quantization:
        return gone(decode("quantization", proto.TensorAnnotation, value).tensorName) ? null : same;
      default:
        return same;
    }
  };

  const firstNode = all.findIndex(({ number }) => number === graphField.node);
  all.forEach((field, i) => {
    if (i === firstNode) parts.push(...(edits.prependNodes ?? []).map(encodeNode));
    const part = rewritten(field);
    if (part) parts.push(part);
    if (last.get(field.number) === i) parts.push(...(additions[field.number] ?? []));
  });
  for (const [number, added] of Object.entries(additions)) if (!last.has(Number(number))) parts.push(...added);
  for (const name of replacements.keys())
    throw new InvalidModelError("splice", `there is no initializer "${name}" to replace`);
  return parts;
}

/** The fields of a TensorProto with its elements replaced, in the place where the old ones began. */
function replaceElements(
  { name, dtype, size }: Pick<TensorData, "name" | "dtype" | "size">,
  bytes: Uint8Array,
  elements: OnnxArray | ExternalData,
): Uint8Array[] {
  if (!("location" in elements) && elements.length !== size)
    throw new InvalidModelError(`tensor "${name}"`, `${size} elements are to be replaced by ${elements.length}`);
  const fresh =
    "location" in elements ? encodeExternal(elements) : [encodeBytesField(tensorField.raw, encodeRaw(dtype, elements))];
  return replaceFields(bytes, (number) => tensorField.data.has(number), fresh);
}

/** Where a tensor's elements lie, as fields of a TensorProto. */
function encodeExternal({ location, offset, length }: ExternalData): Uint8Array[] {
  const entries = Object.entries({ location, offset, length }).map(([key, value]) =>
    encodeBytesField(tensorField.external, proto.StringStringEntryProto.encode({ key, value: String(value) }).finish()),
  );
  return [...entries, encodeVarint(tensorField.location * 8 + wireType.varint), encodeVarint(1)];
}

/** The fields of a Constant node with the elements in its attribute, the only one that it has, replaced. */
function replaceConstant({ graph }: OnnxModel, index: number, bytes: Uint8Array, elements: OnnxArray): Uint8Array[] {
  const value = graph.nodes[index]?.attributes.get("value");
  const inAttribute = (attribute: Uint8Array): Uint8Array[] => {
    if (value?.type !== "tensor") return replaceFloats(attribute, elements);
    return [...fields(attribute)].map(({ number, start, valueStart, end }) =>
      number === attributeField.tensor
        ? encodeBytesField(number, ...replaceElements(value.value, attribute.subarray(valueStart, end), elements))
        : attribute.subarray(start, end),
    );
  };
  return [...fields(bytes)].map(({ number, start, valueStart, end }) =>
    number === attributeField.node
      ? encodeBytesField(number, ...inAttribute(bytes.subarray(valueStart, end)))
      : bytes.subarray(start, end),
  );
}

/** A node written anew, with what the old one says besides: documentation, metadata, fields unknown here. */
function replaceNode(bytes: Uint8Array, spec: NodeSpec): Uint8Array {
  const kept = [...fields(bytes)].flatMap(({ number, start, end }) =>
    number > nodeField.attribute ? [bytes.subarray(start, end)] : [],
  );
  return encodeBytesField(graphField.node, encodeNodeFields(spec), ...kept);
}

/** A node's fields with other names for its outputs, and the nodes behind it. */
function extendNode(bytes: Uint8Array, { outputs, behind }: NodeExtension): Uint8Array {
  const names = outputs.map((name) => encodeBytesField(nodeField.output, new TextEncoder().encode(name)));
  const renamed = replaceFields(bytes, (number) => number === nodeField.output, names);
  return concatBytes([encodeBytesField(graphField.node, ...renamed), ...behind.map(encodeNode)]);
}

/** The fields of a node with the lists of floats in some of its attributes replaced. */
function replaceLists(bytes: Uint8Array, lists: ReadonlyMap<string, OnnxArray>): Uint8Array[] {
  return [...fields(bytes)].map(({ number, start, valueStart, end }) => {
    const attribute = bytes.subarray(valueStart, end);
    const elements =
      number === attributeField.node && lists.get(decode("attribute", proto.AttributeProto, attribute).name);
    return elements ? encodeBytesField(number, ...replaceFloats(attribute, elements)) : bytes.subarray(start, end);
  });
}

/** The fields of an attribute with its list of floats replaced. */
function replaceFloats(attribute: Uint8Array, elements: OnnxArray): Uint8Array[] {
  const list = encodeBytesField(attributeField.floats, encodeRaw("float32", elements));
  return replaceFields(attribute, (number) => number === attributeField.floats, [list]);
}

/** A message with some fields replaced by others, in the place where the first was; at the end if there was none. */
function replaceFields(
  bytes: Uint8Array,
  isOld: (number: number) => boolean,
  fresh: readonly Uint8Array[],
): Uint8Array[] {
  const all = [...fields(bytes)];
  const kept = all.map(({ number, start, end }) => (isOld(number) ? undefined : bytes.subarray(start, end)));
  const at = all.findIndex(({ number }) => isOld(number));
  const place = at < 0 ? all.length : at;
  return [...kept.slice(0, place), ...fresh, ...kept.slice(place)].filter((part) => part !== undefined);
}

function encodeNode(spec: NodeSpec): Uint8Array {
  return encodeBytesField(graphField.node, encodeNodeFields(spec));
}

function encodeNodeFields(spec: NodeSpec): Uint8Array {
  const attribute = Object.entries(spec.attributes ?? {}).map(([name, value]) => encodeAttribute(name, value));
  const { name, opType, inputs, outputs } = spec;
  const node = { name, opType, input: [...inputs], output: [...outputs], attribute };
  return proto.NodeProto.encode(node).finish();
}

function encodeAttribute(name: string, { type, value }: NodeSpecAttribute): object {
  switch (type) {
    case "float":
      return { name, type: 1, f: value };
    case "int":
      return { name, type: 2, i: value };
    case "string":
      return { name, type: 3, s: new TextEncoder().encode(value) };
    case "floats":
      return { name, type: 6, floats: [...value] };
    case "ints":
      return { name, type: 7, ints: [...value] };
  }
}

function encodeInitializer({ name, dims, dtype, data }: InitializerSpec): Uint8Array {
  const tensor = { name, dims: [...dims], dataType: dtypeNumber(dtype), rawData: encodeRaw(dtype, data) };
  return encodeBytesField(graphField.initializer, proto.TensorProto.encode(tensor).finish());
}

function encodeValueInfo(field: number, { name, dtype, shape }: ValueInfo): Uint8Array {
  const dim = shape?.map((d) => (typeof d === "number" ? { dimValue: d } : d === undefined ? {} : { dimParam: d }));
  const tensorType = { elemType: dtypeNumber(dtype ?? "float32"), ...(dim && { shape: { dim } }) };
  return encodeBytesField(field, proto.ValueInfoProto.encode({ name, type: { tensorType } }).finish());
}
