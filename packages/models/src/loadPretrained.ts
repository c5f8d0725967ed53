import { type LoadReport, StateDictError, type StateDictMismatch, skipInit } from "@graftjs/nn";
import { equalShapes, formatShape, noGrad, numel, type Shape, type Tensor } from "@graftjs/tensor";
import { openFile } from "#platform";
import type { ByteSource } from "./byteSource.ts";
import { type ModelName, type Models, modelEntry } from "./catalog.ts";
import type { Classifier } from "./classifier.ts";
import { HubError } from "./hub/errors.ts";
import { type FetchFileOptions, fetchFile } from "./hub/fetchFile.ts";
import type { HubFile } from "./hub/locate.ts";
import type { TensorInfo } from "./safetensors/header.ts";
import { SafetensorsReader } from "./safetensors/read.ts";

/** Where weights come from: bytes, a Blob, an open file, a path (in Node), an address, or a file of the hub. */
export type WeightsSource = Uint8Array | Blob | ByteSource | string | URL | HubFile;

/** Options of {@link loadPretrained} and {@link loadModel}. */
export interface LoadPretrainedOptions extends FetchFileOptions {
  /** Whether all but the head must be there, and fit. Default `true`. */
  readonly strict?: boolean;
}

/** What was loaded, and what was not. */
export interface PretrainedReport extends LoadReport {
  /** Tensors of the file that have another shape than the network's, and were left out: a head for other classes. */
  readonly mismatched: readonly StateDictMismatch[];
  /** How many tensors were loaded. */
  readonly loaded: number;
}

/**
 * Loads weights from a safetensors file (float32, float16, bfloat16), by torchvision's, timm's or transformers' names,
 * tensor by tensor: the file is never held whole, unless it came as bytes. The head may be missing or be one for other
 * classes; then it stays as it is. All other weights must be there, and fit, unless `strict` is `false`: it is checked
 * before any is loaded.
 * @returns what was missing, unexpected (heads for other tasks, often), or left out because of its shape.
 * @throws {StateDictError} if weights outside of the head are missing or have another shape.
 * @throws {SafetensorsError} if the file is none. @throws {HubError} if it cannot be downloaded.
 *
 * @example
 * ```ts
 * import { LeNet, loadPretrained, writeSafetensors } from "@graftjs/models";
 *
 * const trained = await writeSafetensors(new LeNet().stateDict(), {}, { float: "float16" });
 * const net = new LeNet({ classes: 4 });
 * const { loaded, mismatched } = await loadPretrained(net, trained);
 * console.log(loaded, mismatched.map(({ name }) => name)); // 8 ["fc3.weight", "fc3.bias"]
 * ```
 */
export async function loadPretrained(
  model: Classifier<never>,
  source: WeightsSource,
  options: LoadPretrainedOptions = {},
): Promise<PretrainedReport> {
  const reader = await SafetensorsReader.open(await open(source, options));
  try {
    return await load(model, reader, options.strict ?? true);
  } finally {
    await reader.close();
  }
}

/**
 * The network of that name in {@link models} with its pretrained weights, downloaded if they are not in the cache. Given
 * another number of classes, it has a new head.
 * @throws {ArgumentError} if there is none of that name. @throws {HubError} if there are no weights for it, or they
 * cannot be downloaded.
 *
 * @example
 * ```ts no-run
 * import { loadModel } from "@graftjs/models";
 *
 * const net = await loadModel("convNeXtTiny", { classes: 5 }); // ImageNet's weights, and a new head
 * ```
 */
export async function loadModel<Name extends ModelName>(
  name: Name,
  modelOptions: Parameters<Models[Name]["create"]>[0] & { readonly classes?: number } = {},
  options: LoadPretrainedOptions = {},
): Promise<ReturnType<Models[Name]["create"]>> {
  const { create, classes: pretrained, weights } = modelEntry(name);
  if (!weights) {
    const help = "Load a file of your own with loadPretrained.";
    throw new HubError("notFound", name, { expected: `published weights of ${name}`, got: "none", help });
  }
  const { classes = pretrained, ...rest } = modelOptions;
  const make = create as (given: object) => Classifier<never>;
  // All but the head is loaded, so that nothing else need be drawn.
  const model = skipInit(() => make({ ...weights.options, ...rest, classes: pretrained }));
  if (!weights.head || classes !== pretrained) model.resetHead(classes, rest);
  await loadPretrained(model, weights, options);
  return model as unknown as ReturnType<Models[Name]["create"]>;
}

async function open(source: WeightsSource, options: FetchFileOptions): Promise<Uint8Array | Blob | ByteSource> {
  if (source instanceof Uint8Array || source instanceof Blob) return source;
  if (typeof source === "string" && !/^https?:\/\//.test(source)) return openFile(source);
  if (source instanceof URL && source.protocol === "file:") return openFile(decodeURIComponent(source.pathname));
  if (typeof source !== "string" && "read" in source) return source;
  return (await fetchFile(source, options)).open();
}

async function load(model: Classifier<never>, reader: SafetensorsReader, strict: boolean): Promise<PretrainedReport> {
  const targets = new Map<string, Tensor>([...model.namedParameters(), ...model.namedBuffers()]);
  const found = new Map<string, TensorInfo>();
  const unexpected: string[] = [];
  for (const info of reader.entries.values()) {
    const { name } = info;
    const own = model.weightName(name);
    if (targets.has(own) && !found.has(own)) found.set(own, info);
    else if (!/(^|\.)num_batches_tracked$/.test(name)) unexpected.push(name);
  }
  const missing = [...targets.keys()].filter((name) => !found.has(name));
  const mismatched = [...found].flatMap(([own, { name, shape, dtype }]) => {
    const expected = (targets.get(own) as Tensor).shape;
    const fitting = fits(expected, shape, name !== own) || model.adaptWeight(own, shape) !== null;
    if (/^B?F\d/.test(dtype) && fitting) return [];
    return [{ name: own, expected: `floats ${formatShape(expected)}`, got: `${dtype} ${formatShape(shape)}` }];
  });
  const wrong = mismatched.filter(({ name }) => !model.isHead(name));
  const lacking = missing.filter((name) => !model.isHead(name));
  if (strict && wrong.length + lacking.length > 0) {
    throw new StateDictError({ missing: lacking, unexpected: lacking.length > 0 ? unexpected : [] }, wrong);
  }
  for (const { name } of mismatched) found.delete(name);
  for (const [own, { name, shape }] of found) {
    const target = targets.get(own) as Tensor;
    const values = await reader.tensor(name);
    const adapt = fits(target.shape, shape, name !== own) ? null : model.adaptWeight(own, shape);
    target.assign((adapt ? noGrad(() => adapt(values)) : values).toArray());
  }
  return { missing, unexpected, mismatched, loaded: found.size };
}

/** Where a library names a weight otherwise, it may also have it as a 1×1 convolution, or without axes of size 1. */
function fits(expected: Shape, got: Shape, renamed: boolean): boolean {
  return equalShapes(expected, got) || (renamed && expected[0] === got[0] && numel(expected) === numel(got));
}
