import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import { relative } from "node:path";
import type { Preprocessing } from "@graftjs/data";
import type { ImageFolder } from "@graftjs/data/node";
import type { OnnxModule } from "@graftjs/onnx";

/** SHA-256 over model, cut, preprocessing, and the names, sizes and labels of all images. */
export async function fingerprintOf(
  model: OnnxModule,
  preprocessing: Preprocessing,
  folder: ImageFolder,
): Promise<string> {
  const hash = createHash("sha256")
    .update(model.model.bytes)
    .update(JSON.stringify([model.cutPoint, preprocessing]));
  for (const set of [folder.train, folder.val]) {
    for (const [i, file] of set.sources.entries()) {
      const { size } = await stat(file);
      hash.update(`${relative(folder.root, file)}|${size}|${set.labels[i]}\n`);
    }
  }
  return hash.digest("hex");
}
