import type { DType, Storage, Tensor, Value } from "@graftjs/tensor";
import { type Emitted, emitGraph } from "./emit.ts";
import { CutError, HeadExportError } from "./errors.ts";
import { evaluating } from "./evaluating.ts";
import { evaluationEdits } from "./evaluationEdits.ts";
import { readsOf } from "./graph.ts";
import { mergeUpdates } from "./lora/merge.ts";
import { loraNodes } from "./lora/nodes.ts";
import { type Dimension, type OnnxModel, type OnnxNode, readModel } from "./model.ts";
import type { OnnxModule } from "./module.ts";
import { fresh, namesOf } from "./names.ts";
import { Normalized, normalizationEdits, type PixelNormalization } from "./preprocess.ts";
import { type Edits, type InitializerSpec, type NodeSpec, splice, standardOpset } from "./splice.ts";
import { dtypeName, dtypeNumber, type OnnxDType } from "./tensorData.ts";
import { traceBatch } from "./trace.ts";
import { type DataFile, dataFileOf, editsOf, isRemoved, trainedElements, withFile } from "./trained.ts";
import { type VerifyOptions, verify } from "./verify.ts";

/** Options of {@link exportModel}. */
export interface ExportOptions extends VerifyOptions {
  /** Entries of the file's metadata to set; others stay. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** Name of the new output; default: the name of the one that it takes the place of. */
  readonly outputName?: string;
  /**
   * Name of a new data file beside the model for the elements that changed. Default: they lie in the model file itself, unless that would
   * then have 2 GiB or more; in that case `"trained.onnx.data"`.
   */
  readonly dataFile?: string;
  /** Normalisation of the pixels to put in front as nodes, so that the file is given pixels as they are. */
  readonly preprocess?: PixelNormalization;
  /**
   * What becomes of updates of low rank that {@link OnnxModule.addLora} has added: `"merge"` (default) adds them to the weights in the
   * file; `"nodes"` leaves the weights alone, and writes each as nodes of the standard operators behind the node that it belongs to.
   */
  readonly lora?: "merge" | "nodes";
}

/** What {@link exportModel} returns. */
export interface ExportResult {
  /** The new file. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The data file that belongs to it, where one was made. */
  readonly data?: DataFile;
  /** Largest difference between the file and the module over all outputs for the samples. */
  readonly maxAbsError: number;
  /** Name of the output. */
  readonly output: string;
  /** Initializers whose elements changed, and outputs of Constant nodes that did. */
  readonly changed: readonly string[];
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** How many initializers stayed byte for byte. */
  readonly kept: number;
}

/**
 * The module as an ONNX file: the original bytes with changed elements and the new head spliced in, and the nodes of the old head
 * left out; all else stays byte for byte. The file is read back, run, and compared with the module before it is returned.
 * Parameters of float16 and bfloat16 are narrowed again, which the comparison then shows; where such were trained, the default
 * tolerance is 2e-2.
 *
 * Of a model with external data, elements that did not change stay in the data file that they lie in, which is never written to;
 * {@link ExportOptions.dataFile} says where changed ones go. A weight that shared its elements with others by chance, and differs from
 * them now, becomes an initializer in place of the Identity node that handed it on.
 * @throws {HeadExportError} if the new head uses an op that cannot be written
 * @throws {LoraError} if an update of low rank cannot be merged, or written as nodes
 * @throws {ExportMismatchError} if the file computes something else than the module
 *
 * @example
 * ```ts
 * import { exportModel, importModel } from "@graftjs/onnx";
 * import { load } from "@graftjs/onnx/node";
 * import { ones } from "@graftjs/tensor";
 *
 * const network = await load("fixtures/onnx/resnet.onnx");
 * network.replaceHead(3, { seed: 1 });
 * const { bytes, kept, removed } = await exportModel(network, { metadata: { "graft.labels": '["a","b","c"]' } });
 * console.log(kept, removed); // 20 ["fc.weight", "fc.bias"]
 * console.log(importModel(bytes).eval().forward(ones([4, 3, 16, 16])).shape); // [4, 3]
 * ```
 */
export async function exportModel(module: OnnxModule, options: ExportOptions = {}): Promise<ExportResult> {
  const { model } = module;
  const graft = module.head ? await graftHead(module, options.outputName) : undefined;
  const front = options.preprocess && normalizationEdits(model, options.preprocess, options.metadata);
  const added = [...(graft?.edits.addInitializers ?? []), ...(front?.edits.addInitializers ?? [])];
  const outer: Edits = { ...graft?.edits, ...front?.edits, ...(added.length > 0 && { addInitializers: added }) };
  const merges = options.lora !== "nodes";
  const stays = ({ index }: OnnxNode): boolean => !outer.removeNodes?.has(index);
  const around: Edits = merges ? outer : { ...outer, ...(await loraNodes(module, outer, stays)) };
  const trained = await trainedElements(
    module,
    merges ? (elements) => mergeUpdates(module, elements, stays) : undefined,
  );
  const changes = editsOf(trained, around);
  const changed = trained.filter(({ weight }) => !isRemoved(weight, around)).map(({ weight }) => weight.name);
  const data = dataFileOf(module, { ...around, ...changes }, options.dataFile);
  const differs = graft || around.extendNodes || changed.length > 0;
  const edits = differs ? evaluationEdits(model, { ...around, ...changes }) : { ...around, ...changes };
  const bytes = splice(model, {
    ...edits,
    ...(data && { replaceInitializers: data.places }),
    ...((options.metadata || front) && { metadata: { ...options.metadata, ...front?.metadata } }),
  });
  const additions = around.addInitializers ?? [];
  const written = [
    ...changed.map((name) => module.weights.get(name)?.tensor.dtype),
    ...additions.map(({ dtype }) => dtype),
  ];
  const narrowed = written.some((dtype) => dtype === "float16" || dtype === "bfloat16");
  const tolerance = options.tolerance ?? (narrowed ? 2e-2 : 1e-4);
  const externalData = data ? withFile(data.file, model.externalData) : model.externalData;
  const file = readModel(bytes, externalData && { externalData });
  const network = options.preprocess ? new Normalized(module, options.preprocess) : module;
  const maxAbsError = await verify(network, file, { ...options, tolerance });
  const removed = edits.removeInitializers ?? new Set<string>();
  return {
    bytes,
    ...(data && { data: data.file }),
    maxAbsError,
    output: graft?.output ?? module.output,
    changed,
    added: additions.map(({ name }) => name),
    removed: [...removed],
    kept: model.graph.initializers.size - removed.size - (changes.replaceInitializers?.size ?? 0),
  };
}

/** Edits that put the module's head in the place of the file's. */
async function graftHead(
  module: OnnxModule,
  outputName: string | undefined,
): Promise<{ edits: Edits; output: string }> {
  const { model } = module;
  const { edits: cut, features, taken } = cutEdits(module);
  const old = module.output;
  const output = outputName ?? (taken.has(old) ? fresh("logits", taken) : old);
  if (taken.has(output))
    throw new CutError(
      `The output cannot be called "${output}": the backbone has that name`,
      "Give another outputName.",
    );
  const { emitted, dtype, shape } = await writeHead(module, { input: features, output, prefix: module.headName });
  const edits: Edits = {
    ...cut,
    addNodes: [...(cut.addNodes ?? []), ...emitted.nodes],
    addInitializers: [...(cut.addInitializers ?? []), ...emitted.initializers],
    outputs: [{ name: output, dtype, shape: [batchOf(model), ...shape] }],
  };
  return { edits, output };
}

/**
 * The backbone alone, as an ONNX file that returns features [N, F] as {@link OnnxModule.features} does: for another
 * runtime to compute them. Initializers stay as they are in the original file, whatever training has made of them, and updates of low
 * rank are left out.
 * @throws {CutError} if there is no place for a head
 *
 * @example
 * ```ts
 * import { exportFeatures, importModel } from "@graftjs/onnx";
 * import { load } from "@graftjs/onnx/node";
 * import { ones } from "@graftjs/tensor";
 *
 * const backbone = importModel(exportFeatures(await load("fixtures/onnx/resnet.onnx")));
 * console.log(backbone.forward(ones([4, 3, 16, 16])).shape); // [4, 8]
 * ```
 */
export function exportFeatures(module: OnnxModule): Uint8Array<ArrayBuffer> {
  const { edits, features } = cutEdits(module);
  const { model, cutPoint } = module;
  const tokens =
    cutPoint.pool === "none" ? [hasOpenSizes(model) ? undefined : module.shapes.get(cutPoint.tensor)?.[1]] : [];
  const shape = [batchOf(model), ...tokens, cutPoint.features];
  const outputs = [{ name: features, dtype: "float32", shape }] as const;
  return splice(model, evaluationEdits(model, { ...edits, outputs }));
}

function batchOf(model: OnnxModel): Dimension {
  return model.graph.inputs[0]?.shape?.[0];
}

/** Whether the file leaves a size other than the batch open. */
function hasOpenSizes({ graph }: OnnxModel): boolean {
  return graph.inputs.some(({ shape }) => !shape || shape.slice(1).some((d) => typeof d !== "number"));
}

/** Edits that end the graph at the cut, in features [N, F] of float32; their name, and the names that are taken. */
function cutEdits(module: OnnxModule): { edits: Edits; features: string; taken: Set<string> } {
  const { model, cutPoint } = module;
  const { nodes, initializers, values } = leftOut(model, cutPoint.tensor);
  const taken = namesOf(model, nodes, initializers);
  const addNodes: NodeSpec[] = [];
  const addInitializers: InitializerSpec[] = [];
  let features = cutPoint.tensor;
  if (cutPoint.kind === "map") {
    // Named apart from the head: they are what the next head is put on.
    const [pooled, flat] = [fresh("features/pooled", taken), fresh("features/flat", taken)];
    const axis = { type: "int", value: 1 } as const;
    addNodes.push({ name: pooled, opType: "GlobalAveragePool", inputs: [features], outputs: [pooled] });
    addNodes.push({ name: flat, opType: "Flatten", inputs: [pooled], outputs: [flat], attributes: { axis } });
    features = flat;
  }
  if (cutPoint.pool === "mean" || cutPoint.pool === "first") {
    const pooled = fresh("features/pooled", taken);
    const { node, initializers: sizes } = poolTokens(standardOpset(model), cutPoint.pool, features, pooled, taken);
    addNodes.push(node);
    addInitializers.push(...sizes);
    features = pooled;
  }
  if (elementType(model, cutPoint.tensor) !== "float32") {
    const float32 = fresh("features/float32", taken);
    const to = { type: "int", value: dtypeNumber("float32") } as const;
    addNodes.push({ name: float32, opType: "Cast", inputs: [features], outputs: [float32], attributes: { to } });
    features = float32;
  }
  const removed = { removeNodes: nodes, removeInitializers: initializers, removeValues: values };
  return { edits: { ...removed, addNodes, ...(addInitializers.length > 0 && { addInitializers }) }, features, taken };
}

/** The mean over tokens [N, L, C], or the first of them. */
function poolTokens(
  opset: number,
  pool: "mean" | "first",
  input: string,
  name: string,
  taken: ReadonlySet<string>,
): { node: NodeSpec; initializers: readonly InitializerSpec[] } {
  const [axis, first] = [fresh("features/axis", taken), fresh("features/first", taken)];
  if (pool === "first") {
    const attributes = { axis: { type: "int", value: 1 } } as const;
    const initializers = [{ name: first, dims: [], dtype: "int64", data: [0] }] as const;
    return { node: { name, opType: "Gather", inputs: [input, first], outputs: [name], attributes }, initializers };
  }
  const keepdims = { type: "int", value: 0 } as const;
  if (opset < 18) {
    const attributes = { axes: { type: "ints", value: [1] }, keepdims } as const;
    return { node: { name, opType: "ReduceMean", inputs: [input], outputs: [name], attributes }, initializers: [] };
  }
  const initializers = [{ name: axis, dims: [1], dtype: "int64", data: [1] }] as const;
  const inputs = [input, axis];
  return { node: { name, opType: "ReduceMean", inputs, outputs: [name], attributes: { keepdims } }, initializers };
}

/** The new head as nodes, and the shape of what it returns, without the batch. */
async function writeHead(
  module: OnnxModule,
  names: { input: string; output: string; prefix: string },
): Promise<{ emitted: Emitted; dtype: DType; shape: readonly Dimension[] }> {
  const { model, cutPoint } = module;
  if (cutPoint.pool !== "none") return emitHead(module, [], names);
  const [, length = 1] = module.shapes.get(cutPoint.tensor) ?? [];
  const head = await emitHead(module, [length], names);
  if (!hasOpenSizes(model)) return head;
  const other = await emitHead(module, [length + 1], names);
  const own = new Set([
    ...(module.head?.namedParameters().keys() ?? []),
    ...(module.head?.namedBuffers().keys() ?? []),
  ]);
  const written = ({ nodes, initializers }: Emitted): string =>
    JSON.stringify([nodes, initializers.filter(({ name }) => !own.has(name.slice(names.prefix.length + 1)))]);
  if (written(head.emitted) !== written(other.emitted))
    throw new HeadExportError(
      "The head's nodes depend on the number of tokens, which the file leaves open",
      "Build it of layers that treat each token alike, or pool the tokens at the cut.",
    );
  return { ...head, shape: head.shape.map((d, i) => (d === other.shape[i] ? d : undefined)) };
}

/** @param tokens - their number, where the head is given all of them. */
async function emitHead(
  module: OnnxModule,
  tokens: readonly number[],
  { input, output, prefix }: { input: string; output: string; prefix: string },
): Promise<{ emitted: Emitted; dtype: DType; shape: readonly number[] }> {
  const head = module.head as NonNullable<OnnxModule["head"]>;
  const rest = [...tokens, module.cutPoint.features];
  const { graph, batch } = await evaluating(head, () =>
    traceBatch(
      (features) => [head.forward(features as Tensor)],
      (size) => [{ shape: [size, ...rest], dtype: "float32" }],
    ),
  );
  const { dtype, shape: whole } = (graph.outputs[0] as Value).spec;
  const [size, ...shape] = whole;
  if (size !== batch) throw new HeadExportError("The head does not return one row a sample", "Keep the batch first.");
  const states = new Map<Storage, string>();
  for (const [name, tensor] of [...head.namedParameters(), ...head.namedBuffers()]) states.set(tensor.storage, name);
  const opset = standardOpset(module.model);
  const emitted = await emitGraph(graph, { opset, inputs: [input], output, prefix, states, batch });
  return { emitted, dtype, shape };
}

/** The element type of a value: declared, that of a Cast, or that of the data it is computed from. */
function elementType(model: OnnxModel, name: string): OnnxDType | undefined {
  const { inputs, initializers, valueInfos, nodes } = model.graph;
  const made = new Map(nodes.flatMap((node) => node.outputs.map((output) => [output, node] as const)));
  for (let value = name; ; ) {
    const declared = valueInfos.get(value) ?? initializers.get(value) ?? inputs.find((input) => input.name === value);
    const node = made.get(value);
    if (declared?.dtype || !node) return declared?.dtype;
    const to = node.attributes.get("to") ?? node.attributes.get("value");
    if (to?.type === "int") return dtypeName(to.value);
    if (to?.type === "tensor") return to.value.dtype;
    value = node.inputs[node.opType === "Where" || node.opType === "CastLike" ? 1 : 0] ?? "";
  }
}

/** What is no longer needed when the graph ends at `cut`: the old head's nodes, and all that only they used. */
function leftOut(
  { graph }: OnnxModel,
  cut: string,
): { nodes: Set<number>; initializers: Set<string>; values: Set<string> } {
  const kept = needed(graph.nodes, [cut]);
  const used = needed(
    graph.nodes,
    graph.outputs.map(({ name }) => name),
  );
  const nodes = new Set([...used].filter((index) => !kept.has(index)));
  const values = new Set<string>();
  // Nodes that no output ever needed stay, unless they read something that goes.
  for (const node of graph.nodes) {
    if (!kept.has(node.index) && readsOf(node).some((name) => values.has(name))) nodes.add(node.index);
    if (nodes.has(node.index)) for (const output of node.outputs) values.add(output);
  }
  const stay = new Set(graph.nodes.flatMap((node) => (nodes.has(node.index) ? [] : readsOf(node))));
  const gone = graph.nodes.flatMap((node) => (nodes.has(node.index) ? readsOf(node) : []));
  // What was returned as it is stored goes with the outputs.
  gone.push(...graph.outputs.map(({ name }) => name).filter((name) => name !== cut));
  const initializers = new Set(gone.filter((name) => !stay.has(name) && graph.initializers.has(name)));
  return { nodes, initializers, values };
}

/** Indices of the nodes that values depend on. */
function needed(nodes: readonly OnnxNode[], targets: readonly string[]): ReadonlySet<number> {
  const wanted = new Set(targets);
  const found = new Set<number>();
  for (const node of nodes.toReversed()) {
    if (!node.outputs.some((output) => wanted.has(output))) continue;
    found.add(node.index);
    for (const name of readsOf(node)) wanted.add(name);
  }
  return found;
}
