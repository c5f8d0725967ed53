import type { Op } from "../../op.ts";
import type { FullAttrs } from "../../ops/full.ts";
import { greaterOp } from "../../ops/greater.ts";
import { whereOp } from "../../ops/where.ts";
import { equalShapes } from "../../shape.ts";
import type { Graph, Node, Value } from "../graph.ts";

/**
 * Masks the gradient of a max pool before it is spread, not after: where(y > 0, maxPool2dGrad(g, indices), 0), the gradient
 * of maxPool2d(relu(x)), is maxPool2dGrad(where(pooled > 0, g, 0), indices), as the pool's result is what lies at the
 * indices. There are fewer windows than pixels. What nothing reads any more is left to the removal of dead code.
 */
export function maskPooled(graph: Graph): Graph {
  const producers = new Map<Value, Node>();
  for (const node of graph.nodes) for (const v of node.outputs) producers.set(v, node);
  const made = (v: Value | undefined, name: string): Node | undefined => {
    const node = v && producers.get(v);
    return node?.op.name === name ? node : undefined;
  };
  const isZero = (v: Value | undefined): boolean => (made(v, "full")?.attrs as FullAttrs | undefined)?.value === 0;

  const masked = (node: Node): Node[] | null => {
    if (node.op.name !== "where") return null;
    const [condition, spread, zero] = node.inputs as [Value, Value, Value];
    const comparison = made(condition, "greater");
    const spreading = made(spread, "maxPool2dGrad");
    const pool = made(spreading?.inputs[1], "maxPool2d");
    if (!comparison || !spreading || !pool || !isZero(zero) || !isZero(comparison.inputs[1])) return null;
    const [gradient, indices] = spreading.inputs as [Value, Value];
    const [pooled] = pool.outputs as [Value];
    const [y] = comparison.inputs as [Value];
    if (y !== pool.inputs[0] || indices !== pool.outputs[1]) return null;
    if (!equalShapes(spread.spec.shape, (node.outputs[0] as Value).spec.shape)) return null;
    const mask: Value = { id: -1, spec: { shape: pooled.spec.shape, dtype: "bool" } };
    const rest: Value = { id: -1, spec: gradient.spec };
    return [
      { op: greaterOp as Op, attrs: {}, inputs: [pooled, comparison.inputs[1] as Value], outputs: [mask] },
      { op: whereOp as Op, attrs: {}, inputs: [mask, gradient, zero], outputs: [rest] },
      { ...spreading, inputs: [rest, indices], outputs: node.outputs },
    ];
  };
  return { ...graph, nodes: graph.nodes.flatMap((node) => masked(node) ?? [node]) };
}
