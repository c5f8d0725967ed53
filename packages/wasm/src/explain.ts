import { bytesPerElement, type Call, formatShape, numel, type Plan, type Value } from "@graftjs/tensor";
import { formatBytes } from "./allocator.ts";

/** A plan as a table: what each call reads, writes and computes, the prologue's first, then what memory it takes. */
export function explain(plan: Plan, device: string): string {
  const prologue = plan.prologue.map(({ kind, planned: { call, prepared } }) => {
    if (kind === "call" || !prepared) return describeCall(call);
    return [`prepare for ${call.kernel}`, shape(call.inputs[prepared.input] as Value), formatBytes(prepared.bytes), ""];
  });
  const calls = plan.calls.map(({ call }) => describeCall(call));
  const header = ["kernel", "shapes", "memory", "MFLOP"];
  const widths = header.map((title, i) =>
    Math.max(title.length, ...[...prologue, ...calls].map((r) => (r[i] as string).length)),
  );
  const line = (cells: readonly string[]): string =>
    cells.map((c, i) => (i < 2 ? c.padEnd(widths[i] as number) : c.padStart(widths[i] as number))).join("  ");
  const states = plan.states.reduce((sum, s) => sum + s.length * bytesPerElement(s.dtype), 0);
  const flops = plan.calls.reduce((sum, { call }) => sum + operations(call), 0);
  const steps =
    prologue.length > 0
      ? ["once, and when its constants change:", ...prologue.map(line), "", "at each run:", ...calls.map(line)]
      : calls.map(line);
  return [
    line(header),
    ...steps,
    "",
    `${plan.calls.length} calls, ${(flops / 1e6).toFixed(2)} MFLOP on ${device}`,
    `states ${formatBytes(states)} (${plan.states.length}, of which ${plan.assigned.length} assigned)`,
    ...(plan.keptBytes > 0 ? [`kept ${formatBytes(plan.keptBytes)} of ${plan.constants.length} constants`] : []),
    `arena ${formatBytes(plan.arenaBytes)} planned, ${formatBytes(plan.unsharedBytes)} unshared`,
  ].join("\n");
}

function describeCall(call: Call): string[] {
  return [
    describe(call),
    `${call.inputs.map(shape).join(" ")} -> ${call.outputs.map(shape).join(" ")}`,
    formatBytes([...call.inputs, ...call.outputs].reduce((sum, v) => sum + bytes(v.spec), 0)),
    (operations(call) / 1e6).toFixed(2),
  ];
}

function shape({ spec }: Value): string {
  return `${formatShape(spec.shape)}${spec.dtype === "float32" ? "" : ` ${spec.dtype}`}`;
}

function bytes({ shape, dtype }: Value["spec"]): number {
  return numel(shape) * bytesPerElement(dtype);
}

function describe(call: Call): string {
  if (call.kernel === "chain") return `chain(${call.attrs.steps.map((s) => s.op).join(" ")})`;
  if (call.kernel !== "conv2d" && call.kernel !== "matmul") return call.kernel;
  const { bias, residual, clamp } = call.attrs.epilogue ?? {};
  const extras = [bias && "bias", residual && "residual", clamp && `clamp ${clamp.join("..")}`].filter(Boolean);
  return extras.length > 0 ? `${call.kernel} + ${extras.join(" + ")}` : call.kernel;
}

/** Floating-point operations of a call; of element-wise and moving kernels, roughly. */
function operations(call: Call): number {
  const size = (values: readonly Value[], i = 0): number => numel(values[i]?.spec.shape ?? []);
  switch (call.kernel) {
    case "matmul": {
      const k = call.inputs[0]?.spec.shape.at(call.attrs.transposeA ? -2 : -1) as number;
      return 2 * k * size(call.outputs);
    }
    case "conv2d":
      return 2 * size(call.outputs) * numel(call.inputs[1]?.spec.shape.slice(1) ?? []);
    case "conv2dInputGrad":
      return 2 * size(call.inputs) * numel(call.inputs[1]?.spec.shape.slice(1) ?? []);
    case "conv2dWeightGrad":
      return 2 * size(call.inputs) * numel(call.attrs.weightShape.slice(1));
    case "chain":
      return call.attrs.steps.length * numel(call.attrs.shape);
    default:
      return Math.max(size(call.inputs), size(call.outputs));
  }
}
