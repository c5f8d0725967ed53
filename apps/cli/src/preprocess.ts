import { readFile } from "node:fs/promises";
import { fromMetadata, type Preprocessing, parsePreprocessing, presetFor, presetNames } from "@graftjs/data";
import type { OnnxModule } from "@graftjs/onnx";
import { UsageError } from "./errors.ts";

/**
 * How images become the model's input: a preset or JSON file if one is named, else what the model file says itself,
 * else that of ImageNet networks.
 */
export async function choosePreprocessing(model: OnnxModule, choice: string | undefined): Promise<Preprocessing> {
  const shape = model.input.shape ?? [];
  if (choice === undefined) {
    return "graft.preprocessing" in model.model.metadata
      ? fromMetadata(model.model.metadata).preprocessing
      : presetFor("imagenet", shape);
  }
  if ((presetNames as readonly string[]).includes(choice)) return presetFor(choice, shape);
  if (!choice.endsWith(".json")) {
    throw new UsageError(`--preprocess takes ${presetNames.join(", ")} or a .json file, got "${choice}".`);
  }
  let json: unknown;
  try {
    json = JSON.parse(await readFile(choice, "utf8"));
  } catch (error) {
    if (error instanceof SyntaxError) throw new UsageError(`${choice} is not JSON: ${error.message}.`);
    throw error;
  }
  return parsePreprocessing(json);
}
