import { isGraftError } from "@graftjs/tensor";
import type { CutPoint } from "./cut.ts";
import { summarize, type UnsupportedNode } from "./errors.ts";
import { type Dimension, nodeName, type OnnxModel, readModel, type ValueInfo } from "./model.ts";
import { OnnxModule } from "./module.ts";
import { bakedBatch, type Plan, planOf } from "./plan.ts";
import { isQuantised } from "./refusals.ts";
import type { InitializerRole } from "./weights.ts";

/** One initializer, and what it is to training. */
export interface InspectedInitializer {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly role: InitializerRole;
  readonly bytes: number;
  /** Nodes that read it. */
  readonly usedBy: readonly string[];
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
  /** All initializers together. */
  readonly stored: Amount;
  /** What can be trained; nothing, if the model cannot be imported. */
  readonly parameters: Amount;
  readonly initializers: readonly InspectedInitializer[];
  /** Where a new head would go; `null` if nowhere, for the reason in `problem`. */
  readonly cut: CutPoint | null;
  /** Why the model cannot be trained, or no head can be put on it. */
  readonly problem: string | null;
  readonly unsupported: readonly UnsupportedNode[];
  readonly notes: readonly string[];
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Looks at a model without running it: what goes in and out, what can be trained, where a new head would go, what is not supported.
 * @throws {NotOnnxError | TruncatedModelError | InvalidModelError | UnsupportedModelError} as {@link readModel} does
 */
export function inspect(source: OnnxModel | Uint8Array): Inspection {
  const model = source instanceof Uint8Array ? readModel(source) : source;
  const plan = planOf(model);
  const initializers = initializersOf(plan);
  const { cut, problem, imported } = cutOf(model);
  return {
    graph: model.graph.name,
    producer: model.producer,
    irVersion: model.irVersion,
    opset: model.opset,
    inputs: model.graph.inputs,
    outputs: model.graph.outputs,
    operators: operatorCounts(model),
    stored: amount(initializers),
    parameters: amount(initializers.filter(({ role }) => imported && role === "parameter")),
    initializers,
    cut,
    problem,
    unsupported: plan.unsupported,
    notes: notesOn(model),
    metadata: model.metadata,
  };
}

function operatorCounts(model: OnnxModel): Record<string, number> {
  const counts = new Map<string, number>();
  for (const { opType } of model.graph.nodes) counts.set(opType, (counts.get(opType) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)));
}

function initializersOf(plan: Plan): InspectedInitializer[] {
  const readers = new Map<string, string[]>();
  for (const node of plan.model.graph.nodes) {
    for (const input of node.inputs) readers.set(input, [...(readers.get(input) ?? []), nodeName(node)]);
  }
  return [...plan.model.graph.initializers.values()].map(({ name, dims, dtype, byteLength }) => ({
    name,
    shape: dims,
    dtype,
    role: plan.weights.get(name)?.role ?? "unused",
    bytes: byteLength,
    usedBy: readers.get(name) ?? [],
  }));
}

function amount(initializers: readonly InspectedInitializer[]): Amount {
  return {
    tensors: initializers.length,
    elements: initializers.reduce((sum, { shape }) => sum + shape.reduce((n, d) => n * d, 1), 0),
    bytes: initializers.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

function cutOf(model: OnnxModel): { cut: CutPoint | null; problem: string | null; imported: boolean } {
  let module: OnnxModule | undefined;
  try {
    module = new OnnxModule(model);
    return { cut: module.cutPoint, problem: null, imported: true };
  } catch (error) {
    if (!isGraftError(error)) throw error;
    return { cut: null, problem: error.message, imported: module !== undefined };
  }
}

function notesOn(model: OnnxModel): string[] {
  const types = new Set(model.graph.nodes.map(({ opType }) => opType));
  const last = model.graph.nodes.find(({ outputs }) => outputs.includes(model.graph.outputs[0]?.name ?? ""));
  const batch = bakedBatch(model);
  const notes: string[] = [];
  if ([...types].some(isQuantised)) {
    notes.push(
      "The model is quantised, and cannot be trained. Fine-tune the float model that it was made from, and quantise the result.",
    );
  }
  if (types.has("Conv") && !types.has("BatchNormalization")) {
    notes.push(
      "There is no BatchNormalization: where the network had it, the exporter folded it into the convolutions, and unfreezing trains the fused layers.",
    );
  }
  if (batch !== undefined)
    notes.push(`The batch size ${batch} is fixed in the file; training may use others, the exported file keeps it.`);
  if (last?.opType === "Softmax")
    notes.push("The file ends in a Softmax: its outputs are probabilities. A new head gives logits.");
  return notes;
}

/** An inspection as text for people. */
export function formatInspection(inspection: Inspection): string {
  const {
    producer,
    irVersion,
    opset,
    inputs,
    outputs,
    operators,
    stored,
    parameters,
    cut,
    problem,
    unsupported,
    notes,
  } = inspection;
  const row = (title: string, lines: readonly string[]): string[] =>
    lines.map((line, i) => `${(i === 0 ? title : "").padEnd(12)}${line}`);
  const nodes = Object.values(operators).reduce((sum, n) => sum + n, 0);
  const counts = Object.entries(operators).map(([name, n]) => `${name} ${n}`);
  const trained = parameters.tensors === 0 ? [] : inspection.initializers.filter(({ role }) => role === "parameter");
  const width = Math.max(0, ...trained.map(({ name }) => name.length));
  return [
    ...row("model", [
      `${inspection.graph || "(no name)"}${producer && ` by ${producer}`}, IR version ${irVersion}, opset ${opset}`,
    ]),
    ...row("input", inputs.map(formatValue)),
    ...row("output", outputs.map(formatValue)),
    ...row("operators", [`${nodes} nodes: ${counts.join(", ")}`]),
    ...row("stored", [formatAmount(stored)]),
    ...row("trainable", [formatAmount(parameters)]),
    ...row("head", [formatCut(cut, problem)]),
    ...row("unsupported", unsupported.length === 0 ? ["nothing"] : summarize(unsupported)),
    ...row("notes", notes),
    ...row(
      "parameters",
      trained.map(({ name, shape, dtype }) => `${name.padEnd(width)}  ${dtype} [${shape.join(", ")}]`),
    ),
  ].join("\n");
}

function formatCut(cut: CutPoint | null, problem: string | null): string {
  if (!cut) return `none: ${problem}`;
  const kind = cut.kind === "map" ? `${cut.features} channels, averaged over the plane` : `${cut.features} features`;
  const place = cut.classifier
    ? `in place of ${cut.classifier.opType} "${cut.classifier.node}"`
    : "behind the model's output";
  return `${place}, at "${cut.tensor}": ${kind}`;
}

function formatValue({ name, dtype, shape }: ValueInfo): string {
  const size = (d: Dimension): string => String(d ?? "?");
  return `${name}  ${dtype ?? "?"} ${shape ? `[${shape.map(size).join(", ")}]` : "of unknown shape"}`;
}

function formatAmount({ tensors, elements, bytes }: Amount): string {
  return `${elements.toLocaleString("en")} numbers in ${tensors} tensors, ${(bytes / 2 ** 20).toFixed(2)} MiB`;
}
