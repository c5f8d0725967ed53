// npm run bench -- [--only W1,W2] [--quick] [--json FILE] [--check]
// npm run bench -- --kernels [--only gemm,conv] [--quick]
// npm run bench -- --profile [--only W1,W2] [--quick]
import { rename, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { check } from "./check.ts";
import { entries } from "./contenders/index.ts";
import { raceLinearProbe } from "./job/linearProbe.ts";
import { findPython, machine } from "./machine.ts";
import { type Outcome, type Pace, race } from "./race.ts";
import { formatMachine, formatOutcome, formatResults, formatVersions } from "./report.ts";
import { workloads } from "./workloads/index.ts";

const { values: options } = parseArgs({
  options: {
    /** Short rounds, to see that everything runs; the times mean little. */
    quick: { type: "boolean", default: false },
    /** Groups of workloads, or families of kernels, with commas between. */
    only: { type: "string" },
    /** Everything that was measured, as JSON. */
    json: { type: "string" },
    /** Compare with the bars, and fail if one is missed. */
    check: { type: "boolean", default: false },
    /** The WASM device's kernels, instead of the contenders. */
    kernels: { type: "boolean", default: false },
    /** Where Graft's time goes in the workloads, by kernel; with `--quick`, on one thread. */
    profile: { type: "boolean", default: false },
  },
});
const only = options.only?.split(",");

async function contenders(): Promise<void> {
  const groups = [...new Set(workloads.map(({ group }) => group)), "W5"];
  const unknown = only?.find((name) => !groups.includes(name));
  if (unknown) throw new Error(`--only: there is no workload ${unknown}; there are ${groups.join(", ")}.`);
  const pace: Pace = options.quick
    ? { rounds: 2, seconds: 0.2, warmupSeconds: 0.2, jobs: 1 }
    : { rounds: 5, seconds: 1.5, warmupSeconds: 2, jobs: 3 };
  const host = machine();
  const python = findPython();
  console.log(formatMachine(host, pace));

  const outcomes: Outcome[] = [];
  for (const workload of workloads.filter(({ group }) => only?.includes(group) ?? true)) {
    const field = entries.filter(({ groups }) => groups.includes(workload.group));
    const outcome = await race(workload, field, python, pace);
    outcomes.push(outcome);
    console.log(`\n${formatOutcome(outcome)}`);
  }
  if (only?.includes("W5") ?? true) {
    const outcome = await raceLinearProbe(python, pace.jobs);
    outcomes.push(outcome);
    console.log(`\n${formatOutcome(outcome)}`);
  }
  console.log(`\n${formatVersions(outcomes)}`);

  const { report, passed } = check(outcomes);
  if (options.check) {
    console.log(`\n${report}`);
    if (!passed) process.exitCode = 1;
  }

  if (options.json) await write(options.json, `${JSON.stringify({ machine: host, pace, outcomes }, null, 1)}\n`);
  const complete = !options.quick && !only;
  if (complete) await write(new URL("RESULTS.md", import.meta.url), formatResults(host, pace, outcomes, report));
  if (outcomes.some(({ standings }) => standings.some(({ agrees }) => !agrees))) process.exitCode = 1;
}

async function write(file: string | URL, text: string): Promise<void> {
  const temporary = file instanceof URL ? new URL(`${file}.tmp`) : `${file}.tmp`;
  await writeFile(temporary, text);
  await rename(temporary, file);
}

if (options.kernels) {
  const { kernels } = await import("./kernels.ts");
  await kernels(only, options.quick);
} else if (options.profile) {
  const { profile } = await import("./profile.ts");
  await profile(only, options.quick);
} else await contenders();
