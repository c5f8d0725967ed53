import { isFloat } from "./constant.ts";
import type { Graph, OnnxNode, ValueInfo } from "./graph.ts";
import { mlDomain } from "./operators/ml/domain.ts";

/** The node that gives numbers names: scikit-learn's probabilities by class. */
function zipMapOf({ nodes }: Graph, { name, dtype }: ValueInfo): OnnxNode | undefined {
  // Of tensors the type is declared.
  if (dtype !== undefined) return undefined;
  return nodes.find(
    ({ opType, domain, outputs }) => opType === "ZipMap" && domain === mlDomain && outputs.includes(name),
  );
}

/**
 * The value that a network is trained for: its first output; where that is a label, the first that holds floats. Of a ZipMap, what it
 * is given. `undefined` if the graph has no output.
 */
export function outputOf(graph: Graph): string | undefined {
  const { outputs } = graph;
  const isLabel = ({ dtype }: ValueInfo): boolean => dtype !== undefined && !isFloat(dtype);
  const holdsFloats = (info: ValueInfo): boolean =>
    info.dtype === undefined ? zipMapOf(graph, info) !== undefined : isFloat(info.dtype);
  const [first] = outputs;
  const output = (first && isLabel(first) && outputs.find(holdsFloats)) || first;
  return (output && zipMapOf(graph, output)?.inputs[0]) ?? output?.name;
}

/** The outputs that tensors can hold: neither text nor what a ZipMap makes. */
export function numericOutputs(graph: Graph): readonly ValueInfo[] {
  return graph.outputs.filter((info) => info.dtype !== "string" && !zipMapOf(graph, info));
}
