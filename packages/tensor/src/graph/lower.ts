import type { FullAttrs } from "../ops/full.ts";
import type { Call } from "./call.ts";
import type { Assignment, Graph, Node, State, Value } from "./graph.ts";
import { buildChain } from "./passes/buildChain.ts";
import { bypassExpand } from "./passes/bypassExpand.ts";
import { eliminateDeadCode } from "./passes/deadCode.ts";
import { findConstants } from "./passes/findConstants.ts";
import { foldPermutes } from "./passes/foldPermutes.ts";
import { foldScale } from "./passes/foldScale.ts";
import { fuseAttention } from "./passes/fuseAttention.ts";
import { fuseBatchNormGrad } from "./passes/fuseBatchNormGrad.ts";
import { fuseEpilogues } from "./passes/fuseEpilogues.ts";
import { groupElementwise } from "./passes/groupElementwise.ts";
import { maskPooled } from "./passes/maskPooled.ts";
import { recompute } from "./passes/recompute.ts";

/** A graph as kernel calls in the order of their run. Views are gone: their values lie where their roots lie. */
export interface LoweredGraph {
  readonly inputs: readonly Value[];
  readonly states: readonly State[];
  readonly calls: readonly Call[];
  readonly outputs: readonly Value[];
  readonly assignments: readonly Assignment[];
  /** The values that no run changes. A call has only such results, or none. */
  readonly constants: ReadonlySet<Value>;
  /** The value whose memory a value is, itself unless it is a view. */
  readonly root: (value: Value) => Value;
}

/**
 * Removes dead code and views, folds scales of channels into convolutions, fuses element-wise
 * chains, recomputes what is cheaper to compute than to store, and folds chains into what they follow, and permutations
 * into matrix products; makes one call of what is attention.
 */
export function lower(graph: Graph): LoweredGraph {
  const live = eliminateDeadCode(maskPooled(bypassExpand(eliminateDeadCode(graph))));
  const { nodes, ...rest } = foldScale(live, findConstants(live));
  const roots = new Map<Value, Value>();
  const root = (v: Value): Value => roots.get(v) ?? v;
  const numbers = new Map<Value, FullAttrs>();
  for (const node of nodes) {
    const [output] = node.outputs as [Value];
    if (node.op.kind === "view") roots.set(output, root(node.inputs[0] as Value));
    if (node.op.name === "full") numbers.set(output, node.attrs as FullAttrs);
  }
  const constants = findConstants({ ...rest, nodes });
  const groups = recompute(groupElementwise({ ...rest, nodes }, constants), rest, constants, root);
  const groupOf = new Map<Node, number>();
  groups.forEach((group, i) => {
    for (const node of group) groupOf.set(node, i);
  });
  const outside = readOutside(groups.flat(), groupOf, [...rest.outputs, ...rest.assignments.map((a) => a.value)]);
  const calls = groups.flatMap((group): Call[] => {
    const [node] = group as [Node];
    if (node.op.kind === "view") return [];
    if (node.op.kind === "elementwise") return [buildChain(group, numbers, (v) => outside.has(v))];
    return [{ kernel: node.op.name, attrs: node.attrs, inputs: node.inputs, outputs: node.outputs } as Call];
  });
  const used = dropUnused(calls, rest, root);
  const uses = countUses(used, rest, root);
  const fused = fuseBatchNormGrad(fuseEpilogues(used, uses, constants, root), uses);
  const folded = foldPermutes(fused, countUses(fused, rest, root), constants);
  return { ...rest, calls: fuseAttention(folded, countUses(folded, rest, root), constants, root), constants, root };
}

/** Values that are read by something outside of the group that makes them. */
function readOutside(nodes: readonly Node[], groupOf: ReadonlyMap<Node, number>, kept: readonly Value[]): Set<Value> {
  const producer = new Map<Value, Node>();
  const outside = new Set(kept);
  for (const node of nodes) {
    for (const v of node.inputs) {
      const from = producer.get(v);
      if (from && groupOf.get(from) !== groupOf.get(node)) outside.add(v);
    }
    for (const v of node.outputs) producer.set(v, node);
  }
  return outside;
}

type Ends = Pick<Graph, "outputs" | "assignments">;

/** Without calls that nothing reads any more, now that constants and expansions are part of chains. */
function dropUnused(calls: readonly Call[], ends: Ends, root: (v: Value) => Value): Call[] {
  const live = new Set<Value>([...ends.outputs, ...ends.assignments.map((a) => a.value)].map(root));
  const kept: Call[] = [];
  for (const call of calls.toReversed()) {
    if (!call.outputs.some((v) => live.has(v))) continue;
    kept.push(call);
    for (const v of call.inputs) live.add(root(v));
  }
  return kept.reverse();
}

function countUses(calls: readonly Call[], ends: Ends, root: (v: Value) => Value): Map<Value, number> {
  const uses = new Map<Value, number>();
  const count = (v: Value): unknown => uses.set(root(v), (uses.get(root(v)) ?? 0) + 1);
  for (const call of calls) call.inputs.forEach(count);
  ends.outputs.forEach(count);
  for (const { value } of ends.assignments) count(value);
  return uses;
}
