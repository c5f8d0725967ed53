import type { Op } from "../../op.ts";
import { addOp } from "../../ops/add.ts";
import { mulOp } from "../../ops/mul.ts";
import { reshapeOp } from "../../ops/reshape.ts";
import { equalShapes, numel, type Shape } from "../../shape.ts";
import type { Graph, Node, Value } from "../graph.ts";

/**
 * Folds a scale and a shift of channels that follow a convolution, such as batch normalisation in evaluation mode, into
 * its weight and bias: conv(x, w, b)·s + t = conv(x, w·s, b·s + t). Only where nothing else reads the result without
 * them, and where scaling the weight is less work than scaling the result: it is constant, or smaller.
 */
export function foldScale(graph: Graph, constants: ReadonlySet<Value>): Graph {
  const readers = readersOf(graph);
  const reader = (v: Value): Node | undefined => {
    const list = readers.get(v) as (Node | null)[] | undefined;
    return list?.length === 1 ? (list[0] ?? undefined) : undefined;
  };
  const replaced = new Map<Node, readonly Node[]>();
  for (const node of graph.nodes) {
    if (node.op.name !== "conv2d") continue;
    const result = node.outputs[0] as Value;
    const scaled = matchChannels(mulOp, reader(result), result);
    const middle = scaled ? scaled.output : result;
    const shifted = matchChannels(addOp, reader(middle), middle);
    const weight = node.inputs[1] as Value;
    const isConstant = scaled && constants.has(weight) && constants.has(scaled.operand);
    if (scaled && !isConstant && numel(weight.spec.shape) > numel(result.spec.shape)) continue;
    const last = shifted ?? scaled;
    if (!last) continue;
    if (scaled) replaced.set(scaled.node, []);
    replaced.set(node, []);
    // In the place of the last node, where scale and shift are there.
    replaced.set(last.node, folded(node, scaled?.operand, shifted?.operand, last.output));
  }
  return { ...graph, nodes: graph.nodes.flatMap((n) => replaced.get(n) ?? [n]) };
}

function folded(conv: Node, scale: Value | undefined, shift: Value | undefined, output: Value): Node[] {
  const nodes: Node[] = [];
  const apply = (op: Op<never>, shape: Shape, inputs: readonly Value[], attrs: object = {}): Value => {
    const result: Value = { id: -1, spec: { shape, dtype: output.spec.dtype } };
    nodes.push({ op: op as Op, attrs, inputs, outputs: [result] });
    return result;
  };
  const reshaped = (v: Value, shape: Shape): Value => apply(reshapeOp as Op<never>, shape, [v], { shape });
  let [x, weight, bias] = conv.inputs as [Value, Value, Value | undefined];
  const channels = weight.spec.shape.slice(0, 1);
  if (scale) {
    weight = apply(mulOp as Op<never>, weight.spec.shape, [weight, reshaped(scale, [...channels, 1, 1, 1])]);
    if (bias) bias = apply(mulOp as Op<never>, channels, [bias, reshaped(scale, channels)]);
  }
  if (shift) {
    const flat = reshaped(shift, channels);
    bias = bias ? apply(addOp as Op<never>, channels, [bias, flat]) : flat;
  }
  nodes.push({ ...conv, inputs: bias ? [x, weight, bias] : [x, weight], outputs: [output] });
  return nodes;
}

interface Match {
  readonly node: Node;
  /** One value a channel. */
  readonly operand: Value;
  readonly output: Value;
}

/** Whether `node` applies `op` to `x` [N, C, H, W] and to a value a channel: [C, 1, 1] or [1, C, 1, 1]. */
function matchChannels(op: Op<object>, node: Node | undefined, x: Value): Match | null {
  if (node?.op.name !== op.name) return null;
  const operand = node.inputs.find((v) => v !== x);
  const output = node.outputs[0] as Value;
  if (!operand || !equalShapes(output.spec.shape, x.spec.shape)) return null;
  const { shape } = operand.spec;
  const channels = x.spec.shape[1] as number;
  const isOneAChannel = shape.length >= 3 && shape.at(-3) === channels && numel(shape) === channels;
  return isOneAChannel ? { node, operand, output } : null;
}

/** Every read of every value: the node that reads it, or null at the end of the graph. */
function readersOf({ nodes, outputs, assignments }: Graph): Map<Value, (Node | null)[]> {
  const readers = new Map<Value, (Node | null)[]>();
  const add = (v: Value, node: Node | null): void => {
    const list = readers.get(v);
    if (list) list.push(node);
    else readers.set(v, [node]);
  };
  for (const node of nodes) for (const v of node.inputs) add(v, node);
  for (const v of outputs) add(v, null);
  for (const { value } of assignments) add(value, null);
  return readers;
}
