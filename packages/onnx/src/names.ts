import { graphsOf, type OnnxNode, withNested } from "./graph.ts";
import type { OnnxModel } from "./model.ts";

/** Names that are taken in what remains of the graph and the graphs in it, by values and by nodes, without those left out. */
export function namesOf(
  { graph }: OnnxModel,
  nodes: ReadonlySet<number> = new Set(),
  initializers: ReadonlySet<string> = new Set(),
): Set<string> {
  const names = new Set(graph.inputs.map(({ name }) => name));
  for (const name of graph.initializers.keys()) if (!initializers.has(name)) names.add(name);
  for (const name of namesIn(graph.nodes.filter(({ index }) => !nodes.has(index)))) names.add(name);
  return names;
}

/** Names of nodes and what they make, and of all in the graphs in them. */
export function namesIn(nodes: readonly OnnxNode[]): readonly string[] {
  return [...withNested(nodes)].flatMap((node) => [
    node.name,
    ...node.outputs,
    ...graphsOf(node).flatMap(({ inputs, initializers }) => [
      ...initializers.keys(),
      ...inputs.map(({ name }) => name),
    ]),
  ]);
}

/** A name that is not taken: `stem`, or that with a number. */
export function fresh(stem: string, taken: ReadonlySet<string>): string {
  let name = stem;
  for (let i = 2; taken.has(name); i++) name = `${stem}${i}`;
  return name;
}
