import { type Bar, bars } from "./bars.ts";
import type { Outcome, Standing } from "./race.ts";
import { table } from "./report.ts";

export interface Check {
  /** A line a bar. */
  readonly report: string;
  /** Whether all bars were reached, of the workloads that ran. */
  readonly passed: boolean;
}

/** A bar beside what was measured in one workload. */
export interface Held {
  readonly bar: Bar;
  /** Of the workload, with its group. */
  readonly title: string;
  readonly ours: Standing | undefined;
  readonly theirs: Standing | undefined;
  /** How many times as good; `NaN` if it was not measured. */
  readonly measured: number;
  readonly ok: boolean;
}

/** Holds what was measured against the bars; what could not be measured is missed. */
export function hold(outcomes: readonly Outcome[]): Held[] {
  return bars.flatMap((bar) => {
    const { group, network, batch, contender, against, atLeast, of = "speed" } = bar;
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
      return { bar, title: `${group}: ${workload.title}`, ours, theirs, measured, ok };
    });
  });
}

/** The same as a table. */
export function check(outcomes: readonly Outcome[]): Check {
  const held = hold(outcomes);
  const rows = held.map(({ bar: { contender, against, atLeast, of = "speed" }, title, measured, ok }) => {
    const told = Number.isNaN(measured) ? "not measured" : `${measured.toFixed(2)}×`;
    return [`${title}: ${contender}, ${of} against ${against}`, told, `${atLeast.toFixed(1)}×`, ok ? "ok" : "MISSED"];
  });
  return { report: table([["bar", "measured", "needed", ""], ...rows]), passed: held.every(({ ok }) => ok) };
}
