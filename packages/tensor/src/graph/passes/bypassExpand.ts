import type { Graph, Node, Value } from "../graph.ts";

/**
 * Lets element-wise ops read what was expanded instead of the expansion: they broadcast by themselves. The expansion
 * is then dead, unless something else needs it.
 */
export function bypassExpand(graph: Graph): Graph {
  const sources = new Map<Value, Value>();
  const nodes = graph.nodes.map((node): Node => {
    if (node.op.name === "expand") {
      const from = node.inputs[0] as Value;
      sources.set(node.outputs[0] as Value, sources.get(from) ?? from);
    }
    if (node.op.kind !== "elementwise") return node;
    return { ...node, inputs: node.inputs.map((v) => sources.get(v) ?? v) };
  });
  return { ...graph, nodes };
}
