// npm run conformance -- --suite DIR [--only REGEX] [--json FILE] [--update] [--device wasm|reference]
import { existsSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { type Case, failed, type Result } from "./outcome.ts";
import { type FolderReport, formatCounts, formatReport } from "./report.ts";
import { foldersOf } from "./suite.ts";
import { supportPage } from "./supportTable.ts";
import { Watched } from "./watched.ts";

const LIMIT_MS = 120_000;

const { values: options } = parseArgs({
  options: {
    suite: { type: "string" },
    only: { type: "string", default: "" },
    json: { type: "string" },
    update: { type: "boolean", default: false },
    device: { type: "string", default: "wasm" },
  },
});
// npm runs scripts in the root of the repository; paths are meant from where one calls.
const from = process.env.INIT_CWD ?? process.cwd();
const suite = options.suite && resolve(from, options.suite);
if (!suite || !existsSync(suite)) {
  console.error(`Give the folder of the suite: --suite DIR${suite ? `; there is no ${suite}` : ""}`);
  process.exit(2);
}

if (options.update && options.only) {
  console.error("--update takes the whole suite: leave --only out.");
  process.exit(2);
}
if (options.device !== "wasm" && options.device !== "reference") {
  console.error(`--device is wasm or reference, not ${options.device}`);
  process.exit(2);
}
const only = new RegExp(options.only);
const worker = new Watched<Case, Result>(new URL("./child.ts", import.meta.url), LIMIT_MS, [options.device]);
const reports: FolderReport[] = [];
for (const { name, cases } of foldersOf(suite)) {
  const chosen = cases.filter((test) => only.test(`${name}/${test.name}`));
  if (cases.length > 0 && chosen.length === 0) continue;
  const results: Result[] = [];
  for (const test of chosen) {
    const done = await worker.run(test);
    results.push("result" in done ? done.result : { name: test.name, operators: [], outcome: failed(done.problem) });
  }
  const report = { folder: name, results };
  reports.push(report);
  console.log(formatReport(report));
}
worker.close();
if (options.json) writeFileSync(resolve(from, options.json), `${JSON.stringify(reports, null, 2)}\n`);
if (options.update) {
  const page = resolve(import.meta.dirname, "../../../docs/onnx-support.md");
  writeFileSync(page, supportPage(reports.filter(({ results }) => results.length > 0)));
  console.log(`wrote ${page}`);
}
const all = reports.flatMap(({ results }) => results);
console.log(`in all: ${formatCounts(all)}`);
if (all.length === 0) console.error(`There are no cases in ${suite}${options.only && ` that match ${options.only}`}.`);
process.exitCode = all.length === 0 ? 2 : all.some(({ outcome }) => outcome.status === "failed") ? 1 : 0;
