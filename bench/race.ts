import { baseline, type Entry } from "./contenders/index.ts";
import type { Measurement, Request } from "./protocol.ts";
import { Runner } from "./runner.ts";
import type { Workload } from "./workloads/workload.ts";

export interface Pace {
  readonly rounds: number;
  /** Time a contender and round. */
  readonly seconds: number;
  /** Time that is not counted, before the first round. */
  readonly warmupSeconds: number;
}

/** What one contender reached in one workload. */
export interface Standing {
  readonly name: string;
  readonly versions: Readonly<Record<string, string>>;
  /** Median of each round, milliseconds a run. */
  readonly rounds: readonly number[];
  /** Counted runs in all rounds. */
  readonly runs: number;
  readonly median: number;
  readonly min: number;
  readonly max: number;
  /** How many times as fast as the baseline. */
  readonly ratio?: number;
  readonly peakBytes: number;
  readonly result: number;
  /** Whether the result agrees with the baseline's: if not, it computed something else. */
  readonly agrees: boolean;
}

export interface Outcome {
  readonly workload: Workload;
  readonly standings: readonly Standing[];
  readonly missing: readonly { readonly name: string; readonly reason: string }[];
}

/** Largest relative difference of results that float32 in another order of summation explains. */
const TOLERANCE = 2e-3;

/** Runs one workload: all contenders started and warmed up, then measured by turns, round after round. */
export async function race(
  workload: Workload,
  entries: readonly Entry[],
  python: string,
  pace: Pace,
): Promise<Outcome> {
  const missing: { name: string; reason: string }[] = [];
  const field = entries.map((entry) => ({
    entry,
    runner: new Runner(entry, python),
    measurements: [] as Measurement[],
  }));
  let active = field;
  const round = async (seconds: number, warmupSeconds: number, count: boolean): Promise<void> => {
    for (const racer of [...active]) {
      const request: Request = { workload, settings: racer.entry.settings, warmupSeconds, seconds };
      const reply = await racer.runner.ask(request);
      if ("cannot" in reply) {
        missing.push({ name: racer.entry.name, reason: reply.cannot });
        racer.runner.close();
        active = active.filter((other) => other !== racer);
      } else if (count) racer.measurements.push(reply);
    }
  };
  try {
    await round(0, pace.warmupSeconds, false);
    for (let i = 0; i < pace.rounds; i++) await round(pace.seconds, pace.seconds / 10, true);
  } finally {
    for (const { runner } of field) runner.close();
  }
  const reference = active.find(({ entry }) => entry.name === baseline) ?? active[0];
  const standings = active.map(({ entry, measurements }) =>
    standing(entry.name, measurements, reference?.measurements ?? [], reference?.entry.name === baseline),
  );
  return { workload, standings, missing };
}

function standing(
  name: string,
  measurements: readonly Measurement[],
  reference: readonly Measurement[],
  compare: boolean,
): Standing {
  const rounds = measurements.map(({ times }) => median(times));
  const { versions, result } = measurements[0] as Measurement;
  const expected = reference[0]?.result ?? result;
  const middle = median(rounds);
  return {
    name,
    versions,
    rounds,
    runs: measurements.reduce((sum, { times }) => sum + times.length, 0),
    median: middle,
    min: Math.min(...rounds),
    max: Math.max(...rounds),
    ...(compare && { ratio: median(reference.map(({ times }) => median(times))) / middle }),
    peakBytes: Math.max(...measurements.map(({ peakBytes }) => peakBytes)),
    result,
    agrees: Math.abs(result - expected) <= TOLERANCE * Math.abs(expected),
  };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[half] as number)
    : ((sorted[half - 1] as number) + (sorted[half] as number)) / 2;
}
