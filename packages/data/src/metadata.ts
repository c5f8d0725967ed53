import { PreprocessingError } from "./errors.ts";
import { type Preprocessing, parsePreprocessing } from "./preprocessing.ts";

/** What a model needs to be used besides its weights: what goes in, and what its outputs are called. */
export interface ImageContract {
  readonly preprocessing: Preprocessing;
  /** Class names, in the order of the model's outputs. */
  readonly labels: readonly string[];
}

const keys = { preprocessing: "graft.preprocessing", labels: "graft.labels" } as const;

/**
 * The contract as entries of an ONNX file's `metadata_props`: JSON under `graft.preprocessing` and `graft.labels`.
 *
 * @example
 * ```ts
 * import { imagenet, toMetadata } from "@graftjs/data";
 *
 * const metadata = toMetadata({ preprocessing: imagenet(), labels: ["ants", "bees"] });
 * console.log(Object.keys(metadata)); // ["graft.preprocessing", "graft.labels"]
 * ```
 */
export function toMetadata({ preprocessing, labels }: ImageContract): Record<string, string> {
  return { [keys.preprocessing]: JSON.stringify(preprocessing), [keys.labels]: JSON.stringify(labels) };
}

/**
 * Reads the contract back.
 * @throws PreprocessingError if an entry is missing or malformed.
 *
 * @example
 * ```ts
 * import { fromMetadata, imagenet, toMetadata } from "@graftjs/data";
 *
 * const metadata = toMetadata({ preprocessing: imagenet(), labels: ["ants", "bees"] });
 * const { labels, preprocessing } = fromMetadata(metadata);
 * console.log(labels, preprocessing.size); // ["ants", "bees"] { height: 224, width: 224 }
 * ```
 */
export function fromMetadata(metadata: Readonly<Record<string, string>>): ImageContract {
  const preprocessing = parsePreprocessing(entry(metadata, keys.preprocessing));
  const labels = entry(metadata, keys.labels);
  if (Array.isArray(labels) && labels.length > 0 && labels.every((label) => typeof label === "string")) {
    return { preprocessing, labels };
  }
  const expected = "a JSON array of class names";
  throw new PreprocessingError(`model metadata ${keys.labels}: expected ${expected}.`, { expected });
}

function entry(metadata: Readonly<Record<string, string>>, key: string): unknown {
  const text = Object.hasOwn(metadata, key) ? metadata[key] : undefined;
  if (text === undefined) {
    const help = "Use a model that Graft has written, or give the preprocessing and the labels yourself.";
    throw new PreprocessingError(`model metadata: expected an entry ${key}, got none. ${help}`, {
      expected: key,
      help,
    });
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new PreprocessingError(
      `model metadata ${key}: expected JSON, got ${text.slice(0, 40)}.`,
      { expected: "JSON" },
      { cause },
    );
  }
}
