import { ModelFileError } from "./errors.ts";
import { importModel, type OnnxModule } from "./module.ts";

async function download(url: URL): Promise<ArrayBuffer> {
  const response = await fetch(url);
  if (!response.ok) throw new ModelFileError(url.href, `HTTP status ${response.status}`);
  return response.arrayBuffer();
}

/**
 * Loads an ONNX model as a trainable module from bytes, a blob, or a URL that is fetched. `@graftjs/onnx/node` loads paths.
 * @throws {OnnxError} as {@link importModel} does
 * @throws {ModelFileError} if the server does not give the file
 * @throws {TypeError} as `fetch` does, if no server answers
 *
 * @example
 * ```ts
 * import { readFile } from "node:fs/promises";
 * import { load } from "@graftjs/onnx";
 * import { ones } from "@graftjs/tensor";
 *
 * const network = await load(new Blob([await readFile("fixtures/onnx/resnet.onnx")]));
 * console.log(network.features(ones([4, 3, 16, 16])).shape); // [4, 8]
 * ```
 */
export async function load(source: Uint8Array | ArrayBuffer | Blob | URL): Promise<OnnxModule> {
  if (source instanceof Uint8Array) return importModel(source);
  if (source instanceof ArrayBuffer) return importModel(new Uint8Array(source));
  return importModel(new Uint8Array(await (source instanceof URL ? download(source) : source.arrayBuffer())));
}
