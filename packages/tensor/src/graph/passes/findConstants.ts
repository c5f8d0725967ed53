import { bytesOf, type Graph, type Node, type Value } from "../graph.ts";

/** Up to this many bytes a constant may be larger than what it is made of. */
const GROWTH_BYTES = 2 ** 18;

/**
 * The values that no run changes: states that the graph does not assign (frozen parameters, buffers), and what is
 * computed from them alone. They are worth keeping from run to run, unless they are much larger than what they are
 * made of, such as an expanded bias; then they, and all that depends on them, are left to each run.
 */
export function findConstants({ nodes, states, assignments }: Omit<Graph, "inputs" | "outputs">): Set<Value> {
  const assigned = new Set(assignments.map((a) => a.storage));
  const constants = new Set(states.filter((s) => !assigned.has(s.storage)).map((s) => s.value));
  /** Results of `full`, and of what is computed from those alone: part of whatever reads them. */
  const neutral = new Set<Value>();
  for (const node of nodes) {
    const { inputs, outputs } = node;
    if (inputs.every((v) => neutral.has(v))) {
      for (const v of outputs) neutral.add(v);
    } else if (inputs.every((v) => constants.has(v) || neutral.has(v)) && !grows(node, constants)) {
      for (const v of outputs) constants.add(v);
    }
  }
  // What constants are made of is made with them.
  for (const node of nodes.toReversed()) {
    if (node.outputs.some((v) => constants.has(v))) {
      for (const v of [...node.inputs, ...node.outputs]) constants.add(v);
    }
  }
  return constants;
}

function grows({ inputs, outputs }: Node, constants: ReadonlySet<Value>): boolean {
  const before = inputs.filter((v) => constants.has(v)).reduce((sum, v) => sum + bytesOf(v), 0);
  return outputs.reduce((sum, v) => sum + bytesOf(v), 0) > before + GROWTH_BYTES;
}
