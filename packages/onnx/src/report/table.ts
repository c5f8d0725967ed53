import type { CutPoint } from "../cut.ts";
import { summarize } from "../errors.ts";
import type { InspectedInitializer, Inspection } from "../inspect.ts";
import type { Dimension, ValueInfo } from "../model.ts";
import type { Cost } from "./costs.ts";
import { columns, count, memory, operatorList } from "./text.ts";

/** Options of {@link formatInspection}. */
export interface FormatOptions {
  /** Whether every stored tensor is listed, not only blocks. Default `false`. */
  readonly all?: boolean;
}

/**
 * An inspection as text for people: a table of what {@link inspect} finds.
 *
 * @example
 * ```ts
 * import { readFile } from "node:fs/promises";
 * import { formatInspection, inspect } from "@graftjs/onnx";
 *
 * const text = formatInspection(inspect(await readFile("fixtures/onnx/resnet.onnx")), { all: true });
 * console.log(text.includes("BatchNormalization running variance")); // true
 * ```
 */
export function formatInspection(inspection: Inspection, { all = false }: FormatOptions = {}): string {
  const { graph, producer, irVersion, opset, inputs, outputs, operators, stored, parameters } = inspection;
  const nodes = Object.values(operators).reduce((sum, n) => sum + n, 0);
  const rows: readonly (readonly [title: string, lines: readonly string[]])[] = [
    ["model", [`${graph || "(no name)"}${producer && ` by ${producer}`}, IR version ${irVersion}, opset ${opset}`]],
    ["input", inputs.map(formatValue)],
    ["output", outputs.map(formatValue)],
    ["labels", inspection.labels ? [inspection.labels.join(", ")] : []],
    ["operators", [`${nodes} nodes: ${operatorList(operators)}`]],
    [
      "stored",
      [`${stored.elements.toLocaleString("en")} numbers in ${stored.tensors} tensors, ${memory(stored.bytes)}`],
    ],
    ["roles", [roles(inspection.initializers)]],
    [
      "trainable",
      [
        `${parameters.elements.toLocaleString("en")} numbers in ${parameters.tensors} tensors, ${memory(parameters.bytes)}`,
      ],
    ],
    ["head", [formatCut(inspection.cut, inspection.problem)]],
    ["training", costs(inspection)],
    ["unsupported", inspection.unsupported.length === 0 ? ["nothing"] : summarize(inspection.unsupported)],
    ["notes", inspection.findings.map(({ topic, text }) => `${topic}: ${text}`)],
    ["blocks", blocks(inspection)],
    ["weights", all ? weights(inspection.initializers) : []],
  ];
  return rows
    .flatMap(([title, lines]) => lines.map((line, i) => `${(i === 0 ? title : "").padEnd(12)}${line}`))
    .join("\n");
}

function roles(initializers: readonly InspectedInitializer[]): string {
  const counts = new Map<string, number>();
  for (const { role } of initializers) counts.set(role, (counts.get(role) ?? 0) + 1);
  return [...counts].map(([role, n]) => `${role} ${n}`).join(", ") || "nothing is stored";
}

function costs({ costs: found }: Inspection): string[] {
  if (!found) return [];
  const line = (title: string, { macs, weightBytes, activationBytes, optimizerBytes }: Cost): string => {
    const total = weightBytes + activationBytes + optimizerBytes;
    const state = optimizerBytes > 0 ? `, ${memory(optimizerBytes)} of AdamW` : "";
    return `${title}: ${count(macs)} multiply-adds a sample; ${memory(total)} for batches of ${found.batch}: ${memory(weightBytes)} of weights, ${memory(activationBytes)} of values and gradients${state}`;
  };
  return [
    ...(found.probe ? [line("features for a probe", found.probe)] : []),
    ...(found.fineTune ? [line("step of a fine-tune", found.fineTune)] : []),
  ];
}

function blocks({ blocks: found }: Inspection): string[] {
  if (found.length === 0) return [];
  const rows = found.map(({ name, output, parameters, macs, operators }) => [
    name,
    `[${output.shape.join(", ")}]`,
    parameters > 0 ? count(parameters) : "",
    macs > 0 ? count(macs) : "",
    operatorList(operators, 60),
  ]);
  return columns([["block", "output", "parameters", "MACs", "operators"], ...rows], [2, 3]);
}

function weights(initializers: readonly InspectedInitializer[]): string[] {
  const rows = initializers.map(({ name, dtype, shape, role, kind, reason, tiedTo }) => [
    name,
    `${dtype} [${shape.join(", ")}]`,
    role,
    [kind ?? reason, ...(tiedTo.length > 0 ? [`also ${tiedTo.join(", ")}`] : [])].join("; "),
  ]);
  return columns([["name", "type", "role", "what it is"], ...rows]);
}

function formatCut(cut: CutPoint | null, problem: string | null): string {
  if (!cut) return `none: ${problem}`;
  const kind = {
    map: `${cut.features} channels, averaged over the plane`,
    tokens: `${cut.features} features a token`,
    vector: `${cut.features} features`,
  }[cut.kind];
  const place = cut.classifier
    ? `in place of ${cut.classifier.opType} "${cut.classifier.node}"`
    : "behind the model's output";
  return `${place}, at "${cut.tensor}": ${kind}`;
}

function formatValue({ name, dtype, shape }: ValueInfo): string {
  const size = (d: Dimension): string => String(d ?? "?");
  return `${name}  ${dtype ?? "?"} ${shape ? `[${shape.map(size).join(", ")}]` : "of unknown shape"}`;
}
