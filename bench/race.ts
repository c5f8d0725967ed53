import { baseline, type Entry } from "./contenders/index.ts";
import type { Measurement, Reply } from "./protocol.ts";
import type { Patience, QuietMachine } from "./quiet.ts";
import { Runner } from "./runner.ts";
import type { Workload } from "./workloads/workload.ts";

export interface Pace {
  readonly rounds: number;
  /** Time a contender and round. */
  readonly seconds: number;
  /** Time that is not counted, before the first round. */
  readonly warmupSeconds: number;
  /** Rounds of whole jobs. */
  readonly jobs: number;
  /** Seconds a workload, in all, for which rounds are put off or measured again while others use the machine. */
  readonly patienceSeconds: number;
}

/** What one contender reached in one workload. Times are milliseconds a run. */
export interface Standing {
  readonly name: string;
  readonly versions: Readonly<Record<string, string>>;
  /** Median of each round. */
  readonly rounds: readonly number[];
  /** Counted runs in all rounds. */
  readonly runs: number;
  /** Median, least and largest of `rounds`. */
  readonly median: number;
  readonly min: number;
  readonly max: number;
  /** How many times as fast as the baseline; `null` where that did not run. */
  readonly ratio: number | null;
  /** `null` where it was not measured. */
  readonly peakBytes: number | null;
  readonly result: number;
  /** Largest relative difference of `result` from the baseline's that still counts as the same. */
  readonly tolerance: number;
  /** Whether the result is the baseline's: if not, it computed something else. */
  readonly agrees: boolean;
}

export interface Outcome {
  readonly workload: Pick<Workload, "group" | "title"> & Partial<Workload>;
  readonly standings: readonly Standing[];
  /** Contenders that do not run this, and why. */
  readonly missing: readonly { readonly name: string; readonly reason: string }[];
  /** How the machine disturbed the rounds. */
  readonly patience?: Readonly<Patience>;
}

interface Racer {
  readonly entry: Entry;
  readonly runner: Runner;
  readonly measurements: Measurement[];
  reason?: string;
}

/** Largest relative difference of results that another order of summation explains: in float32, and in bfloat16. */
const TOLERANCE = 2e-3;
const BFLOAT16_TOLERANCE = 0.1;

/** Runs one workload: all contenders started and warmed up, then measured by turns, round after round. */
export async function race(
  workload: Workload,
  entries: readonly Entry[],
  python: string | undefined,
  pace: Pace,
  machine: QuietMachine,
): Promise<Outcome> {
  const racers = entries.map((entry): Racer => ({ entry, runner: new Runner(entry, python), measurements: [] }));
  const patience: Patience = { seconds: pace.patienceSeconds, repeated: 0, counted: 0 };
  const round = async (seconds: number, warmupSeconds: number, counts: boolean): Promise<void> => {
    for (const racer of racers.filter(({ reason }) => reason === undefined)) {
      const { runner, entry } = racer;
      const ask = (): Promise<Reply> => runner.ask({ workload, settings: entry.settings, warmupSeconds, seconds });
      const reply = await (counts ? machine.quietly(patience, ask) : ask());
      if ("cannot" in reply) {
        racer.reason = reply.cannot;
        runner.close();
      } else if (counts) racer.measurements.push(reply);
    }
  };
  try {
    await round(0, pace.warmupSeconds, false);
    for (let i = 0; i < pace.rounds; i++) await round(pace.seconds, pace.seconds / 10, true);
  } finally {
    for (const { runner } of racers) runner.close();
  }
  const standings = racers.flatMap(({ entry, measurements, reason }) =>
    reason === undefined ? [standing(entry, measurements)] : [],
  );
  const missing = racers.flatMap(({ entry: { name }, reason }) => (reason === undefined ? [] : [{ name, reason }]));
  return { workload, standings: compared(standings), missing, patience };
}

export type Alone = Omit<Standing, "ratio" | "agrees">;

function standing({ name, settings }: Entry, measurements: readonly Measurement[]): Alone {
  const rounds = measurements.map(({ times }) => median(times));
  const { versions, result } = measurements[0] as Measurement;
  return {
    name,
    versions,
    rounds,
    runs: measurements.reduce((sum, { times }) => sum + times.length, 0),
    median: median(rounds),
    min: Math.min(...rounds),
    max: Math.max(...rounds),
    peakBytes: Math.max(...measurements.map(({ peakBytes }) => peakBytes)),
    result,
    tolerance: settings.bfloat16 ? BFLOAT16_TOLERANCE : TOLERANCE,
  };
}

/** Beside the baseline; without one, results are held against those of the first. */
export function compared(standings: readonly Alone[]): Standing[] {
  const reference = standings.find(({ name }) => name === baseline);
  const expected = (reference ?? standings[0])?.result ?? Number.NaN;
  return standings.map((alone) => ({
    ...alone,
    ratio: reference ? reference.median / alone.median : null,
    agrees: Math.abs(alone.result - expected) <= alone.tolerance * Math.abs(expected),
  }));
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  const upper = sorted[half] as number;
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] as number) + upper) / 2;
}
