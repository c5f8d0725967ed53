import type { Outcome, Result } from "./outcome.ts";

/** How the cases of one folder ended. */
export interface FolderReport {
  readonly folder: string;
  readonly results: readonly Result[];
}

export function formatCounts(results: readonly Result[]): string {
  const statuses: readonly Outcome["status"][] = ["passed", "failed", "refused"];
  return statuses
    .map((status) => `${results.filter(({ outcome }) => outcome.status === status).length} ${status}`)
    .join(", ");
}

/** A folder's counts, then each failure with its reason, and each operator that was refused. */
export function formatReport({ folder, results }: FolderReport): string {
  if (results.length === 0) return `${folder}: no cases of a known layout`;
  const refusals = new Map<string, number>();
  const failures: string[] = [];
  for (const { name, outcome } of results) {
    if (outcome.status === "failed") failures.push(`  failed  ${name}: ${outcome.reason}`);
    if (outcome.status !== "refused") continue;
    for (const reason of new Set(outcome.refusals.map((r) => `${r.opType}: ${r.reason}`)))
      refusals.set(reason, (refusals.get(reason) ?? 0) + 1);
  }
  return [
    `${folder}: ${formatCounts(results)}`,
    ...failures,
    ...[...refusals]
      .sort()
      .map(([reason, cases]) => `  refused ${reason} (${cases} ${cases === 1 ? "case" : "cases"})`),
  ].join("\n");
}
