import { bars } from "./bars.ts";
import type { Outcome, Standing } from "./race.ts";
import { table } from "./report.ts";

export interface Check {
  /** A line a bar. */
  readonly report: string;
  /** Whether all bars were reached, of the workloads that ran. */
  readonly passed: boolean;
}

/** Holds what was measured against the bars; what could not be measured is missed. */
export function check(outcomes: readonly Outcome[]): Check {
  const lines = bars.flatMap(({ group, network, batch, contender, against, atLeast, of = "speed" }) => {
    const held = outcomes.filter(
      ({ workload }) =>
        workload.group === group &&
        (network === undefined || workload.network?.name === network) &&
        (batch === undefined || workload.batch === batch),
    );
    return held.map(({ workload, standings }) => {
      const [ours, theirs] = [contender, against].map((name) => standings.find((entry) => entry.name === name));
      const cost = of === "speed" ? (entry?: Standing) => entry?.median : (entry?: Standing) => entry?.peakBytes;
      const measured = (cost(theirs) ?? Number.NaN) / (cost(ours) ?? Number.NaN);
      const ok = measured >= atLeast && ours?.agrees === true;
      const what = `${group}: ${workload.title}: ${contender}, ${of} against ${against}`;
      const told = Number.isNaN(measured) ? "not measured" : `${measured.toFixed(2)}×`;
      return { ok, row: [what, told, `${atLeast.toFixed(1)}×`, ok ? "ok" : "MISSED"] };
    });
  });
  const report = table([["bar", "measured", "needed", ""], ...lines.map(({ row }) => row)]);
  return { report, passed: lines.every(({ ok }) => ok) };
}
