import { ImageDataset, type ImageDatasetSpec } from "../imageDataset.ts";
import { type LoadReply, type LoadRequest, toParts } from "../workerMessages.ts";
import { decodeImage } from "./decodeImage.ts";

// The worker's entry: the first message is the data set, each further one a request.
let dataset: ImageDataset<Blob> | undefined;

addEventListener("message", async ({ data }: MessageEvent<ImageDatasetSpec<Blob> | LoadRequest>) => {
  if (!("id" in data)) {
    dataset = new ImageDataset(data, { decode: (blob) => decodeImage(blob) });
    return;
  }
  const { id, index, ...key } = data;
  try {
    const sample = await (dataset as ImageDataset<Blob>).sample(index, key);
    postMessage({ id, sample } satisfies LoadReply, { transfer: [sample.input.buffer as ArrayBuffer] });
  } catch (error) {
    postMessage({ id, error: toParts(error) } satisfies LoadReply);
  }
});
