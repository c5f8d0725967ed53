import { checkpoint, numel, type Tensor } from "@graftjs/tensor";
import { toTensor, type Value } from "./constant.ts";
import { type OnnxNode, readsOf } from "./graph.ts";
import { type Plan, type RunOptions, runNodes } from "./plan.ts";
import type { Sample } from "./sample.ts";
import type { GraphValue } from "./sequence.ts";

/** What must be known of a graph's values. */
type Sizes = Pick<Sample, "shapes" | "sequences">;

/** A part of a graph that runs under `checkpoint`. */
interface Segment {
  readonly nodes: readonly OnnxNode[];
  /** Values that reach it from before, and that it hands on; parameters and constants apart. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

/** Where a graph may be cut: a single tensor crosses there, as between blocks with residual connections. The end is one. */
interface Border {
  /** How many nodes lie before it. */
  readonly at: number;
  /** Elements of the value that crosses, and of all results before it. */
  readonly crossing: number;
  readonly before: number;
}

/** Runs `nodes` as {@link runNodes} does, but keeps for the gradient only what goes from segment to segment. */
export function runSegments(
  plan: Plan,
  nodes: readonly OnnxNode[],
  target: string,
  sizes: Sizes,
  values: Map<string, GraphValue>,
  options: RunOptions,
): void {
  const { shapes } = sizes;
  const segments = segmentsOf(nodes, target, sizes);
  for (const segment of segments.slice(0, -1)) {
    const outputs = checkpoint(
      (...inputs: readonly Tensor[]): readonly Tensor[] => {
        const own = new Map(values);
        segment.inputs.forEach((name, i) => {
          own.set(name, inputs[i] as Tensor);
        });
        runNodes(plan, segment.nodes, own, options);
        // Numbers that nodes make of shapes are the same in each run.
        for (const [name, value] of own) if (!shapes.has(name)) values.set(name, value);
        return segment.outputs.map((name) => toTensor(own.get(name) as Value));
      },
      ...segment.inputs.map((name) => toTensor(values.get(name) as Value)),
    );
    segment.outputs.forEach((name, i) => {
      values.set(name, outputs[i] as Tensor);
    });
  }
  runNodes(plan, segments.at(-1)?.nodes ?? [], values, options);
}

/** Segments between such borders that what crosses them and the largest segment take together the least memory. */
export function segmentsOf(nodes: readonly OnnxNode[], target: string, sizes: Sizes): Segment[] {
  const { shapes } = sizes;
  const ends = [0, ...bestBorders(bordersOf(nodes, target, sizes)).map(({ at }) => at), nodes.length];
  return ends.slice(1).map((end, i): Segment => {
    const [own, later] = [nodes.slice(ends[i], end), nodes.slice(end)];
    const made = new Set(nodes.slice(0, ends[i]).flatMap((node) => node.outputs));
    const wanted = new Set([target, ...later.flatMap(readsOf)]);
    return {
      nodes: own,
      inputs: [...new Set(own.flatMap(readsOf))].filter((name) => made.has(name) && shapes.has(name)),
      outputs: own.flatMap((node) => node.outputs).filter((name) => wanted.has(name) && shapes.has(name)),
    };
  });
}

function bordersOf(nodes: readonly OnnxNode[], target: string, { shapes, sequences }: Sizes): Border[] {
  const lastRead = new Map<string, number>([[target, nodes.length]]);
  nodes.forEach((node, i) => {
    for (const name of readsOf(node)) lastRead.set(name, Math.max(i, lastRead.get(name) ?? 0));
  });
  const size = (name: string): number => numel(shapes.get(name) ?? [0]);
  const open = new Set<string>();
  const borders: Border[] = [];
  let before = 0;
  nodes.forEach((node, i) => {
    for (const name of node.outputs) {
      before += size(name);
      if (shapes.has(name) || sequences.has(name)) open.add(name);
    }
    for (const name of open) if ((lastRead.get(name) ?? 0) <= i) open.delete(name);
    const [only] = open;
    if (only !== undefined && open.size === 1 && shapes.has(only))
      borders.push({ at: i + 1, crossing: size(only), before });
  });
  return borders;
}

/** How many sizes of the largest segment are tried, and how far apart they are. */
const TRIES = 40;
const RATIO = 0.85;

function bestBorders(borders: readonly Border[]): readonly Border[] {
  const end = borders.at(-1);
  if (!end) return [];
  const inner = borders.slice(0, -1);
  let best: { readonly cost: number; readonly path: readonly Border[] } = { cost: end.before, path: [] };
  for (let i = 1; i < TRIES; i++) {
    const limit = end.before * RATIO ** i;
    const found = cheapestPath(inner, end, limit);
    if (found && found.cost + limit < best.cost) best = { cost: found.cost + limit, path: found.path };
  }
  return best.path;
}

/** The borders over which the least crosses, with no more than `limit` elements between one and the next. */
function cheapestPath(
  borders: readonly Border[],
  end: Border,
  limit: number,
): { cost: number; path: readonly Border[] } | undefined {
  interface Step {
    readonly border: Border;
    readonly cost: number;
    readonly previous: Step | undefined;
  }
  const start: Step = { border: { at: 0, crossing: 0, before: 0 }, cost: 0, previous: undefined };
  const reached: Step[] = [start];
  const reach = (border: Border): Step | undefined => {
    let cheapest: Step | undefined;
    for (const step of reached) {
      if (border.before - step.border.before > limit) continue;
      if (!cheapest || step.cost < cheapest.cost) cheapest = step;
    }
    return cheapest && { border, cost: cheapest.cost + border.crossing, previous: cheapest };
  };
  for (const border of borders) {
    const step = reach(border);
    if (step) reached.push(step);
  }
  const last = reach(end);
  if (!last) return undefined;
  const path: Border[] = [];
  for (let step = last.previous; step?.previous; step = step.previous) path.push(step.border);
  return { cost: (last.previous as Step).cost, path: path.reverse() };
}
