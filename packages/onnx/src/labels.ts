import type { Graph, OnnxNode } from "./graph.ts";
import type { OnnxModel } from "./model.ts";
import { mlDomain } from "./operators/ml/domain.ts";

/** Attributes of classifiers and ZipMap that name the classes. */
const labelAttributes = ["classlabels_strings", "classlabels_int64s", "classlabels_ints"] as const;

/**
 * The names of the classes, in the order of the scores, where the file's own graph has them, as scikit-learn's exports do: in a classifier,
 * a ZipMap, or what the place that an ArgMax finds is looked up in: a tensor, or a LabelEncoder. `undefined` where it has none.
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

/** What the largest score's place is looked up in. */
function chosenFrom({ nodes, initializers }: Graph, node: OnnxNode): readonly (number | string)[] | undefined {
  const { opType, inputs, attributes } = node;
  const [first = "", second = ""] = inputs;
  const isPlace = (name: string): boolean =>
    nodes.some(({ opType: by, outputs }) => by === "ArgMax" && outputs.includes(name));
  if (opType === "ArrayFeatureExtractor" && isPlace(second)) {
    const stored = initializers.get(first);
    return stored && (stored.texts ?? Array.from(stored.data() as ArrayLike<number | bigint>, Number));
  }
  if (opType !== "LabelEncoder" || !isPlace(first)) return undefined;
  const listOf = (name: string): readonly (number | string)[] => {
    const list = attributes.get(name)?.value;
    return Array.isArray(list) ? list : [];
  };
  const values = [...listOf("values_strings"), ...listOf("values_int64s")];
  const keys = listOf("keys_int64s");
  return keys.length > 0 && keys.length === values.length && keys.every((key, i) => key === i) ? values : undefined;
}
