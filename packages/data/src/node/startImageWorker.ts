import { Worker } from "node:worker_threads";
import type { SampleWorker } from "../dataset.ts";
import type { ImageDatasetSpec } from "../imageDataset.ts";
import { type LoadReply, PendingLoads } from "../workerMessages.ts";

/** Starts a thread that decodes and preprocesses images. It keeps the process alive only while it works. */
export function startImageWorker(spec: ImageDatasetSpec<string>): SampleWorker {
  const fromSource = import.meta.url.endsWith(".ts");
  const worker = new Worker(new URL(fromSource ? "./imageWorker.ts" : "./imageWorker.js", import.meta.url), {
    workerData: spec,
    // A thread takes its conditions from the command line, which a test runner or bundler may not have set.
    execArgv: fromSource ? ["--conditions=@graftjs/source"] : process.execArgv,
  });
  const pending = new PendingLoads();
  let closed = false;
  worker.unref();
  worker.on("message", (reply: LoadReply) => {
    pending.settle(reply);
    if (pending.size === 0) worker.unref();
  });
  worker.on("error", (error) => {
    closed = true;
    pending.fail(`a worker failed: ${error.message}`);
  });
  worker.on("exit", (code) => {
    closed = true;
    pending.fail(`a worker ended with exit code ${code}`);
  });
  return {
    load: (index, key) =>
      pending.request(index, key, (request) => {
        if (closed) return pending.fail("the worker has ended");
        worker.ref();
        worker.postMessage(request);
      }),
    close: async () => {
      closed = true;
      pending.fail("the loader was closed");
      await worker.terminate();
    },
  };
}
