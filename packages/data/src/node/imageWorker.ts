import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { ImageDataset, type ImageDatasetSpec } from "../imageDataset.ts";
import { type LoadReply, type LoadRequest, toParts } from "../workerMessages.ts";
import { decodeImage, decodeWithOneThread } from "./decodeImage.ts";

// The thread's entry: it answers each request with the sample that the loader's own thread would have made.
const port = parentPort as MessagePort;
const dataset = new ImageDataset(workerData as ImageDatasetSpec<string>, { decode: (file) => decodeImage(file) });
const ready = decodeWithOneThread();

port.on("message", async ({ id, index, ...key }: LoadRequest) => {
  try {
    await ready;
    const sample = await dataset.sample(index, key);
    port.postMessage({ id, sample } satisfies LoadReply, [sample.input.buffer as ArrayBuffer]);
  } catch (error) {
    port.postMessage({ id, error: toParts(error) } satisfies LoadReply);
  }
});
