import { type Graph, nodeName, type OnnxNode } from "./graph.ts";
import { mlDomain } from "./operators/ml/domain.ts";
import { floatTensor, type TensorData } from "./tensorData.ts";

/** Attributes that are weights, in the order of the inputs that take their place behind the node's own one. */
const liftedAttributes = ["coefficients", "intercepts"] as const;

/** A weight that a node holds in an attribute. */
export interface AttributeWeight {
  readonly attribute: (typeof liftedAttributes)[number];
  readonly tensor: TensorData;
}

/**
 * The main graph's nodes, in which linear models of scikit-learn's exports read their weights as inputs, named `node.coefficients` and
 * `node.intercepts`: so they can be trained like any other.
 * @param nodes - those of the main graph, with the file's functions expanded.
 */
export function liftWeights(nodes: readonly OnnxNode[], graph: Graph): readonly OnnxNode[] {
  if (!nodes.some(isLinearModel)) return nodes;
  const names = new Map<string, number>();
  for (const node of nodes) names.set(nodeName(node), (names.get(nodeName(node)) ?? 0) + 1);
  return nodes.map((node) => {
    // What lies in a function of the file has no place of its own where training could write it.
    if (!isLinearModel(node) || graph.nodes[node.index] !== node) return node;
    const name = names.get(nodeName(node)) === 1 ? nodeName(node) : (node.outputs.find((output) => output) ?? "");
    const lifted = liftedAttributes.map((attribute) =>
      listOf(node, attribute).length === 0 ? "" : `${name}.${attribute}`,
    );
    return { ...node, inputs: [node.inputs[0] ?? "", ...lifted] };
  });
}

/** The weights that a node of {@link liftWeights} reads, with the elements in its attributes. */
export function attributeWeights(node: OnnxNode): readonly AttributeWeight[] {
  if (!isLinearModel(node) || node.inputs.length < 2) return [];
  return liftedAttributes.flatMap((attribute, i) => {
    const name = node.inputs[i + 1] ?? "";
    const list = listOf(node, attribute);
    if (name === "") return [];
    const rows = linearRows(node.attributes);
    const dims = attribute === "intercepts" ? [list.length] : [rows, list.length / rows];
    return [{ attribute, tensor: floatTensor(name, dims, Float32Array.from(list)) }];
  });
}

/** How many rows of coefficients a linear model has: one for each intercept, or for each label or target. */
export function linearRows(attributes: OnnxNode["attributes"]): number {
  const targets = attributes.get("targets")?.value;
  const lists = ["intercepts", "classlabels_ints", "classlabels_strings"].map((key) => attributes.get(key)?.value);
  const sizes = lists.map((list) => (Array.isArray(list) ? list.length : 0));
  return sizes.find((size) => size > 0) ?? (typeof targets === "number" && targets > 0 ? targets : 1);
}

function listOf({ attributes }: OnnxNode, name: string): readonly number[] {
  const attribute = attributes.get(name);
  return attribute?.type === "floats" ? attribute.value : [];
}

/** Whether a node is a linear model of scikit-learn's exports. */
export function isLinearModel({ opType, domain }: OnnxNode): boolean {
  return domain === mlDomain && (opType === "LinearClassifier" || opType === "LinearRegressor");
}
