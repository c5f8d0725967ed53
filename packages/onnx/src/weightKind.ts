import type { OnnxNode } from "./graph.ts";
import { mlDomain } from "./operators/ml/domain.ts";
import type { Weight } from "./weights.ts";

/** How the values of a graph hang together. */
export interface Links {
  /** The nodes that read a value. */
  readonly readers: ReadonlyMap<string, readonly OnnxNode[]>;
  /** The node that makes a value. */
  readonly producers: ReadonlyMap<string, OnnxNode>;
  /** Inputs of the model that have the axes of images. */
  readonly images: ReadonlySet<string>;
}

/** Nodes that hand a weight on in another form. */
const forms: ReadonlySet<string> = new Set(["Cast", "Concat", "Expand", "Reshape", "Slice", "Squeeze", "Unsqueeze"]);

/** What inputs of operators are called. */
const inputs: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  BatchNormalization: { 1: "scale", 2: "shift", 3: "running mean", 4: "running variance" },
  Conv: { 2: "bias" },
  ConvTranspose: { 1: "weight, stored [in, out / groups, …]", 2: "bias" },
  GRU: { 1: "input weights", 2: "recurrent weights", 3: "biases", 5: "initial state" },
  Gather: { 0: "table of embeddings" },
  Gemm: { 2: "bias" },
  GroupNormalization: { 1: "scale", 2: "shift" },
  InstanceNormalization: { 1: "scale", 2: "shift" },
  LSTM: {
    1: "input weights",
    2: "recurrent weights",
    3: "biases",
    5: "initial state",
    6: "initial cell",
    7: "peepholes",
  },
  LayerNormalization: { 1: "scale", 2: "shift" },
  LinearClassifier: { 2: "bias" },
  LinearRegressor: { 2: "bias" },
  PRelu: { 1: "slope" },
  RMSNormalization: { 1: "scale" },
  RNN: { 1: "input weights", 2: "recurrent weights", 3: "biases", 5: "initial state" },
};

/** Names that exporters make up: numbers, and a prefix of the exporter's before one. */
const madeUp =
  /^\d+$|^(onnx::\w+|_?val|_v|node|tensor|const(ant)?|Parameter)_?\d+$|Constant(_\d+)?_output_0$|^(ortshared|_inlfunc)_/i;

/** Whether an exporter made a name up. */
export function isMadeUp(name: string): boolean {
  return madeUp.test(name);
}

type Described = Pick<Weight, "name" | "tensor" | "readers" | "tiedTo" | "role">;

/** What a weight is in its layer, and whether its name says anything about that. */
export function describeWeight(links: Links, weight: Described): Pick<Weight, "kind" | "madeUpName"> {
  const madeUpName = isMadeUp(weight.name);
  if (weight.role !== "parameter" && weight.role !== "buffer") return { kind: undefined, madeUpName };
  const [name = ""] = [weight.name, ...weight.tiedTo].filter((read) => links.readers.has(read));
  const kind = kindOf(links, weight, name);
  return { kind: kind && madeUpName && kind.endsWith("[in, out]") ? `${kind}: a transposed copy` : kind, madeUpName };
}

/** A weight changes its form at most so often before it is used. */
const longestPath = 16;

function kindOf(links: Links, weight: Described, name: string): string | undefined {
  const { dims } = weight.tensor;
  const isToken = dims.length === 3 && dims[0] === 1 && dims[1] === 1;
  let [value, turned] = [name, false];
  for (let step = 0; step < longestPath; step++) {
    const node = links.readers.get(value)?.[0];
    if (!node || (node.domain !== "" && node.domain !== mlDomain)) return undefined;
    if (isToken && (node.opType === "Expand" || node.opType === "Concat")) return "class token";
    if (node.opType === "Transpose") turned = !turned;
    else if (!forms.has(node.opType)) return kindAt(links, weight, node, node.inputs.indexOf(value), turned);
    value = node.outputs[0] ?? "";
  }
  return undefined;
}

function kindAt(
  links: Links,
  { tensor: { dims } }: Described,
  node: OnnxNode,
  input: number,
  turned: boolean,
): string | undefined {
  const { opType, attributes } = node;
  const linear = (transposed: boolean): string => `linear weight, stored ${transposed ? "[out, in]" : "[in, out]"}`;
  if (opType === "Conv" && input === 1) {
    const group = Number(attributes.get("group")?.value ?? 1);
    const title =
      group > 1 && dims[1] === 1 ? "depthwise convolution" : group > 1 ? "grouped convolution" : "convolution";
    return `${title} weight, stored [out, in${group > 1 ? " / groups" : ""}, …]`;
  }
  if (opType === "Gemm" && input === 1) return linear((attributes.get("transB")?.value === 1) !== turned);
  if (node.domain === mlDomain && input === 1) return linear(true);
  if (opType === "MatMul" && dims.length === 2) return linear(turned !== (input === 0));
  const known = inputs[opType]?.[input];
  if (known) return opType === "Gather" ? known : `${opType} ${known}`;
  if (opType === "Add") return isLayer(links.producers.get(node.inputs[1 - input] ?? "")) ? "bias" : "added table";
  if (opType === "Mul") return "scale";
  return undefined;
}

/** Whether a node is a layer without its bias. */
export function isLayer(node: OnnxNode | undefined): boolean {
  return node !== undefined && ["BatchNormalization", "Conv", "ConvTranspose", "MatMul"].includes(node.opType);
}
