import { equalShapes, type Shape } from "@graftjs/tensor";
import { nodeName, type OnnxNode, withNested } from "../graph.ts";
import type { Plan } from "../plan.ts";
import { dtypeName, type OnnxDType } from "../tensorData.ts";
import { isTemplate, type Weight } from "../weights.ts";

/** A stored weight that nodes multiply with, so that an update of low rank can be added to what they make. */
export interface LoraSite {
  /** What A and B are named after: the weight's name without that word at its end, or, where the exporter made that up, the layer's. */
  readonly layer: string;
  readonly weight: Weight;
  readonly kind: "linear" | "convolution";
  /** Sizes of the weight as the nodes read it, in the order of its elements in the file. */
  readonly dims: Shape;
  /** Whether these are [in, out], of a matrix; otherwise, as those of convolutions, they are [out, in, …]. */
  readonly turned: boolean;
  /** What the nodes compute in. */
  readonly dtype: OnnxDType;
  /** Those that multiply with it: MatMul, Gemm, Conv. */
  readonly nodes: readonly OnnxNode[];
  /** Those that read it otherwise, to which no update is added. */
  readonly others: readonly OnnxNode[];
}

/** A weight that a product or a convolution reads, and why no update can be added there. */
export interface LoraRefusal {
  readonly layer: string;
  readonly weight: Weight;
  readonly nodes: readonly OnnxNode[];
  readonly reason: string;
}

/** A weight as a node reads it, or in a form on the way there. */
interface Form {
  readonly dims: Shape;
  readonly turned: boolean;
  readonly dtype: OnnxDType;
}

interface Use extends Form {
  readonly node: OnnxNode;
}

/** Nodes that change nothing of a tensor but its shape. */
const reshaping: ReadonlySet<string> = new Set(["Flatten", "Reshape", "Squeeze", "Unsqueeze"]);

/**
 * The weights that a model's nodes multiply with: those that can be adapted, and those that cannot.
 * @param shapes - of the graph's values.
 */
export function loraSites(plan: Plan, shapes: ReadonlyMap<string, Shape>): (LoraSite | LoraRefusal)[] {
  const readers = readersOf(plan);
  const main = new Set(plan.nodes);
  const taken = new Set([...plan.weights.keys(), ...plan.producers.keys()]);
  return [...plan.weights.values()].flatMap((weight): (LoraSite | LoraRefusal)[] => {
    if (weight.role !== "parameter" && weight.role !== "tied") return [];
    const { uses, others, reasons } = new Reading(plan, shapes, readers, main, weight);
    const [first] = uses;
    const [reason] = reasons;
    const node = first?.node ?? others[0];
    if (!node || (!first && reason === undefined)) return [];
    const layer = unused(layerOf(plan, readers, weight, node), taken);
    if (!first) return [{ layer, weight, nodes: others, reason: reason as string }];
    const { dims, turned, dtype } = first;
    const fits = (use: Use): boolean => equalShapes(use.dims, dims) && use.turned === turned && use.dtype === dtype;
    return [
      {
        layer,
        weight,
        kind: first.node.opType === "Conv" ? "convolution" : "linear",
        dims,
        turned,
        dtype,
        nodes: uses.filter(fits).map((use) => use.node),
        others: [...others, ...uses.filter((use) => !fits(use)).map((use) => use.node)],
      },
    ];
  });
}

/** The nodes that read elements of a value, nested ones too. */
function readersOf({ nodes }: Plan): ReadonlyMap<string, readonly OnnxNode[]> {
  const readers = new Map<string, OnnxNode[]>();
  for (const node of withNested(nodes)) {
    for (const name of new Set(node.inputs.filter((_, i) => !isTemplate(node, i)))) {
      const known = readers.get(name);
      if (known) known.push(node);
      else readers.set(name, [node]);
    }
  }
  return readers;
}

/** How a weight is read, also in the forms that other nodes give it. */
class Reading {
  readonly uses: Use[] = [];
  readonly others: OnnxNode[] = [];
  readonly reasons: string[] = [];
  readonly #plan: Plan;
  readonly #shapes: ReadonlyMap<string, Shape>;
  readonly #readers: ReadonlyMap<string, readonly OnnxNode[]>;
  readonly #main: ReadonlySet<OnnxNode>;

  constructor(
    plan: Plan,
    shapes: ReadonlyMap<string, Shape>,
    readers: ReadonlyMap<string, readonly OnnxNode[]>,
    main: ReadonlySet<OnnxNode>,
    { name, tensor }: Weight,
  ) {
    this.#plan = plan;
    this.#shapes = shapes;
    this.#readers = readers;
    this.#main = main;
    this.#follow(name, { dims: tensor.dims, turned: false, dtype: tensor.dtype });
  }

  #follow(name: string, form: Form): void {
    const { dims, turned, dtype } = form;
    for (const node of this.#readers.get(name) ?? []) {
      const [output = ""] = node.outputs;
      // What is a weight of its own, although the file stores it once with this one.
      if (this.#plan.weights.has(output)) continue;
      const { opType, attributes } = node;
      const shape = this.#shapes.get(output);
      const perm = attributes.get("perm")?.value as readonly number[] | undefined;
      if (node.domain !== "" || !this.#main.has(node)) this.#refuse(node, "a graph inside of another node reads it");
      else if (opType === "Identity") this.#follow(output, form);
      else if (opType === "Cast")
        this.#follow(output, { ...form, dtype: dtypeName(Number(attributes.get("to")?.value)) ?? dtype });
      else if (opType === "Transpose" && dims.length === 2)
        this.#follow(output, { ...form, turned: turned !== (perm?.[0] !== 0) });
      else if (reshaping.has(opType) && !turned && shape) this.#follow(output, { ...form, dims: shape });
      else this.#use(node, node.inputs.indexOf(name), form);
    }
  }

  #use(node: OnnxNode, input: number, form: Form): void {
    const { opType, attributes } = node;
    const { dims, turned } = form;
    const group = Number(attributes.get("group")?.value ?? 1);
    const isProduct = (opType === "MatMul" || opType === "Gemm") && dims.length === 2;
    if (opType === "Conv" && input === 1 && !turned) {
      if (group === 1) this.uses.push({ ...form, node });
      else this.#refuse(node, `it is a convolution of ${group} groups`);
    } else if (isProduct && input === 1) this.uses.push({ ...form, node, turned: turned !== readsTurned(node) });
    else if (isProduct && input === 0) this.#refuse(node, "it is on the left of its product");
    else this.others.push(node);
  }

  #refuse(node: OnnxNode, reason: string): void {
    this.others.push(node);
    this.reasons.push(`${reason} (${node.opType} at node "${nodeName(node)}")`);
  }
}

/** Whether a node takes its weight as [in, out]. */
export function readsTurned({ opType, attributes }: OnnxNode): boolean {
  return opType === "MatMul" || (opType === "Gemm" && Number(attributes.get("transB")?.value ?? 0) === 0);
}

/** What a layer is called: by its weight, or, where that has no name of its own, by its bias or its node. */
function layerOf(
  { weights }: Plan,
  readers: ReadonlyMap<string, readonly OnnxNode[]>,
  { name, madeUpName }: Weight,
  node: OnnxNode,
): string {
  if (!madeUpName) return name.replace(/[._]weight$/, "");
  const next = readers.get(node.outputs[0] ?? "")?.[0];
  const bias = next?.opType === "Add" ? next.inputs.find((input) => weights.has(input)) : undefined;
  if (bias && /[._]bias$/.test(bias)) return bias.slice(0, -"_bias".length);
  const [, ...path] = node.name.startsWith("/") ? node.name.split("/") : [];
  return path.length > 1 ? path.slice(0, -1).join(".") : name;
}

/** The names of A and B in a layer, as PEFT has them. */
export function loraNames(layer: string): readonly [A: string, B: string] {
  return [`${layer}.lora_A.weight`, `${layer}.lora_B.weight`];
}

/** The name of a layer such that those of A and B are new; takes them. */
function unused(layer: string, taken: Set<string>): string {
  for (let i = 1; ; i++) {
    const candidate = i === 1 ? layer : `${layer}_${i}`;
    const names = loraNames(candidate);
    if (names.some((name) => taken.has(name))) continue;
    for (const name of names) taken.add(name);
    return candidate;
  }
}
