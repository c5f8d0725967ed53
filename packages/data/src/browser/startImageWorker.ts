import type { SampleWorker } from "../dataset.ts";
import type { ImageDatasetSpec } from "../imageDataset.ts";
import { type LoadReply, PendingLoads } from "../workerMessages.ts";

/** Starts a Web Worker that decodes and preprocesses images. */
export function startImageWorker(spec: ImageDatasetSpec<Blob>): SampleWorker {
  // Bundlers find the worker by this very expression.
  const worker = new Worker(new URL("./imageWorker.js", import.meta.url), { type: "module" });
  const pending = new PendingLoads();
  let closed = false;
  worker.postMessage(spec);
  worker.addEventListener("message", ({ data }: MessageEvent<LoadReply>) => pending.settle(data));
  worker.addEventListener("error", ({ message }) => {
    closed = true;
    pending.fail(`a worker failed: ${message || "it could not be loaded"}`);
  });
  return {
    load: (index, key) =>
      pending.request(index, key, (request) => {
        if (closed) return pending.fail("the worker has ended");
        worker.postMessage(request);
      }),
    close: async () => {
      closed = true;
      pending.fail("the loader was closed");
      worker.terminate();
    },
  };
}
