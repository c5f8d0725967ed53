// npm test: set-up, build, static checks, every test. Arguments go to vitest (then only the tests run).
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build, command, install, root } from "./setup.mjs";

const sourceChecks = ["lint", "typecheck", "check:unused", "check:deps", "check:docs"];
const buildChecks = ["check:api", "check:size", "check:packages"];
const only = process.argv.slice(2);
const failedSteps = [];

/** Runs one step, prints one line about it and, if it failed, what it wrote. */
function step(name, run) {
  const start = performance.now();
  const { code, output } = run();
  console.log(`${code === 0 ? "ok    " : "FAILED"} ${name}  ${((performance.now() - start) / 1000).toFixed(1)} s`);
  if (code === 0) return;
  failedSteps.push(name);
  console.log(output);
}

step("install", () => ({ code: install() ?? 0 }));
step("build", build);
const checks = failedSteps.length ? sourceChecks : [...sourceChecks, ...buildChecks];
if (!only.length) for (const name of checks) step(name, () => command(["pnpm", "run", "--silent", name], true));

const cache = join(root, "node_modules", ".cache", "graft");
const report = join(cache, "tests.json");
mkdirSync(cache, { recursive: true });
rmSync(report, { force: true });
const vitest = ["vitest", "run", "--reporter=dot", "--reporter=json", `--outputFile.json=${report}`];
const { code } = command([...vitest, ...only]);

let counts = { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, testResults: [] };
try {
  counts = JSON.parse(readFileSync(report, "utf8"));
} catch {
  console.log("vitest wrote no report");
}
if (code !== 0) failedSteps.push("tests");

console.log(failedSteps.length ? `\nFailed: ${failedSteps.join(", ")}` : "");
const files = counts.testResults.map((file) => file.name);
if (!only.length && !files.some((name) => name.endsWith(".browser.test.ts"))) {
  console.log("WARNING: browser tests were SKIPPED, no Chromium was found. Install one or set CHROMIUM_PATH.");
}
// A failed step that is not a test counts as one failure, so that the last line never looks better than the exit code.
const steps = failedSteps.filter((name) => name !== "tests" || counts.numFailedTests === 0).length;
const skipped = counts.numPendingTests + counts.numTodoTests;
console.log(`${counts.numPassedTests} passed, ${counts.numFailedTests + steps} failed, ${skipped} skipped`);
process.exit(failedSteps.length ? 1 : 0);
