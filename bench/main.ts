// npm run bench -- [--only W1,W2] [--quick] [--json FILE] [--check]
// npm run bench -- --kernels [--only gemm,conv] [--quick]
// npm run bench -- --profile [--only W1,W2] [--quick]
import { rename, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { check } from "./check.ts";
import { entries } from "./contenders/index.ts";
import { raceLinearProbe } from "./job/linearProbe.ts";
import { checkLoad, formatLoad, type Load, measureLoad } from "./load.ts";
import { findPython, machine } from "./machine.ts";
import { QuietMachine } from "./quiet.ts";
import { type Outcome, type Pace, race } from "./race.ts";
import { formatMachine, formatOutcome, formatResults, formatVersions } from "./report.ts";
import { formatRoofline, measureRoofline } from "./roofline.ts";
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
  const groups = [...new Set(workloads.map(({ group }) => group)), "W5", "load"];
  const unknown = only?.find((name) => !groups.includes(name));
  if (unknown) throw new Error(`--only: there is no workload ${unknown}; there are ${groups.join(", ")}.`);
  const pace: Pace = options.quick
    ? { rounds: 2, seconds: 0.2, warmupSeconds: 0.2, jobs: 1, patienceSeconds: 0 }
    : { rounds: 5, seconds: 1.5, warmupSeconds: 2, jobs: 3, patienceSeconds: 60 };
  const host = machine();
  const python = findPython();
  console.log(formatMachine(host, pace));

  const outcomes: Outcome[] = [];
  let loads: readonly Load[] = [];
  // After each workload, so that a run that breaks off loses nothing.
  const save = async (): Promise<void> => {
    if (options.json)
      await write(options.json, `${JSON.stringify({ machine: host, pace, outcomes, loads }, null, 1)}\n`);
  };
  const finish = async (outcome: Outcome): Promise<void> => {
    outcomes.push(outcome);
    console.log(`\n${formatOutcome(outcome)}`);
    await save();
  };
  const chosen = workloads.filter(({ group }) => only?.includes(group) ?? true);
  const quiet = await QuietMachine.start();
  for (const workload of chosen) {
    const field = entries.filter(({ groups }) => groups.includes(workload.group));
    await finish(await race(workload, field, python, pace, quiet));
  }
  await quiet.close();
  if (only?.includes("W5") ?? true) await finish(await raceLinearProbe(python, pace.jobs));
  if (only?.includes("load") ?? true) {
    loads = await measureLoad(pace.rounds);
    console.log(`\n${formatLoad(loads)}`);
    await save();
  }
  const roofline = chosen.length > 0 ? formatRoofline(await measureRoofline(chosen), outcomes) : "";
  if (roofline !== "") console.log(`\n${roofline}`);
  console.log(`\n${formatVersions(outcomes)}`);

  const [raced, loaded] = [check(outcomes), checkLoad(loads)];
  const report = [raced.report, loaded.report].filter((text) => text !== "").join("\n\n");
  if (options.check) {
    console.log(`\n${report}`);
    if (!raced.passed || !loaded.passed) process.exitCode = 1;
  }

  const complete = !options.quick && !only;
  if (complete)
    await write(
      new URL("RESULTS.md", import.meta.url),
      formatResults(host, pace, outcomes, [formatLoad(loads), roofline], report),
    );
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
