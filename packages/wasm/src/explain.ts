import { bytesPerElement, type Call, type Plan, type Value } from "@graftjs/tensor";
import { formatBytes } from "./allocator.ts";
import { callBytes, describe, describeShape, describeShapes, operations } from "./describe.ts";

/** A plan as a table: what each call reads, writes and computes, the prologue's first, then what memory it takes. */
export function explain(plan: Plan, device: string): string {
  const prologue = plan.prologue.map(({ kind, planned: { call, prepared } }) => {
    if (kind === "call" || !prepared) return describeCall(call);
    return [
      `prepare for ${call.kernel}`,
      describeShape(call.inputs[prepared.input] as Value),
      formatBytes(prepared.bytes),
      "",
    ];
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
  return [describe(call), describeShapes(call), formatBytes(callBytes(call)), (operations(call) / 1e6).toFixed(2)];
}
