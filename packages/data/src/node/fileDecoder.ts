import type { ImageDecoder } from "../imageDataset.ts";
import { decodeImage } from "./decodeImage.ts";
import { startImageWorker } from "./startImageWorker.ts";

/** Images in files, decoded by `sharp`, in this thread or in workers. */
export const fileDecoder: ImageDecoder<string> = {
  decode: (file) => decodeImage(file),
  startWorker: startImageWorker,
};
