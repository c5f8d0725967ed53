import { mean, select, type Tensor } from "@graftjs/tensor";
import { CutError } from "./errors.ts";
import { isLinearModel } from "./lift.ts";
import { nodeName, type OnnxNode } from "./model.ts";
import { mlDomain } from "./operators/ml/domain.ts";
import { outputOf } from "./output.ts";
import { isInner, type Plan } from "./plan.ts";

/** What a head is given of tokens [N, L, C]: their mean, the first one (a class token), or all of them. */
export type TokenPooling = "mean" | "first" | "none";

/** Where a new head goes. */
export interface CutPoint {
  /** Name of the value that the head is given. */
  readonly tensor: string;
  /** What a head sees of it: its channels. */
  readonly features: number;
  /**
   * `vector`: [N, features]. `map`: [N, features, H, W], averaged over the plane before it reaches a head.
   * `tokens`: [N, L, features], pooled as `pool` says.
   */
  readonly kind: "vector" | "map" | "tokens";
  /** How tokens are pooled; of tokens alone. */
  readonly pool?: TokenPooling;
  /** The layer that a new head stands in for; `undefined` where the cut was chosen by name, or the file has no classifier. */
  readonly classifier: { readonly node: string; readonly opType: string } | undefined;
}

/** A place for a head before its shape is known. */
export interface CutCandidate {
  readonly tensor: string;
  readonly classifier: OnnxNode | undefined;
}

/** What may lie between the final classifier and the output. */
const tail = new Set([
  "AveragePool",
  "Cast",
  "Dropout",
  "Flatten",
  "GlobalAveragePool",
  "Identity",
  "LogSoftmax",
  "ReduceMean",
  "Relu",
  "Reshape",
  "Sigmoid",
  "Softmax",
  "Squeeze",
  "Unsqueeze",
]);

/** What a stored weight may pass before it is used. */
const weightPaths = new Set(["Cast", "Identity", "Reshape", "Transpose", "Squeeze", "Unsqueeze"]);

/**
 * Finds the final classifier from the first output backwards, past pooling, flattening, softmax and an added bias:
 * a Gemm or MatMul with a stored weight, a linear model of scikit-learn, or a 1×1 convolution. The cut is its input, before any Dropout.
 * A file that ends otherwise, as a headless backbone does, is cut at its output.
 * @throws {CutError} if the model has no output
 */
export function findCut(plan: Plan): CutCandidate {
  const output = outputOf(plan.model.graph);
  if (output === undefined) throw new CutError("The model has no output", "Name a tensor to cut at.");
  const isWeight = (name: string | undefined): boolean => name !== undefined && isStored(plan, name);
  let name = output;
  let rectified = false;
  for (;;) {
    const node = plan.producers.get(name);
    const [first = "", second] = node?.inputs ?? [];
    if (node && isLinearModel(node)) return at(plan, first, node);
    if (node?.opType === "Normalizer" && node.domain === mlDomain) {
      name = first;
      continue;
    }
    if (node?.domain !== "") break;
    const complement = complementOf(plan, node);
    if (complement !== undefined) name = complement;
    else if (tail.has(node.opType)) {
      rectified ||= node.opType === "Relu";
      name = first;
    } else if (node.opType === "Add" && (isWeight(second) || isWeight(first)))
      name = isWeight(second) ? first : (second as string);
    // A linear layer behind which a ReLU follows is one of the backbone's, whose features end with the ReLU.
    else if ((node.opType === "Gemm" || node.opType === "MatMul") && isWeight(second) && !rectified)
      return at(plan, first, node);
    else if (node.opType === "Conv" && isWeight(second) && isPointwise(plan, node)) return at(plan, first, node);
    else break;
  }
  return { tensor: output, classifier: undefined };
}

/** Of [1 - p, p], the probabilities of two classes: p. */
function complementOf({ producers }: Plan, { opType, inputs }: OnnxNode): string | undefined {
  const [other = "", name = ""] = inputs;
  const node = producers.get(other);
  return opType === "Concat" && inputs.length === 2 && node?.opType === "Sub" && node.inputs[1] === name
    ? name
    : undefined;
}

function at(plan: Plan, tensor: string, classifier: OnnxNode): CutCandidate {
  let name = tensor;
  for (let node = plan.producers.get(name); node?.opType === "Dropout" || node?.opType === "Identity"; ) {
    name = node.inputs[0] as string;
    node = plan.producers.get(name);
  }
  return { tensor: name, classifier };
}

/** Whether a value is stored in the file, or such a one that only changed its form. */
function isStored(plan: Plan, name: string): boolean {
  if (plan.weights.has(name)) return true;
  const node = plan.producers.get(name);
  if (!node) return false;
  return node.opType === "Constant" || (weightPaths.has(node.opType) && isStored(plan, node.inputs[0] ?? ""));
}

function isPointwise(plan: Plan, node: OnnxNode): boolean {
  const dims = plan.weights.get(node.inputs[1] ?? "")?.tensor.dims;
  const group = node.attributes.get("group")?.value ?? 1;
  return dims?.slice(2).every((d) => d === 1) === true && group === 1;
}

/**
 * The cut at a value.
 * @param shape - of the value; `undefined` if there is none of that name.
 * @throws {CutError} unless the value is one of the graph itself, and has two axes (features), four (a feature map), or three (tokens)
 * and it is said how to pool them
 */
export function cutPoint(
  plan: Plan,
  { tensor, classifier }: CutCandidate,
  shape: readonly number[] | undefined,
  pool: TokenPooling | undefined,
): CutPoint {
  if (!shape) throw new CutError(`The model computes no value "${tensor}"`, "Name one of its nodes' outputs.");
  if (isInner(plan, tensor)) {
    throw new CutError(
      `The value "${tensor}" lies inside of a function that the file defines`,
      "Name a value of the graph itself to cut at.",
    );
  }
  const replaced = classifier && { node: nodeName(classifier), opType: classifier.opType };
  const refuse = (help: string): never => {
    throw new CutError(`The value "${tensor}" has the shape [${shape.join(", ")}]`, help);
  };
  const [, second = 0, third = 0] = shape;
  switch (shape.length) {
    case 2:
      return { tensor, features: second, kind: "vector", classifier: replaced };
    case 3:
      if (pool) return { tensor, features: third, kind: "tokens", pool, classifier: replaced };
      return refuse(
        `If these are tokens [N, L, features], say what a head is given of them: cut("${tensor}", { pool: "mean" }), "first" or "none".`,
      );
    case 4:
      return { tensor, features: second, kind: "map", classifier: replaced };
    default:
      return refuse(
        "A head needs [N, features], [N, features, H, W], or tokens [N, L, features]; name another tensor to cut at.",
      );
  }
}

/** What a head is given of the value at a cut. */
export function pooled(value: Tensor, { kind, pool }: CutPoint): Tensor {
  if (kind === "map") return mean(value, { axes: [2, 3] });
  if (pool === "mean") return mean(value, { axes: [1] });
  return pool === "first" ? select(value, 1, 0) : value;
}
