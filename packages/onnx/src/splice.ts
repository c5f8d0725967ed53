import type { Attribute } from "./attribute.ts";
import { InvalidModelError } from "./errors.ts";
import type { OnnxModel, ValueInfo } from "./model.ts";
import { decode, proto } from "./proto.ts";
import { byteLengthOf, dtypeNumber, encodeRaw, type OnnxArray, type OnnxDType } from "./tensorData.ts";
import { concatBytes, encodeBytesField, type Field, fields } from "./wire.ts";

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

/** An initializer to add; written as raw data. */
export interface InitializerSpec {
  readonly name: string;
  readonly dims: readonly number[];
  readonly dtype: OnnxDType;
  readonly data: OnnxArray | readonly number[];
}

/** What {@link splice} changes; everything else stays byte for byte. */
export interface Edits {
  /** New elements for initializers that exist; shape, element type and all other fields stay. */
  readonly replaceInitializers?: ReadonlyMap<string, OnnxArray>;
  /** Nodes to leave out, by their index. */
  readonly removeNodes?: ReadonlySet<number>;
  /** Nodes to write anew in the same place, by their index. */
  readonly replaceNodes?: ReadonlyMap<number, NodeSpec>;
  /** Initializers to leave out, also where they are listed among the inputs. */
  readonly removeInitializers?: ReadonlySet<string>;
  /** Values that are gone, whose declared types (value infos, quantisation notes) go as well. */
  readonly removeValues?: ReadonlySet<string>;
  /** Placed behind the last node, in this order. */
  readonly addNodes?: readonly NodeSpec[];
  readonly addInitializers?: readonly InitializerSpec[];
  /** The graph's outputs instead of the present ones. */
  readonly outputs?: readonly ValueInfo[];
  /** Set or replaced by key; other entries stay. */
  readonly metadata?: Readonly<Record<string, string>>;
}

const modelField = { graph: 7, metadata: 14 } as const;
const graphField = { node: 1, initializer: 5, input: 11, output: 12, valueInfo: 13, quantization: 14 } as const;
const tensorField = { name: 8, raw: 9, data: new Set([4, 5, 6, 7, 9, 10, 11, 13, 14]) } as const;

/**
 * The model's bytes with `edits` made, and all that is not named there as it was: order, unknown fields, documentation, names.
 * Without any edit the result equals `model.bytes`.
 * @throws {InvalidModelError} if an initializer to replace is not there or has another number of elements.
 */
export function splice(model: OnnxModel, edits: Edits): Uint8Array<ArrayBuffer> {
  const changesGraph = Object.keys(edits).some((key) => key !== "metadata");
  const metadata = new Map(Object.entries(edits.metadata ?? {}));
  const parts: Uint8Array[] = [];
  for (const field of fields(model.bytes)) {
    const value = model.bytes.subarray(field.valueStart, field.end);
    if (field.number === modelField.graph && changesGraph) {
      parts.push(encodeBytesField(modelField.graph, ...spliceGraph(model, value, edits)));
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
  return concatBytes(parts);
}

function metadataEntry(key: string, value: string): Uint8Array {
  return encodeBytesField(modelField.metadata, proto.StringStringEntryProto.encode({ key, value }).finish());
}

function spliceGraph(model: OnnxModel, bytes: Uint8Array, edits: Edits): Uint8Array[] {
  const all = [...fields(bytes)];
  const replacements = new Map(edits.replaceInitializers);
  const removed = (name: string): boolean => edits.removeInitializers?.has(name) ?? false;
  const gone = (name: string): boolean => edits.removeValues?.has(name) ?? false;
  // Files below IR version 4 must list initializers among the inputs too.
  const addedInputs = model.irVersion < 4 ? (edits.addInitializers ?? []) : [];
  const additions: Readonly<Record<number, readonly Uint8Array[]>> = {
    [graphField.node]: (edits.addNodes ?? []).map(encodeNode),
    [graphField.initializer]: (edits.addInitializers ?? []).map(encodeInitializer),
    [graphField.input]: addedInputs.map(({ name, dtype, dims }) =>
      encodeValueInfo(graphField.input, { name, dtype, shape: dims }),
    ),
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
        const replacement = edits.replaceNodes?.get(index);
        if (replacement) return encodeNode(replacement);
        return edits.removeNodes?.has(index) ? null : same;
      }
      case graphField.initializer: {
        const name = names[initializers++] as string;
        if (removed(name)) return null;
        const elements = replacements.get(name);
        if (elements === undefined) return same;
        replacements.delete(name);
        return encodeBytesField(graphField.initializer, ...replaceElements(model, name, value, elements));
      }
      case graphField.input:
        return removed(decode("input", proto.ValueInfoProto, value).name) ? null : same;
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

  all.forEach((field, i) => {
    const part = rewritten(field);
    if (part) parts.push(part);
    if (last.get(field.number) === i) parts.push(...(additions[field.number] ?? []));
  });
  for (const [number, added] of Object.entries(additions)) if (!last.has(Number(number))) parts.push(...added);
  for (const name of replacements.keys())
    throw new InvalidModelError("splice", `there is no initializer "${name}" to replace`);
  return parts;
}

/** The fields of a TensorProto with its elements replaced by raw data, in the place where the old ones began. */
function replaceElements(model: OnnxModel, name: string, bytes: Uint8Array, elements: OnnxArray): Uint8Array[] {
  const { dtype, size } = model.graph.initializers.get(name) as { dtype: OnnxDType; size: number };
  const raw = encodeRaw(dtype, elements);
  if (raw.length !== byteLengthOf(dtype, size)) {
    throw new InvalidModelError(`initializer "${name}"`, `${size} elements are to be replaced by ${elements.length}`);
  }
  const parts: Uint8Array[] = [];
  let written = false;
  for (const field of fields(bytes)) {
    if (!tensorField.data.has(field.number)) parts.push(bytes.subarray(field.start, field.end));
    else if (!written) {
      parts.push(encodeBytesField(tensorField.raw, raw));
      written = true;
    }
  }
  if (!written) parts.push(encodeBytesField(tensorField.raw, raw));
  return parts;
}

function encodeNode(spec: NodeSpec): Uint8Array {
  const attribute = Object.entries(spec.attributes ?? {}).map(([name, value]) => encodeAttribute(name, value));
  const { name, opType, inputs, outputs } = spec;
  const node = { name, opType, input: [...inputs], output: [...outputs], attribute };
  return encodeBytesField(graphField.node, proto.NodeProto.encode(node).finish());
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
