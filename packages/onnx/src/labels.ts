import type { Graph, OnnxNode } from "./graph.ts";
import type { OnnxModel } from "./model.ts";
import { mlDomain } from "./operators/ml/domain.ts";

/** Attributes of classifiers and ZipMap that name the classes. */
const labelAttributes = ["classlabels_strings", "classlabels_int64s", "classlabels_ints"] as const;

/**
 * The names of the classes, in the order of the scores, where the file's own graph has them, as scikit-learn's exports do: in a classifier,
 * a ZipMap, or a tensor out of which an ArgMax chooses. `undefined` where it has none.
 *
 * @example
 * ```ts
 * import { readFile } from "node:fs/promises";
 * import { labelsOf, readModel } from "@graftjs/onnx";
 *
 * console.log(labelsOf(readModel(await readFile("fixtures/sklearn/mlp.onnx")))); // ["ada", "bob", "cy"]
 * ```
 */
export function labelsOf({ graph }: OnnxModel): readonly string[] | undefined {
  for (const node of graph.nodes.toReversed()) {
    if (node.domain !== mlDomain) continue;
    const labels = labelAttributes
      .map((name) => node.attributes.get(name)?.value)
      .find((list) => Array.isArray(list) && list.length > 0);
    const found = (labels as readonly (number | string)[] | undefined) ?? chosenFrom(graph, node);
    if (found) return found.map(String);
  }
  return undefined;
}

/** The stored tensor out of which the largest score's place chooses. */
function chosenFrom(
  { nodes, initializers }: Graph,
  { opType, inputs: [classes = "", index = ""] }: OnnxNode,
): readonly (number | string)[] | undefined {
  const stored = initializers.get(classes);
  const chosen = nodes.some(({ opType: by, outputs }) => by === "ArgMax" && outputs.includes(index));
  if (opType !== "ArrayFeatureExtractor" || !stored || !chosen) return undefined;
  return stored.texts ?? Array.from(stored.data() as ArrayLike<number | bigint>, Number);
}
