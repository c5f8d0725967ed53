import { isFloat } from "./constant.ts";
import { type Graph, graphsOf, type OnnxNode, readsOf, withNested } from "./graph.ts";
import { attributeWeights } from "./lift.ts";
import type { OnnxModel } from "./model.ts";
import type { InputRole } from "./operator.ts";
import { operatorOf } from "./operatorOf.ts";
import { floatsOf, floatTensor, type TensorData } from "./tensorData.ts";
import { type Tie, tiesOf } from "./ties.ts";
import { describeWeight, isLayer, isMadeUp, type Links } from "./weightKind.ts";

/**
 * What a stored tensor is to training:
 * - `parameter`: a float tensor that gradients reach
 * - `tied`: the elements of a parameter stored a second time, which follow it
 * - `buffer`: running statistics
 * - `constant`: a float that the operator needs as a number, a single one in arithmetic (a scale, a bound) whose name is not that of a
 *   module's member, a table of positions, or the normalisation of the input
 * - `mask`: floats that take elements out: infinite or huge ones, or nothing but 0 and 1, or 0 and a number up to -100
 * - `index`: integers and bools: shapes, axes, indices
 * - `unused`: no node reads it
 */
export type InitializerRole = "parameter" | "tied" | "buffer" | "constant" | "mask" | "index" | "unused";

/** Where a weight's elements lie in the file. */
export type WeightSource =
  | { readonly type: "initializer" }
  /** In the attribute of a Constant node. */
  | { readonly type: "constant"; readonly node: OnnxNode }
  /** In a list of floats that is an attribute of another node. */
  | { readonly type: "attribute"; readonly node: OnnxNode; readonly attribute: string }
  /** In another initializer or Constant, which an Identity node hands on. */
  | { readonly type: "copy"; readonly node: OnnxNode; readonly of: string };

/** A tensor that the file stores, and what it is to training. */
export interface Weight {
  /** The initializer's name, or that of the value which its node makes; parameters and buffers carry it. */
  readonly name: string;
  readonly tensor: TensorData;
  readonly source: WeightSource;
  readonly role: InitializerRole;
  /** Why it has that role, for people. */
  readonly reason: string;
  /** What it is in its layer, such as `"linear weight, stored [in, out]"`; `undefined` where the graph does not tell. */
  readonly kind: string | undefined;
  /** Nodes that read it, also under its other names. */
  readonly readers: readonly OnnxNode[];
  /** Other values that are this same tensor: what Identity nodes hand on, and what the file stores a second time. */
  readonly tiedTo: readonly string[];
  /** Of a `tied` one: the parameter that it follows. */
  readonly tie?: Tie;
  /** Whether the exporter made the name up, so that it says nothing about the layer. */
  readonly madeUpName: boolean;
}

/** How a value is read: the role of the input, or `value` where no gradient can pass. */
type Use = InputRole | "value";

/** Operators that read numbers without a gradient, by the inputs that they read so; all where none are listed. */
const gradientless: Readonly<Record<string, readonly number[]>> = {
  ArgMax: [],
  ArgMin: [],
  CastLike: [1],
  Equal: [],
  Greater: [],
  GreaterOrEqual: [],
  IsInf: [],
  IsNaN: [],
  Less: [],
  LessOrEqual: [],
  NonZero: [],
  Shape: [],
  Size: [],
};

/** Whether an input gives its shape or type alone, so that the result does not depend on its elements. */
export function isTemplate({ opType }: OnnxNode, input: number): boolean {
  return opType === "Shape" || opType === "Size" || (opType === "CastLike" && input === 1);
}

/**
 * What each stored tensor of a model is to training: initializers, and Constant nodes and attributes of the main graph that hold a
 * parameter.
 *
 * A tensor that several nodes read is one parameter, whose gradients are summed. PyTorch's older exporter stores tensors of equal elements
 * once, and hands them on through Identity nodes: where all elements are one number (biases of zero, scales of one), the layers had
 * tensors of their own which were equal by chance, and they are told apart again: each name is a weight. So are running statistics,
 * and tensors of repeated layers, whose names differ in numbers alone. Other tensors that are handed on stay one, as an embedding that
 * a decoder shares does; and where the exporter stored such a one twice, once transposed, both are one parameter again.
 *
 * @param nodes - those of the main graph, with the file's functions expanded, and weights in attributes made inputs.
 */
export function weightsOf({ graph }: OnnxModel, nodes: readonly OnnxNode[]): Map<string, Weight> {
  const stored = [...storedTensors(graph, nodes)];
  const copies = copiesOf({ ...graph, nodes }, new Set(stored.map(({ tensor }) => tensor.name)));
  const links = linksOf({ ...graph, nodes });
  const uses = new Map<string, Set<Use>>();
  const ignored = new Set([...copies.values()].flat().map(({ node }) => node));
  collectUses({ ...graph, nodes }, uses, ignored);
  const weights = new Map<string, Weight>();
  for (const { tensor, source } of stored) {
    const read = (name: string): boolean => uses.has(name);
    const aliases = (copies.get(tensor.name) ?? []).filter(({ name }) => read(name));
    const names = [tensor.name, ...aliases.map(({ name }) => name)].filter(read);
    const verdict = (of: readonly string[]): Verdict => {
      const kinds = new Set(of.flatMap((name) => [...(uses.get(name) ?? [])]));
      return roleOf(tensor, kinds, links, readersOf(links, of));
    };
    const add = (name: string, from: WeightSource, tiedTo: readonly string[], { role, reason }: Verdict): void => {
      const weight = { name, tensor, source: from, role, reason, readers: readersOf(links, [name, ...tiedTo]), tiedTo };
      if (source.type === "initializer" || role === "parameter" || role === "buffer")
        weights.set(name, { ...weight, ...describeWeight(links, weight) });
    };
    const roles = names.map((name) => verdict([name]).role);
    if (!areApart(tensor, names, roles)) {
      const tied = aliases.map(({ name }) => name);
      add(tensor.name, source, tied, verdict(names));
      continue;
    }
    const addAlone = (name: string, from: WeightSource): void => {
      const { role, reason } = verdict([name]);
      add(name, from, [], { role, reason: `${reason}; stored once with others that were equal to it` });
    };
    addAlone(tensor.name, source);
    for (const { name, node } of aliases) addAlone(name, { type: "copy", node, of: tensor.name });
  }
  for (const [name, tie] of tiesOf(weights.values())) {
    const [weight, origin] = [weights.get(name), weights.get(tie.of)] as [Weight, Weight];
    const how = tie.transposed ? ", transposed" : "";
    weights.set(name, { ...weight, role: "tied", tie, reason: `the elements of "${tie.of}" again${how}` });
    const reason = `${origin.reason}, and tied to "${name}": their gradients are summed`;
    weights.set(tie.of, { ...origin, reason, tiedTo: [...origin.tiedTo, name] });
  }
  return weights;
}

/**
 * Whether the names of one stored tensor are weights of their own: running statistics are, and parameters whose elements are all one
 * number, or whose names differ in numbers alone: the same place in repeated layers, which began as copies of each other.
 */
function areApart(tensor: TensorData, names: readonly string[], roles: readonly InitializerRole[]): boolean {
  if (names.length < 2) return false;
  if (!roles.includes("parameter")) return roles.includes("buffer");
  const places = new Set(names.map((name) => (isMadeUp(name) ? name : name.replace(/\d+/g, "#"))));
  return roles.includes("buffer") || places.size === 1 || isUniform(tensor);
}

function readersOf({ readers }: Links, names: readonly string[]): readonly OnnxNode[] {
  return [...new Set(names.flatMap((name) => readers.get(name) ?? []))];
}

interface Verdict {
  readonly role: InitializerRole;
  readonly reason: string;
}

function roleOf(tensor: TensorData, uses: ReadonlySet<Use>, links: Links, readers: readonly OnnxNode[]): Verdict {
  const by = [...new Set(readers.map(({ opType }) => opType))].join(" and ") || "the model's output";
  const shared = readers.length > 1 ? `, by ${readers.length} nodes whose gradients are summed` : "";
  const parameter = { role: "parameter", reason: `float data of ${by}${shared}` } as const;
  if (uses.size === 0) return { role: "unused", reason: "no node reads it" };
  if (!isFloat(tensor.dtype)) return { role: "index", reason: `${tensor.dtype} has no gradient` };
  if (uses.has("constant")) return { role: "constant", reason: "must be known before the network runs" };
  if (uses.has("buffer")) return { role: "buffer", reason: `running statistics of ${by}` };
  if (isPlain(tensor, readers)) return { role: "constant", reason: `a stand-in for weights that ${by} has not` };
  if (uses.has("parameter")) return parameter;
  if (!uses.has("data")) return { role: "constant", reason: `${by} passes no gradient on` };
  if (tensor.size === 0 || (tensor.size === 1 && !isNamedByModule(tensor.name) && !isBias(tensor, links, readers)))
    return { role: "constant", reason: `a single number in ${by}` };
  const table = readers.every(({ opType }) => products.has(opType)) ? undefined : tableOf(tensor);
  if (table) return table;
  if (normalisesInput(tensor, links, readers)) return { role: "constant", reason: "normalises the model's input" };
  return parameter;
}

/** What reads weights and never masks. */
const products: ReadonlySet<string> = new Set(["Einsum", "Gather", "MatMul"]);

/** Whether a stored number has the name of a module's member, as a learned scale has: numbers in code get names made up. */
function isNamedByModule(name: string): boolean {
  return /^[^/:]+\.[^/:]+$/.test(name) && !/lifted_tensor|constant/i.test(name);
}

/** Whether a stored number is the bias of a layer of one feature: it has an axis, and is added to what a layer makes. */
function isBias({ dims, name }: TensorData, { producers }: Links, readers: readonly OnnxNode[]): boolean {
  const [reader, second] = readers;
  if (dims.length !== 1 || second || reader?.opType !== "Add") return false;
  const other = reader.inputs.find((input) => input !== name) ?? "";
  return isLayer(producers.get(other));
}

/** A table that is no weight: a mask, or positions. */
function tableOf(tensor: TensorData): Verdict | undefined {
  const data = floatsOf(tensor);
  if (!data) return undefined;
  const huge = tensor.dtype === "float16" ? 65504 : 1e30;
  if (data.some((x) => !(Math.abs(x) < huge))) return { role: "mask", reason: "it has infinite or huge elements" };
  if (data.length > 2 && data.every((x, i) => x === i)) return { role: "constant", reason: "it counts 0, 1, 2, …" };
  const values = new Set<number>();
  let last: number | undefined;
  for (const x of data) {
    if (x === last) continue;
    if (values.add(x).size > 2) return undefined;
    last = x;
  }
  const [other] = [...values].filter((x) => x !== 0);
  if (data.length < 4 || values.size < 2 || !values.has(0) || other === undefined) return undefined;
  return other === 1 || other <= -100 ? { role: "mask", reason: `its elements are 0 and ${other} alone` } : undefined;
}

/** Whether a tensor is the ones or zeros that an exporter gives an InstanceNormalization without weights, as that of a GroupNorm is. */
function isPlain(tensor: TensorData, readers: readonly OnnxNode[]): boolean {
  if (!isMadeUp(tensor.name) || readers.some(({ opType }) => opType !== "InstanceNormalization")) return false;
  const number = readers.some(({ inputs }) => inputs[1] === tensor.name) ? 1 : 0;
  return floatsOf(tensor)?.every((x: number | bigint) => x === number) ?? false;
}

/** Operators that a model's input passes while it is normalised. */
const normalising: ReadonlySet<string> = new Set(["Add", "Cast", "Div", "Mul", "Sub"]);

/** A normalisation has at most so many steps. */
const longestNormalisation = 8;

/** Whether a tensor of one number a colour is among the first things that an image meets. */
function normalisesInput({ dims, size }: TensorData, links: Links, readers: readonly OnnxNode[]): boolean {
  if (size > 4 || dims.length < 3 || dims.slice(-2).some((d) => d !== 1)) return false;
  return readers.every((node) => isNormalisation(node, links));
}

function isNormalisation(last: OnnxNode, { producers, images }: Links): boolean {
  let node: OnnxNode | undefined = last;
  for (let step = 0; step < longestNormalisation && node && normalising.has(node.opType); step++) {
    if (node.inputs.some((name) => images.has(name))) return true;
    node = node.inputs
      .map((name) => producers.get(name))
      .find((producer) => producer && producer.opType !== "Constant");
  }
  return false;
}

function isUniform(tensor: TensorData): boolean {
  const data = floatsOf(tensor);
  return data?.every((x: number | bigint) => x === data[0]) ?? false;
}

function* storedTensors(
  graph: Graph,
  nodes: readonly OnnxNode[],
): Generator<{ readonly tensor: TensorData; readonly source: WeightSource }> {
  for (const tensor of graph.initializers.values()) yield { tensor, source: { type: "initializer" } };
  for (const node of graph.nodes) {
    const tensor = constantTensor(node);
    if (tensor && isFloat(tensor.dtype) && tensor.size > 1) yield { tensor, source: { type: "constant", node } };
  }
  for (const node of nodes)
    for (const { tensor, attribute } of attributeWeights(node))
      yield { tensor, source: { type: "attribute", node, attribute } };
}

/** What a Constant node holds, under its output's name; `undefined` where that is no tensor or list of floats. */
export function constantTensor({ opType, domain, attributes, outputs: [name = ""] }: OnnxNode): TensorData | undefined {
  if (opType !== "Constant" || domain !== "") return undefined;
  const value = attributes.get("value");
  if (value?.type === "tensor") return { ...value.value, name };
  const list = attributes.get("value_floats");
  if (list?.type !== "floats") return undefined;
  return floatTensor(name, [list.value.length], Float32Array.from(list.value));
}

/** What Identity nodes make of each stored tensor, by the name that is stored; what the model returns apart. */
function copiesOf(
  { nodes, outputs }: Graph,
  stored: ReadonlySet<string>,
): Map<string, { readonly name: string; readonly node: OnnxNode }[]> {
  const results = new Set(outputs.map(({ name }) => name));
  const origins = new Map<string, string>([...stored].map((name) => [name, name]));
  const copies = new Map<string, { name: string; node: OnnxNode }[]>();
  for (const node of nodes) {
    const [name = ""] = node.outputs;
    const origin = origins.get(node.inputs[0] ?? "");
    if (node.opType !== "Identity" || node.domain !== "" || origin === undefined || results.has(name)) continue;
    origins.set(name, origin);
    append(copies, origin, { name, node });
  }
  return copies;
}

function append<T>(lists: Map<string, T[]>, key: string, item: T): void {
  const list = lists.get(key);
  if (list) list.push(item);
  else lists.set(key, [item]);
}

/** Who makes and who reads the graph's values; Identity nodes do not count as readers. */
function linksOf({ nodes, inputs }: Graph): Links {
  const readers = new Map<string, OnnxNode[]>();
  const producers = new Map<string, OnnxNode>();
  for (const node of withNested(nodes)) {
    for (const name of node.outputs) if (name !== "") producers.set(name, node);
    if (node.opType === "Identity" && node.domain === "") continue;
    for (const name of new Set(node.inputs.filter((_, i) => !isTemplate(node, i)))) append(readers, name, node);
  }
  const images = new Set(inputs.filter(({ shape }) => shape?.length === 4).map(({ name }) => name));
  return { readers, producers, images };
}

/** The values that depend on elements of the model's inputs, and so are never known beforehand. */
function fromInputs({ nodes, inputs }: Graph): ReadonlySet<string> {
  const values = new Set(inputs.map(({ name }) => name));
  for (const node of nodes) {
    const depends = node.inputs.some((name, i) => values.has(name) && !isTemplate(node, i));
    if (depends || readsOf(node).some((name) => values.has(name) && !node.inputs.includes(name)))
      for (const name of node.outputs) values.add(name);
  }
  return values;
}

/**
 * Collects how each value is read. What is made into a value that must be known beforehand must be known itself; `ignored` nodes read
 * nothing.
 */
function collectUses(graph: Graph, uses: Map<string, Set<Use>>, ignored: ReadonlySet<OnnxNode>): void {
  const use = (name: string, ...kinds: readonly Use[]): void => {
    if (name !== "") uses.set(name, new Set([...(uses.get(name) ?? []), ...kinds]));
  };
  const variable = fromInputs(graph);
  for (const { name } of graph.outputs) use(name, "data");
  for (const node of graph.nodes.toReversed()) {
    if (ignored.has(node)) continue;
    const operator = operatorOf(node);
    const known = node.outputs.some((name) => !variable.has(name) && uses.get(name)?.has("constant"));
    const silent = operator && gradientless[node.opType];
    node.inputs.forEach((name, i) => {
      const role = operator?.roles[i] ?? (silent?.length === 0 || silent?.includes(i) ? "value" : "data");
      use(name, role, ...(known && !isTemplate(node, i) ? ["constant" as const] : []));
    });
    for (const inner of graphsOf(node)) collectUses(inner, uses, ignored);
  }
}
