// Times a fixed piece of work whenever it is asked, together with the other workers (quiet.ts).
import { parentPort, workerData } from "node:worker_threads";
import { spin } from "./kernels/spin.ts";

/** About ten milliseconds. */
const TURNS = 4e6;

const { ready, cores } = workerData as { ready: Int32Array; cores: number };
const work = spin("memory");
parentPort?.on("message", () => {
  Atomics.add(ready, 0, 1);
  while (Atomics.load(ready, 0) < cores);
  const start = performance.now();
  work(TURNS);
  parentPort?.postMessage(performance.now() - start);
});
