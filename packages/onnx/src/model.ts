import { InvalidModelError, NotOnnxError, TruncatedModelError, UnsupportedModelError } from "./errors.ts";
import { type ModelFunction, readFunction, readOpsets } from "./function.ts";
import { checkGraph, fieldsWithin, type Graph, limits, readGraph } from "./graph.ts";
import { decode, proto } from "./proto.ts";
import type { ReadExternal } from "./tensorData.ts";
import { type Field, varintValue, WireError, wireType } from "./wire.ts";

export { type Dimension, type Graph, nodeName, type OnnxNode, type ValueInfo } from "./graph.ts";

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
  /** Operators that the file itself defines, by `domain.name`, with `:overload` where there are several of one name. */
  readonly functions: ReadonlyMap<string, ModelFunction>;
  readonly graph: Graph;
  /** Gives the bytes of external data files, where that was asked for. */
  readonly externalData: ReadExternal | undefined;
}

/** Options of {@link readModel}. */
export interface ReadOptions {
  /** Gives the bytes of external data files by their relative path; `@graftjs/onnx/node` does it for files on disk. */
  readonly externalData?: ReadExternal;
}

/** No message of this many bytes can be encoded; the format asks larger models to keep their weights beside. */
export const largestModel: number = 2 ** 31;

/** Oldest version of the standard operator set of which every definition is read; of older ones, those that are the same. */
export const oldestOpset = 6;

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
 * @throws {UnsupportedModelError} it is larger than 2 GiB, has sparse initializers, or graphs too deep in graphs
 *
 * @example
 * ```ts
 * import { readFile } from "node:fs/promises";
 * import { readModel } from "@graftjs/onnx";
 *
 * const { opset, graph } = readModel(await readFile("fixtures/onnx/resnet.onnx"));
 * console.log(opset, graph.inputs); // 17 [{ name: "input", dtype: "float32", shape: ["N", 3, 16, 16] }]
 * ```
 */
export function readModel(source: Uint8Array, options: ReadOptions = {}): OnnxModel {
  // A plain view, so that subclasses such as Node's Buffer, whose slices alias, behave as arrays do.
  const bytes = new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
  if (bytes.length >= largestModel)
    throw new UnsupportedModelError("it is larger than 2 GiB", "Export it with external data.");
  const top = modelFieldsOf(bytes);
  const of = (number: number): Field[] => top.filter((field) => field.number === number);
  const sub = ({ valueStart, end }: Field): Uint8Array => bytes.subarray(valueStart, end);
  const text = (number: number): string => new TextDecoder().decode(of(number).map(sub).at(-1));

  const opsets = readOpsets(of(8).map(sub));
  if (opsets.size === 0)
    throw new InvalidModelError("opset_import", "no operator set is named; the file may be cut off");
  const metadata = Object.fromEntries(
    of(14).map((field) => {
      const { key, value } = decode("metadata_props", proto.StringStringEntryProto, sub(field));
      return [key, value] as const;
    }),
  );
  const { externalData } = options;
  const left = { ...limits };
  const [graphField, second] = of(7);
  if (!graphField || second)
    throw new InvalidModelError("model", `it has ${graphField ? "several graphs" : "no graph"}`);
  const graph = readGraph(sub(graphField), { externalData, opsets, depth: 0, left });
  checkGraph(graph);
  return {
    bytes,
    irVersion:
      of(1)
        .map((field) => varintValue(bytes, field))
        .at(-1) ?? 0,
    opset: opsets.get("") ?? 0,
    opsets,
    producer: [text(2), text(3)].filter((part) => part !== "").join(" "),
    metadata,
    functions: new Map(of(25).map((field) => readFunction(sub(field), { externalData, left }))),
    graph,
    externalData,
  };
}

/** The fields of the model message; tells files that are no model, or only a part of one. */
function modelFieldsOf(bytes: Uint8Array): Field[] {
  if (bytes.length === 0) throw new NotOnnxError("the file is empty");
  const top: Field[] = [];
  const known = (): boolean => top.some(({ number }) => number in modelFields);
  try {
    for (const field of fieldsWithin(bytes, { ...limits })) {
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
