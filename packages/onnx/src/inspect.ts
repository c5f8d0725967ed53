import { isGraftError } from "@graftjs/tensor";
import type { CutPoint } from "./cut.ts";
import type { UnsupportedNode } from "./errors.ts";
import { labelsOf } from "./labels.ts";
import { nodeName, type OnnxModel, readModel, type ValueInfo } from "./model.ts";
import { OnnxModule } from "./module.ts";
import { bakedBatch, type Plan, planOf } from "./plan.ts";
import { type Block, blocksOf } from "./report/blocks.ts";
import { type Costs, costsOf } from "./report/costs.ts";
import { type Finding, findingsOn } from "./report/findings.ts";
import type { InitializerRole } from "./weights.ts";

/** A tensor that the file stores, and what it is to training. */
export interface InspectedInitializer {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly role: InitializerRole;
  /** Why it has that role. */
  readonly reason: string;
  /** What it is in its layer, such as `"linear weight, stored [in, out]"`; `null` where the graph does not tell. */
  readonly kind: string | null;
  readonly bytes: number;
  /** Nodes that read it. */
  readonly usedBy: readonly string[];
  /** Other names of this same tensor. */
  readonly tiedTo: readonly string[];
  /** Whether the exporter made the name up. */
  readonly madeUpName: boolean;
}

/** A number of tensors, their elements and their bytes. */
export interface Amount {
  readonly tensors: number;
  readonly elements: number;
  readonly bytes: number;
}

/** What {@link inspect} finds; plain data. */
export interface Inspection {
  readonly graph: string;
  readonly producer: string;
  readonly irVersion: number;
  readonly opset: number;
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  /** How many nodes there are of each operator, most frequent first. */
  readonly operators: Readonly<Record<string, number>>;
  /** All stored tensors together. */
  readonly stored: Amount;
  /** What can be trained; nothing, if the model cannot be imported. */
  readonly parameters: Amount;
  readonly initializers: readonly InspectedInitializer[];
  /** Where a new head would go; `null` if nowhere, for the reason in `problem`. */
  readonly cut: CutPoint | null;
  /** Why the model cannot be trained, or no head can be put on it. */
  readonly problem: string | null;
  readonly unsupported: readonly UnsupportedNode[];
  /** The network as parts; empty where it cannot be imported. */
  readonly blocks: readonly Block[];
  /** What training it takes; `null` where it cannot be imported. */
  readonly costs: Costs | null;
  /** What to know before training it. */
  readonly findings: readonly Finding[];
  /** Names of the classes, where the graph has them; `null` where it has none. */
  readonly labels: readonly string[] | null;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Options of {@link inspect}. */
export interface InspectOptions {
  /** Samples a batch, for the estimate of memory. Default 32, or the batch that the file fixes. */
  readonly batch?: number;
}

/**
 * Looks at a model without running it: what goes in and out, what can be trained, where a new head would go, what training takes,
 * what is not supported. {@link formatInspection} makes a table of it, {@link pictureOf} a picture.
 * @throws {NotOnnxError | TruncatedModelError | InvalidModelError | UnsupportedModelError} as {@link readModel} does
 *
 * @example
 * ```ts
 * import { readFile } from "node:fs/promises";
 * import { inspect } from "@graftjs/onnx";
 *
 * const { cut, parameters, findings } = inspect(await readFile("fixtures/onnx/squeezenet.onnx"));
 * console.log(cut?.features, parameters.tensors); // 12 10
 * console.log(findings.map(({ topic }) => topic)); // ["folded BatchNorm", "output"]
 * ```
 */
export function inspect(source: OnnxModel | Uint8Array, options: InspectOptions = {}): Inspection {
  const model = source instanceof Uint8Array ? readModel(source) : source;
  const plan = planOf(model);
  const initializers = initializersOf(plan);
  const { module, cut, problem } = imported(model);
  const batch = options.batch ?? bakedBatch(model) ?? 32;
  return {
    graph: model.graph.name,
    producer: model.producer,
    irVersion: model.irVersion,
    opset: model.opset,
    inputs: model.graph.inputs,
    outputs: model.graph.outputs,
    operators: operatorCounts(model),
    stored: amount(initializers),
    parameters: amount(initializers.filter(({ role }) => module && role === "parameter")),
    initializers,
    cut,
    problem,
    unsupported: plan.unsupported,
    blocks: module ? blocksOf(module) : [],
    costs: module ? costsOf(module, batch) : null,
    findings: findingsOn(model, plan.weights, module),
    labels: labelsOf(model) ?? null,
    metadata: model.metadata,
  };
}

function operatorCounts(model: OnnxModel): Record<string, number> {
  const counts = new Map<string, number>();
  for (const { opType } of model.graph.nodes) counts.set(opType, (counts.get(opType) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)));
}

function initializersOf({ weights }: Plan): InspectedInitializer[] {
  return [...weights.values()].map(({ name, tensor, role, reason, kind, readers, tiedTo, madeUpName }) => ({
    name,
    shape: tensor.dims,
    dtype: tensor.dtype,
    role,
    reason,
    kind: kind ?? null,
    bytes: tensor.byteLength,
    usedBy: readers.map(nodeName),
    tiedTo,
    madeUpName,
  }));
}

function amount(initializers: readonly InspectedInitializer[]): Amount {
  return {
    tensors: initializers.length,
    elements: initializers.reduce((sum, { shape }) => sum + shape.reduce((n, d) => n * d, 1), 0),
    bytes: initializers.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

function imported(model: OnnxModel): Pick<Inspection, "cut" | "problem"> & { readonly module: OnnxModule | undefined } {
  let module: OnnxModule | undefined;
  try {
    module = new OnnxModule(model);
    return { module, cut: module.cutPoint, problem: null };
  } catch (error) {
    if (!isGraftError(error)) throw error;
    return { module, cut: null, problem: error.message };
  }
}
