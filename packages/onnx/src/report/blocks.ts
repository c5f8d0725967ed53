import { numel } from "@graftjs/tensor";
import type { OnnxNode } from "../graph.ts";
import type { OnnxModule } from "../module.ts";
import { mlDomain } from "../operators/ml/domain.ts";

/** A part of a network: nodes whose weights or names share the beginning of a path. */
export interface Block {
  /** Such as `layer1.0`; where neither weights nor nodes have paths, the plane of what it makes, such as `56×56`. */
  readonly name: string;
  /** How many nodes there are of each operator, most frequent first; arithmetic on shapes is left out. */
  readonly operators: Readonly<Record<string, number>>;
  /** Numbers in parameters that it is the first to read. */
  readonly parameters: number;
  /** Multiply-adds for one sample. */
  readonly macs: number;
  /** What it computes last, for one sample. */
  readonly output: { readonly tensor: string; readonly shape: readonly number[] };
  /** All that it computes. */
  readonly tensors: readonly string[];
  /** Places, among the blocks, of those whose values it reads. */
  readonly reads: readonly number[];
}

/** Paths are cut to the length that comes closest to so many blocks. */
const wanted = 12;

/** The network as parts, in the order in which they run. */
export function blocksOf(module: OnnxModule): Block[] {
  const nodes = module.nodes.filter(({ outputs }) => outputs.some((name) => module.shapes.has(name)));
  const paths = pathsOf(module, nodes);
  const depths = Array.from({ length: Math.max(...paths.map(({ length }) => length), 1) }, (_, i) => i + 1);
  const candidates = depths.map((depth) => paths.map((path) => path.slice(0, depth).join(".")));
  const distance = (list: readonly string[]): number => Math.abs(new Set(list).size - wanted);
  const names = candidates.reduce((best, next) => (distance(next) < distance(best) ? next : best));
  const members = new Map<string, OnnxNode[]>(names.map((name) => [name, []]));
  const places = new Map([...members.keys()].map((name, place) => [name, place]));
  const makers = new Map<string, number>();
  nodes.forEach((node, i) => {
    const name = names[i] as string;
    members.get(name)?.push(node);
    for (const tensor of node.outputs) makers.set(tensor, places.get(name) as number);
  });
  return [...members].map(([name, own]) => blockOf(module, name, own, (tensor) => makers.get(tensor) ?? -1));
}

function blockOf(
  { weights, macs, shapes }: OnnxModule,
  name: string,
  nodes: readonly OnnxNode[],
  blockThatMakes: (tensor: string) => number,
): Block {
  const counts = new Map<string, number>();
  for (const { opType } of nodes) counts.set(opType, (counts.get(opType) ?? 0) + 1);
  const members = new Set(nodes);
  const own = [...weights.values()].filter(
    ({ role, readers: [first] }) => role === "parameter" && first && members.has(first),
  );
  const inner = new Set(nodes.flatMap(({ outputs }) => outputs));
  const before = nodes.flatMap(({ inputs }) => inputs.filter((input) => !inner.has(input))).map(blockThatMakes);
  const output = resultOf(shapes, nodes.at(-1)) ?? "";
  return {
    name,
    operators: Object.fromEntries([...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))),
    parameters: own.reduce((sum, { tensor }) => sum + tensor.size, 0),
    macs: nodes.reduce((sum, node) => sum + (macs.get(node) ?? 0), 0),
    output: { tensor: output, shape: shapes.get(output) ?? [] },
    tensors: [...inner].filter((tensor) => shapes.has(tensor)),
    reads: [...new Set(before.filter((block) => block >= 0))].sort((a, b) => a - b),
  };
}

/** Where each node stands in the network; one without a name of its own belongs to what is before it. */
function pathsOf(module: OnnxModule, nodes: readonly OnnxNode[]): string[][] {
  const own = nodes.map((node) => pathOf(module, node));
  const known = own.filter((path) => path !== undefined);
  const [first] = known;
  // Names that few layers have say little of the others.
  const weighted = nodes.filter(({ inputs }) => inputs.some((name) => module.weights.get(name)?.role === "parameter"));
  if (!first || known.length < weighted.length / 2) return nodes.map((node) => [planeOf(module, node)]);
  const common = first.findIndex((part, i) => known.some((path) => path[i] !== part || path.length === i + 1));
  let last = first;
  return own.map((path) => {
    last = path ?? last;
    return last.slice(Math.max(common, 0));
  });
}

/** By its weights' names, `layer1.0.conv1.weight`, or its own, `/layer1/layer1.0/conv1/Conv`. */
function pathOf({ weights }: OnnxModule, node: OnnxNode): string[] | undefined {
  for (const input of node.inputs) {
    const weight = weights.get(input);
    const isNamed = weight && !weight.madeUpName && (weight.role === "parameter" || weight.role === "buffer");
    const parts = isNamed ? input.split(/[./]/).slice(0, -1) : [];
    if (parts.length > 0) return parts;
  }
  const scopes = node.name.split("/").slice(1, -1);
  // An older exporter repeats the path of a list in the name of what it holds.
  const parts = scopes.filter((scope, i) => !scopes[i + 1]?.startsWith(`${scope}.`)).flatMap((s) => s.split("."));
  return parts.length > 0 ? parts : undefined;
}

/** What a node makes: its first output, or, of scikit-learn's classifiers, the scores behind the labels. */
function resultOf(shapes: OnnxModule["shapes"], node: OnnxNode | undefined): string | undefined {
  const made = node?.outputs.filter((name) => shapes.has(name));
  return node?.domain === mlDomain ? made?.at(-1) : made?.[0];
}

function planeOf({ shapes }: OnnxModule, node: OnnxNode | undefined): string {
  const shape = shapes.get(resultOf(shapes, node) ?? "") ?? [];
  return shape.length > 2 ? shape.slice(2).join("×") : `${numel(shape.slice(1))} features`;
}
