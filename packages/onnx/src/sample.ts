import { macsOf } from "@graftjs/nn";
import { runtime, type Shape, type Tensor, type TensorSpec } from "@graftjs/tensor";
import { shareBudget } from "./budget.ts";
import { isConstant } from "./constant.ts";
import { type Contradiction, contradictionsOf } from "./contradictions.ts";
import { OnnxError } from "./errors.ts";
import { type OpenSizes, openSizes } from "./feed.ts";
import type { OnnxNode } from "./graph.ts";
import type { OnnxModel } from "./model.ts";
import { bakedBatch, type Plan, type RunOptions, runNodes } from "./plan.ts";
import { type GraphValue, isSequence, isValue } from "./sequence.ts";
import { trace } from "./trace.ts";

/** What one run without data tells of a graph. */
export interface Sample {
  /** Shapes of the values that are tensors, by name. */
  readonly shapes: ReadonlyMap<string, Shape>;
  /** Names of the values that are sequences. Others are constants. */
  readonly sequences: ReadonlySet<string>;
  /** How often nodes multiply and add for one sample. */
  readonly macs: ReadonlyMap<OnnxNode, number>;
  readonly contradictions: readonly Contradiction[];
}

/**
 * The first sample at sizes that the nodes take, of {@link openSizes} for what the inputs leave open, and these sizes.
 * @throws {OnnxError} as the first of them makes it, where none is right
 */
export function fittingSample(
  model: OnnxModel,
  sampleAt: (sizes: OpenSizes) => Sample,
): readonly [sample: Sample, sizes: OpenSizes] {
  const baked = bakedBatch(model);
  const candidates = openSizes.map((sizes) => (baked === undefined ? sizes : { ...sizes, batch: baked }));
  const open = model.graph.inputs.some(({ shape }) => shape?.some((d) => typeof d !== "number"));
  let problem: unknown;
  for (const sizes of candidates) {
    try {
      return [sampleAt(sizes), sizes];
    } catch (error) {
      problem ??= error;
      if (!(open && error instanceof OnnxError)) break;
    }
  }
  throw problem;
}

/**
 * Runs `nodes` without computing anything.
 * @param feed - gives the graph's values for its inputs.
 * @throws {NodeError | UnsupportedOperatorError} if a node does not fit what reaches it
 */
export function traceSample(
  plan: Plan,
  nodes: readonly OnnxNode[],
  inputs: readonly TensorSpec[],
  feed: (inputs: readonly Tensor[]) => Map<string, GraphValue>,
  options: RunOptions,
): Sample {
  let values = new Map<string, GraphValue>();
  const macs = new Map<OnnxNode, number>();
  trace((...given) => {
    values = feed(given);
    // However many sizes are tried, a file may not ask for more.
    shareBudget(values, options);
    for (const node of nodes) {
      const before = runtime().tracer?.nodes.length;
      runNodes(plan, [node], values, options);
      const made = runtime().tracer?.nodes.slice(before) ?? [];
      const count = made.reduce((sum, op) => sum + macsOf(op), 0);
      if (count > 0) macs.set(node, count / (inputs[0]?.shape[0] ?? 1));
    }
    return given.slice(0, 1);
  }, inputs);
  const shapes = [...values].flatMap(([name, v]) => (isValue(v) && !isConstant(v) ? [[name, v.shape] as const] : []));
  const sequences = [...values].flatMap(([name, value]) => (isSequence(value) ? [name] : []));
  return {
    shapes: new Map(shapes),
    sequences: new Set(sequences),
    macs,
    contradictions: contradictionsOf(plan.model.graph, values),
  };
}
