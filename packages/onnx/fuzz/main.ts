// npm run fuzz -- [--cases N] [--seed N] [--from N] [--suite DIR] [--largest BYTES]
import { globSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { Watched } from "../conformance/watched.ts";
import type { Job, Report } from "./child.ts";

const LIMIT_MS = 5000;
const LIMIT_MIB = 1024;

const { values: options } = parseArgs({
  options: {
    cases: { type: "string", default: "1000" },
    seed: { type: "string", default: "1" },
    from: { type: "string", default: "0" },
    suite: { type: "string" },
    largest: { type: "string", default: "200000" },
  },
});
const [cases, seed, from, largest] = [options.cases, options.seed, options.from, options.largest].map(Number) as [
  number,
  number,
  number,
  number,
];

if (![cases, seed, from, largest].every(Number.isInteger)) {
  console.error("--cases, --seed, --from and --largest take whole numbers.");
  process.exit(2);
}

const fixtures = ["onnx", "sklearn"].map((name) => resolve(import.meta.dirname, "../../../fixtures", name));
const folders = [...fixtures, ...(options.suite ? [resolve(process.env.INIT_CWD ?? ".", options.suite)] : [])];
const models = folders
  .flatMap((folder) => globSync("**/*.onnx", { cwd: folder }).map((path) => resolve(folder, path)))
  .filter((path) => statSync(path).size <= largest)
  .sort();

const worker = new Watched<Job, Report>(new URL("./child.ts", import.meta.url), LIMIT_MS, models);
const counts = { ran: 0, refused: 0, wrong: 0 };
let peak = 0;
for (let index = from; index < from + cases; index++) {
  const done = await worker.run({ seed, index });
  const problem = "problem" in done ? done.problem : problemOf(done.result);
  if ("result" in done) peak = Math.max(peak, done.result.peakMiB);
  if (problem) {
    counts.wrong++;
    console.error(`case ${index} (--seed ${seed} --from ${index} --cases 1): ${problem}`);
  } else if ("result" in done && typeof done.result.ending === "string") counts[done.result.ending]++;
  if ((index - from + 1) % 10_000 === 0) console.log(`${index - from + 1} cases, ${counts.wrong} wrong`);
}
worker.close();
console.log(
  `${cases} mutations of ${models.length} models: ${counts.ran} ran, ${counts.refused} refused with a typed error, ` +
    `${counts.wrong} wrong; at most ${peak} MiB`,
);
process.exitCode = counts.wrong > 0 ? 1 : 0;

/** A crash, or too much memory, which ends the process, so that the next case starts anew. */
function problemOf({ ending, peakMiB }: Report): string | undefined {
  if (typeof ending === "object") return ending.crash;
  if (peakMiB <= LIMIT_MIB) return undefined;
  worker.close();
  return `the process took ${peakMiB} MiB`;
}
