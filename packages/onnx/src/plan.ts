import {
  formatShape,
  type Generator,
  type GraftError,
  isGraftError,
  numel,
  type Shape,
  type Tensor,
} from "@graftjs/tensor";
import { type Constant, constantOf, isConstant, toTensor, type Value } from "./constant.ts";
import { InvalidModelError, NodeError, OnnxError, type UnsupportedNode } from "./errors.ts";
import { nodeName, type OnnxModel, type OnnxNode, type ValueInfo } from "./model.ts";
import { type Inputs, type Run, readAttributes } from "./operator.ts";
import { operatorsByType } from "./operators/index.ts";
import type { TensorData } from "./tensorData.ts";
import { type InitializerRole, initializerRoles } from "./weights.ts";

/** A graph made ready to run: one function a node, and what each initializer is. */
export interface Plan {
  readonly model: OnnxModel;
  /** By node index; `undefined` where the node is not supported. */
  readonly runs: readonly (Run | undefined)[];
  readonly roles: ReadonlyMap<string, InitializerRole>;
  readonly unsupported: readonly UnsupportedNode[];
  /** Which node makes a value. */
  readonly producers: ReadonlyMap<string, OnnxNode>;
}

const quantised = /^(QLinear|Quantize|Dequantize|DynamicQuantize|QGemm|QAttention)|Integer$/;

/** Operators whose presence says that the model was quantised. */
export function isQuantised(opType: string): boolean {
  return quantised.test(opType);
}

/** Prepares the nodes of a model; refuses nothing yet, but lists what cannot be imported. */
export function planOf(model: OnnxModel): Plan {
  const unsupported: UnsupportedNode[] = [];
  const producers = new Map<string, OnnxNode>();
  const runs = model.graph.nodes.map((node): Run | undefined => {
    for (const output of node.outputs) if (output !== "") producers.set(output, node);
    try {
      return importNode(model, node);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const { opType, domain } = node;
      unsupported.push({ node: nodeName(node), opType, domain, reason: error.message });
      return undefined;
    }
  });
  return { model, runs, roles: initializerRoles(model), unsupported, producers };
}

/** Thrown and caught while a plan is made; never seen outside. */
class Refusal extends Error {}

function importNode(model: OnnxModel, node: OnnxNode): Run {
  const { opType, domain } = node;
  if (isQuantised(opType)) throw new Refusal("it computes on integers, which have no gradients");
  if (model.functions.includes(`${domain}.${opType}`))
    throw new Refusal("it is defined by a function in the file, and those are not expanded");
  if (domain !== "") throw new Refusal(`it is of the domain "${domain}"`);
  const operator = operatorsByType.get(opType);
  if (!operator) throw new Refusal("there is no importer for this operator");
  const attributes = readAttributes(node, operator.attributes);
  if (typeof attributes === "string") throw new Refusal(attributes);
  const reject = (reason: string): never => {
    throw new Refusal(reason);
  };
  return operator.import({ node, opset: model.opset, attributes, reject });
}

/** The nodes that `targets` depend on, in the order in which they run. */
export function nodesFor(plan: Plan, targets: readonly string[]): readonly OnnxNode[] {
  const wanted = new Set(targets);
  const nodes: OnnxNode[] = [];
  for (const node of plan.model.graph.nodes.toReversed()) {
    if (!node.outputs.some((output) => wanted.has(output))) continue;
    nodes.push(node);
    for (const name of readsOf(node)) wanted.add(name);
  }
  return nodes.reverse();
}

/** Names of values that a node reads, nested graphs included. */
export function readsOf(node: OnnxNode): readonly string[] {
  const nested = [...node.attributes.values()].flatMap((attribute) =>
    attribute.type === "graph" ? attribute.value.reads : [],
  );
  return [...node.inputs, ...nested].filter((name) => name !== "");
}

/** What a run of the graph needs besides the values that are fed. */
export interface RunOptions {
  /** Whether batch statistics and dropout apply at a node. */
  training(node: OnnxNode): boolean;
  readonly bakedBatch: number | undefined;
  readonly generator: Generator;
  /** The running statistics of that name, if they are such. */
  buffer(name: string): Tensor | undefined;
}

/** Initializers that are neither parameters nor buffers, as constants; read once. */
export function constantsOf(plan: Plan): ReadonlyMap<string, Value> {
  const constants = new Map<string, Value>();
  for (const [name, role] of plan.roles) {
    const stored = plan.model.graph.initializers.get(name) as TensorData;
    const readable = stored.dtype !== "string" && !/complex|float8|int4|float4/.test(stored.dtype);
    if ((role === "constant" || role === "index") && readable) constants.set(name, constantOf(stored));
  }
  return constants;
}

/**
 * Runs `nodes` on `values`, which then hold all results.
 * @throws {NodeError} naming the node at which it failed
 */
export function runNodes(
  plan: Plan,
  nodes: readonly OnnxNode[],
  values: Map<string, Value>,
  options: RunOptions,
): void {
  for (const node of nodes) {
    const run = plan.runs[node.index];
    if (!run) throw new OnnxError(`Node "${nodeName(node)}" (${node.opType}) is not supported.`);
    let results: readonly Value[];
    try {
      const made = run(new NodeInputs(node, values, options));
      results = Array.isArray(made) ? (made as readonly Value[]) : [made as Value];
    } catch (error) {
      if (!isGraftError(error) || error instanceof OnnxError) throw error;
      throw new NodeError(nodeName(node), node.opType, (error as GraftError).message, { cause: error });
    }
    node.outputs.forEach((name, i) => {
      const value = results[i];
      if (name !== "" && value) values.set(name, value);
    });
  }
}

class NodeInputs implements Inputs {
  readonly #node: OnnxNode;
  readonly #values: ReadonlyMap<string, Value>;
  readonly #options: RunOptions;

  constructor(node: OnnxNode, values: ReadonlyMap<string, Value>, options: RunOptions) {
    this.#node = node;
    this.#values = values;
    this.#options = options;
  }

  get count(): number {
    return this.#node.inputs.length;
  }

  get training(): boolean {
    return this.#options.training(this.#node);
  }

  get bakedBatch(): number | undefined {
    return this.#options.bakedBatch;
  }

  get generator(): Generator {
    return this.#options.generator;
  }

  has(i: number): boolean {
    return (this.#node.inputs[i] ?? "") !== "";
  }

  value(i: number): Value {
    const name = this.#node.inputs[i] ?? "";
    const value = this.#values.get(name);
    if (value) return value;
    throw this.#problem(name === "" ? `its input ${i} is left out` : `its input "${name}" was not computed`);
  }

  tensor(i: number): Tensor {
    return toTensor(this.value(i));
  }

  shape(i: number): Shape {
    const value = this.value(i);
    return isConstant(value) ? value.dims : value.shape;
  }

  constant(i: number): Constant {
    const value = this.value(i);
    if (isConstant(value)) return value;
    throw this.#problem(`its input "${this.#node.inputs[i]}" depends on data, and must be known beforehand here`);
  }

  numbers(i: number): readonly number[] {
    return Array.from(this.constant(i).data);
  }

  update(i: number, value: Tensor): Tensor {
    const buffer = this.#options.buffer(this.#node.inputs[i] ?? "");
    if (!buffer) return this.tensor(i);
    buffer.assign(value);
    return value;
  }

  #problem(problem: string): NodeError {
    return new NodeError(nodeName(this.#node), this.#node.opType, `${problem}.`);
  }
}

/** The batch size that the model's first input is fixed to, if it is. */
export function bakedBatch(model: OnnxModel): number | undefined {
  const batch = model.graph.inputs[0]?.shape?.[0];
  return typeof batch === "number" ? batch : undefined;
}

/** The single data input. @throws {InvalidModelError} if there is none. */
export function inputOf(model: OnnxModel): OnnxModel["graph"]["inputs"][number] {
  const [input] = model.graph.inputs;
  if (!input) throw new InvalidModelError("graph", "it has no input");
  return input;
}

/** Inputs larger than this, in elements, are taken for a mistake. */
const largestInput = 2 ** 28;

/** A shape for `batch` samples; open sizes of images become 224, others 8. @throws {InvalidModelError} if it is absurd */
export function sampleShape({ name, shape }: ValueInfo, batch: number): number[] {
  if (!shape) throw new InvalidModelError(`input "${name}"`, "its shape is not declared");
  const sample = shape.map((d, axis) =>
    axis === 0 ? batch : typeof d === "number" ? d : shape.length === 4 ? 224 : 8,
  );
  if (numel(sample) > largestInput)
    throw new InvalidModelError(`input "${name}"`, `its shape ${formatShape(sample)} is too large`);
  return sample;
}
