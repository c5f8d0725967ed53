import type { Graph, Node, Value } from "../graph.ts";

/** Without the nodes that no output and no assignment depends on. */
export function eliminateDeadCode(graph: Graph): Graph {
  const live = new Set<Value>([...graph.outputs, ...graph.assignments.map((a) => a.value)]);
  const nodes: Node[] = [];
  for (const node of graph.nodes.toReversed()) {
    if (!node.outputs.some((v) => live.has(v))) continue;
    nodes.push(node);
    for (const v of node.inputs) live.add(v);
  }
  return { ...graph, nodes: nodes.reverse() };
}
