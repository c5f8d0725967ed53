import { readFileSync } from "node:fs";
import { useDevice } from "@graftjs/tensor";
import { wasm } from "@graftjs/wasm";
import { answer } from "../conformance/watched.ts";
import { attempt, type Ending } from "./attempt.ts";
import { mutate, pick, sequence } from "./mutate.ts";

/** A mutation by its number; models are the process's arguments. */
export interface Job {
  readonly seed: number;
  readonly index: number;
}

/** How it ended, and the most memory that the process has had so far. */
export interface Report {
  readonly ending: Ending | { readonly crash: string };
  readonly peakMiB: number;
}

const models = process.argv.slice(2).map((path) => new Uint8Array(readFileSync(path)));
useDevice(await wasm({ threads: 1 }));
answer(async ({ seed, index }: Job): Promise<Report> => {
  const random = sequence(Math.imul(seed, 0x9e3779b1) + index);
  const bytes = mutate(pick(models, random), random);
  const ending = await attempt(bytes).catch((error) => ({
    crash: error instanceof Error ? (error.stack ?? error.message) : String(error),
  }));
  return { ending, peakMiB: Math.round(process.resourceUsage().maxRSS / 1024) };
});
