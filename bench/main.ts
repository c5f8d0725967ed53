// npm run bench -- [--quick] [--only W1,W2] [--json FILE] [--kernels [FAMILY]]
import { rename, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { baseline, entries } from "./contenders/index.ts";
import { findPython, machine } from "./machine.ts";
import { type Outcome, type Pace, race } from "./race.ts";
import { formatMachine, formatOutcome, formatResults, formatVersions } from "./report.ts";
import { workloads } from "./workloads/index.ts";

const { values: options } = parseArgs({
  options: {
    /** Short rounds, to see that everything runs; the times mean little. */
    quick: { type: "boolean", default: false },
    /** Groups of workloads, with commas between. */
    only: { type: "string" },
    /** Everything that was measured, as JSON. */
    json: { type: "string" },
    /** Instead: throughput of the WASM device's kernels. */
    kernels: { type: "boolean", default: false },
  },
});

async function write(file: string | URL, text: string): Promise<void> {
  const temporary = file instanceof URL ? new URL(`${file}.tmp`) : `${file}.tmp`;
  await writeFile(temporary, text);
  await rename(temporary, file);
}

async function contenders(): Promise<void> {
  const groups = options.only?.split(",");
  const unknown = groups?.find((group) => !workloads.some((workload) => workload.group === group));
  if (unknown) throw new Error(`--only: there is no workload ${unknown}; there are W1, W2 and W3.`);
  const pace: Pace = options.quick
    ? { rounds: 2, seconds: 0.2, warmupSeconds: 0.2 }
    : { rounds: 7, seconds: 1.5, warmupSeconds: 3 };
  const host = machine();
  const python = findPython();
  console.log(formatMachine(host, pace));
  if (!python) console.log("PyTorch: not found. Point GRAFT_PYTHON at a Python that has torch.");

  const outcomes: Outcome[] = [];
  for (const workload of workloads.filter(({ group }) => groups?.includes(group) ?? true)) {
    const field = entries.filter(
      (entry) => entry.groups.includes(workload.group) && (python || entry.name !== baseline),
    );
    const outcome = await race(workload, field, python ?? "", pace);
    outcomes.push(outcome);
    console.log(`\n${formatOutcome(outcome)}`);
  }
  console.log(`\n${formatVersions(outcomes)}`);

  if (options.json) await write(options.json, `${JSON.stringify({ machine: host, pace, outcomes }, null, 1)}\n`);
  if (!options.quick && !groups)
    await write(new URL("RESULTS.md", import.meta.url), formatResults(host, pace, outcomes));
  if (outcomes.some(({ standings }) => standings.some(({ agrees }) => !agrees))) process.exitCode = 1;
}

if (options.kernels) {
  const { kernels } = await import("./kernels.ts");
  await kernels(options.quick);
} else await contenders();
