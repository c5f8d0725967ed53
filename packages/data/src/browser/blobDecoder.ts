import type { ImageDecoder } from "../imageDataset.ts";
import { decodeImage } from "./decodeImage.ts";
import { startImageWorker } from "./startImageWorker.ts";

/** Images in `Blob`s and `File`s, decoded by the browser, in this thread or in workers. */
export const blobDecoder: ImageDecoder<Blob> = {
  decode: (blob) => decodeImage(blob),
  startWorker: startImageWorker,
};
