import { baseline } from "./contenders/index.ts";
import type { Machine } from "./machine.ts";
import type { Patience } from "./quiet.ts";
import type { Outcome, Pace } from "./race.ts";

/** One workload as a Markdown table, which is readable on a terminal too. */
export function formatOutcome({ workload, standings, missing, patience }: Outcome): string {
  const { unit, from } = scale(workload);
  const header = ["contender", unit, "lowest – highest round", `× ${baseline}`, "peak memory", "runs"];
  const rows = standings.map((entry) => [
    entry.agrees ? entry.name : `${entry.name} (computes something else: ${entry.result})`,
    number(from(entry.median)),
    spread(from(entry.min), from(entry.max)),
    entry.ratio === null ? "–" : `${entry.ratio.toFixed(2)}×`,
    entry.peakBytes === null ? "–" : `${Math.round(entry.peakBytes / 2 ** 20)} MiB`,
    String(entry.runs),
  ]);
  const absent = missing.map(({ name, reason }) => `\n${name}: ${reason}\n`).join("");
  const disturbed = patience ? formatPatience(patience) : "";
  return `### ${workload.group}: ${workload.title}\n\n${table([header, ...rows])}\n${absent}${disturbed}`.trimEnd();
}

/** Empty if nothing disturbed the measurement. */
function formatPatience({ repeated, counted }: Readonly<Patience>): string {
  const told = [
    ...(repeated > 0 ? [`${repeated} measured again`] : []),
    ...(counted > 0 ? [`${counted} counted nevertheless`] : []),
  ];
  return told.length > 0 ? `\nRounds in which others used the machine: ${told.join(", ")}.\n` : "";
}

export function formatMachine({ cpu, cores, memoryGiB, system, node, date }: Machine, pace: Pace): string {
  return [
    `${cpu}, ${cores} cores, ${memoryGiB} GiB, ${system}, Node ${node}, ${date} UTC.`,
    `${pace.rounds} rounds of ${pace.seconds} s a contender, by turns, after ${pace.warmupSeconds} s of warm-up; medians of the rounds' medians.`,
  ].join("\n");
}

export function formatVersions(outcomes: readonly Outcome[]): string {
  const versions = new Map(
    outcomes.flatMap(({ standings }) => standings.flatMap((entry) => Object.entries(entry.versions))),
  );
  return [...versions].map(([name, version]) => `${name} ${version}`).join(", ");
}

/** bench/RESULTS.md. */
export function formatResults(
  machine: Machine,
  pace: Pace,
  outcomes: readonly Outcome[],
  sections: readonly string[],
  bars: string,
): string {
  const tables = [...outcomes.map(formatOutcome), ...sections].join("\n\n");
  const intro = "Written by `npm run bench`. How it measures: README.md.";
  return `# Results\n\n${intro}\n\n${formatMachine(machine, pace)}\n${formatVersions(outcomes)}.\n\n${tables}\n\n### Bars\n\n${bars}\n`;
}

/** LeNet is told as time a step, a whole job in seconds, other networks as samples a second. From milliseconds. */
function scale({ group, batch = 1 }: Outcome["workload"]): { unit: string; from: (milliseconds: number) => number } {
  if (group === "W1") return { unit: "ms/step", from: (time) => time };
  if (group === "W5") return { unit: "s", from: (time) => time / 1000 };
  return { unit: group === "W4" ? "samples/s" : "images/s", from: (time) => (batch * 1000) / time };
}

function spread(a: number, b: number): string {
  return `${number(Math.min(a, b))} – ${number(Math.max(a, b))}`;
}

/** Three digits. */
function number(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

export function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length))) ?? [];
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join(" | ")} |`;
  const rule = `|${widths.map((width, i) => (i === 0 ? "-".repeat(width + 2) : `${"-".repeat(width + 1)}:`)).join("|")}|`;
  const [header, ...body] = rows.map(line);
  return [header, rule, ...body].join("\n");
}
