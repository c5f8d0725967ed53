export { blobDecoder } from "./browser/blobDecoder.ts";
export { decodeImage } from "./browser/decodeImage.ts";
