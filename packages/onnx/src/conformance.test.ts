import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { useDevice } from "@graftjs/tensor";
import { wasm } from "@graftjs/wasm";
import { describe, expect, it } from "vitest";
import { runCase } from "../conformance/runCase.ts";
import { foldersOf } from "../conformance/suite.ts";
import { operatorsByType } from "./operators/index.ts";

// What `npm run conformance` runs, on the suites that lie beside the repository.
const suite = fileURLToPath(new URL("../../../../shared/conformance/", import.meta.url));
const folders = foldersOf(suite).filter(({ cases }) => cases.length > 0);
if (!existsSync(suite))
  console.warn("The conformance suites beside the repository are not there; their tests are left out.");

useDevice(await wasm({ threads: 1 }));

describe.runIf(folders.length > 0).each(folders)("$name", ({ cases }) => {
  it.each(cases)("$name", async (test) => {
    const { outcome } = await runCase(test);
    if (outcome.status === "failed") expect.fail(outcome.reason);
    if (outcome.status === "passed") return;
    // A refusal names operators that nobody imports; what is imported is imported whole.
    const imported = outcome.refusals.filter(
      ({ opType, reason }) => operatorsByType.has(opType) && !/string/.test(reason),
    );
    expect(imported).toEqual([]);
  });
});
