import { type Generator, type GraftError, isGraftError, type Shape, type Tensor } from "@graftjs/tensor";
import { budgetOf, shareBudget } from "./budget.ts";
import { type Constant, constantOf, isConstant, shapeOf, toTensor, type Value } from "./constant.ts";
import { InvalidModelError, NodeError, OnnxError, type UnsupportedNode, UnsupportedOperatorError } from "./errors.ts";
import { expandFunctions } from "./expand.ts";
import { type Graph, nodeName, type OnnxNode, readsOf, withNested } from "./graph.ts";
import { liftWeights } from "./lift.ts";
import { type OnnxModel, oldestOpset } from "./model.ts";
import { type Inputs, type Run, readAttributes } from "./operator.ts";
import { operatorOf } from "./operatorOf.ts";
import { mlDomain } from "./operators/ml/domain.ts";
import { isQuantised, reasonAgainst } from "./refusals.ts";
import { type GraphValue, isSequence, isValue, type Sequence } from "./sequence.ts";
import { isComputable, type OnnxDType } from "./tensorData.ts";
import { type Weight, weightsOf } from "./weights.ts";

/** A graph made ready to run: one function a node, and what each stored tensor is. */
export interface Plan {
  readonly model: OnnxModel;
  /** The main graph's nodes, with the file's functions expanded, and weights in attributes made inputs. */
  readonly nodes: readonly OnnxNode[];
  /** What runs for a node, of nested graphs too; throws {@link UnsupportedOperatorError} where it is not supported. */
  readonly runs: ReadonlyMap<OnnxNode, Run>;
  /** By the name under which nodes read it; no node runs that makes one. */
  readonly weights: ReadonlyMap<string, Weight>;
  /** Those of nested graphs included. */
  readonly unsupported: readonly UnsupportedNode[];
  /** Which node makes a value. */
  readonly producers: ReadonlyMap<string, OnnxNode>;
}

/**
 * Prepares the nodes of a model; refuses nothing yet, but lists what cannot be imported.
 * @throws {InvalidModelError | UnsupportedModelError} if the file's functions cannot be expanded
 */
export function planOf(model: OnnxModel): Plan {
  const nodes = liftWeights(expandFunctions(model), model.graph);
  const unsupported: UnsupportedNode[] = [];
  const producers = new Map<string, OnnxNode>();
  const runs = new Map<OnnxNode, Run>();
  for (const node of nodes) for (const output of node.outputs) if (output !== "") producers.set(output, node);
  for (const node of withNested(nodes)) {
    const run = importNode(node);
    runs.set(node, typeof run === "function" ? run : () => refuse(run, standardOnly));
    if (typeof run !== "function") unsupported.push(run);
  }
  return { model, nodes, runs, weights: weightsOf(model, nodes), unsupported, producers };
}

/** Thrown and caught while a plan is made; never seen outside. */
class Refusal extends Error {}

function importNode(node: OnnxNode): Run | UnsupportedNode {
  const reject = (reason: string): never => {
    throw new Refusal(reason);
  };
  try {
    const { opType, domain, opset } = node;
    if (isQuantised(opType)) return reject(reasonAgainst(opType));
    if (domain === "ai.onnx.preview.training")
      return reject("it is a step of training; Graft takes those itself, so export the model without them");
    const operator = operatorOf(node);
    if (!operator && domain !== "" && domain !== mlDomain) return reject(`it is of the domain "${domain}"`);
    if (!operator) return reject(reasonAgainst(opType));
    const definition = (version: number): number | undefined => operator.since.findLast((since) => since <= version);
    if (domain === "" && opset < oldestOpset && definition(opset) !== definition(oldestOpset))
      return reject(
        `its definition in operator set ${opset} is older than those that are read, from ${oldestOpset} on`,
      );
    const attributes = readAttributes(node, operator.attributes);
    if (typeof attributes === "string") return reject(attributes);
    return operator.import({ node, opset, attributes, reject });
  } catch (error) {
    if (error instanceof Refusal) return refused(node, error.message);
    throw error;
  }
}

function refused(node: OnnxNode, reason: string): UnsupportedNode {
  return { node: nodeName(node), opType: node.opType, domain: node.domain, reason };
}

/** The nodes that `targets` depend on, in the order in which they run. */
export function nodesFor(plan: Plan, targets: readonly string[]): readonly OnnxNode[] {
  return nodesBefore(plan.nodes, targets, (name) => plan.weights.has(name));
}

/** Whether a value is made inside of a function of the file, so that the file's graph does not know it. */
export function isInner({ model, producers }: Plan, name: string): boolean {
  const producer = producers.get(name);
  return producer !== undefined && !model.graph.nodes[producer.index]?.outputs.includes(name);
}

function nodesBefore(
  nodes: readonly OnnxNode[],
  targets: readonly string[],
  stored: (name: string) => boolean,
): readonly OnnxNode[] {
  const wanted = new Set(targets);
  const needed: OnnxNode[] = [];
  for (const node of nodes.toReversed()) {
    if (!node.outputs.some((output) => wanted.has(output) && !stored(output))) continue;
    needed.push(node);
    for (const name of readsOf(node)) wanted.add(name);
  }
  return needed.reverse();
}

/** @throws {UnsupportedOperatorError} naming all nodes that `output` depends on and that are not supported */
export function refuseUnsupported(plan: Plan, output: string): void {
  const needed = new Set(nodesFor(plan, [output]).map(nodeName));
  const nodes = plan.unsupported.filter(({ node }) => needed.has(node));
  if (nodes.length === 0) return;
  throw new UnsupportedOperatorError(
    nodes,
    nodes.some(({ opType }) => isQuantised(opType))
      ? "A quantised model cannot be trained: fine-tune the float model that it was made from, and quantise the result."
      : standardOnly,
  );
}

/** What a run of the graph needs besides the values that are fed. */
export interface RunOptions {
  /** Whether batch statistics and dropout apply at a node. */
  training(node: OnnxNode): boolean;
  /** Whether BatchNormalization and Dropout follow the file instead: `training_mode` as it stands there. Default false. */
  readonly bySpecification?: boolean;
  readonly bakedBatch: number | undefined;
  /** Batch size of what is fed, where it may be another than that. */
  readonly batch?: number | undefined;
  readonly generator: Generator;
  /** The running statistics of that name, if they are such. */
  buffer(name: string): Tensor | undefined;
}

/** Stored tensors that are neither parameters nor buffers, as constants; read once. */
export function constantsOf(plan: Plan): ReadonlyMap<string, Value> {
  const constants = new Map<string, Value>();
  for (const [name, { role, tensor }] of plan.weights) {
    if (/constant|index|mask/.test(role) && isComputable(tensor.dtype)) constants.set(name, constantOf(tensor));
  }
  return constants;
}

/** The values of a graph by name. */
export interface Values {
  get(name: string): GraphValue | undefined;
  set(name: string, value: GraphValue): unknown;
}

/** The values of a nested graph, which sees those around it. */
class NestedValues implements Values {
  readonly #own: Map<string, GraphValue>;
  readonly #outer: Values;

  constructor(own: Iterable<readonly [string, GraphValue]>, outer: Values) {
    this.#own = new Map(own);
    this.#outer = outer;
    shareBudget(this, outer);
  }

  get(name: string): GraphValue | undefined {
    return this.#own.get(name) ?? this.#outer.get(name);
  }

  set(name: string, value: GraphValue): void {
    this.#own.set(name, value);
  }
}

/**
 * Runs `nodes` on `values`, which then hold all results.
 * @throws {UnsupportedOperatorError} at a node that is not supported
 * @throws {NodeError} naming the node at which it failed
 */
export function runNodes(plan: Plan, nodes: readonly OnnxNode[], values: Values, options: RunOptions): void {
  const budget = budgetOf(values);
  for (const node of nodes) {
    const run = plan.runs.get(node) as Run;
    let results: readonly GraphValue[];
    try {
      const made = run(new NodeInputs(plan, node, values, options));
      results = Array.isArray(made) ? (made as readonly GraphValue[]) : [made as GraphValue];
    } catch (error) {
      if (!isGraftError(error) || error instanceof OnnxError) throw error;
      throw new NodeError(nodeName(node), node.opType, (error as GraftError).message, { cause: error });
    }
    const problem = budget.fold(results);
    if (problem) throw new NodeError(nodeName(node), node.opType, `${problem}.`);
    node.outputs.forEach((name, i) => {
      const value = results[i];
      if (name !== "" && value) values.set(name, value);
    });
  }
}

/** What to do about an operator that is not there. */
const standardOnly =
  "Export the model with standard operators only, or add an importer (docs/how-to/add-an-onnx-operator.md).";

function refuse(node: UnsupportedNode, help: string): never {
  throw new UnsupportedOperatorError([node], help);
}

/** What a nested graph stores, and its nodes in the order in which they run; worked out once. */
interface Body {
  readonly nodes: readonly OnnxNode[];
  readonly stored: readonly (readonly [string, GraphValue])[];
}

const bodies = new WeakMap<Graph, Body>();

function bodyOf(graph: Graph): Body {
  const known = bodies.get(graph);
  if (known) return known;
  const { initializers, outputs } = graph;
  const targets = outputs.map(({ name }) => name);
  const body: Body = {
    nodes: nodesBefore(graph.nodes, targets, () => false),
    stored: [...initializers].flatMap(([name, stored]) =>
      isComputable(stored.dtype) ? [[name, constantOf(stored)] as const] : [],
    ),
  };
  bodies.set(graph, body);
  return body;
}

class NodeInputs implements Inputs {
  readonly #plan: Plan;
  readonly #node: OnnxNode;
  readonly #values: Values;
  readonly #options: RunOptions;

  constructor(plan: Plan, node: OnnxNode, values: Values, options: RunOptions) {
    this.#plan = plan;
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

  get bySpecification(): boolean {
    return this.#options.bySpecification ?? false;
  }

  get bakedBatch(): number | undefined {
    return this.#options.bakedBatch;
  }

  get batch(): number | undefined {
    return this.#options.batch;
  }

  get generator(): Generator {
    return this.#options.generator;
  }

  has(i: number): boolean {
    return (this.#node.inputs[i] ?? "") !== "";
  }

  any(i: number): GraphValue {
    const name = this.#node.inputs[i] ?? "";
    const value = this.#values.get(name);
    if (value) return value;
    throw this.#problem(name === "" ? `its input ${i} is left out` : `its input "${name}" was not computed`);
  }

  value(i: number): Value {
    const value = this.any(i);
    if (isValue(value)) return value;
    throw this.#problem(`its input "${this.#node.inputs[i]}" is a sequence or an optional, and should be a tensor`);
  }

  sequence(i: number): Sequence {
    const value = this.any(i);
    if (isSequence(value)) return value;
    throw this.#problem(`its input "${this.#node.inputs[i]}" should be a sequence`);
  }

  tensor(i: number): Tensor {
    return toTensor(this.value(i));
  }

  shape(i: number): Shape {
    return shapeOf(this.value(i));
  }

  declared(i: number): OnnxDType | undefined {
    const { inputs, valueInfos } = this.#plan.model.graph;
    const name = this.#node.inputs[i] ?? "";
    return (inputs.find((info) => info.name === name) ?? valueInfos.get(name))?.dtype;
  }

  constant(i: number): Constant {
    const value = this.value(i);
    if (isConstant(value)) return value;
    return this.reject(`its input "${this.#node.inputs[i]}" depends on data, and must be known beforehand here`);
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

  run(graph: Graph, given: readonly GraphValue[]): readonly GraphValue[] {
    const { nodes, stored } = bodyOf(graph);
    if (given.length !== graph.inputs.length)
      throw this.#problem(
        `its graph "${graph.name}" takes ${graph.inputs.length} inputs, and is given ${given.length}`,
      );
    const bound = graph.inputs.map(({ name }, i) => [name, given[i] as GraphValue] as const);
    const values = new NestedValues([...stored, ...bound], this.#values);
    const problem = budgetOf(values).unroll(nodes.length + 1);
    if (problem) throw this.#problem(problem);
    // What trains and what is frozen is decided for the main graph's node as a whole.
    runNodes(this.#plan, nodes, values, { ...this.#options, training: () => this.training });
    return graph.outputs.map(({ name }) => {
      const value = values.get(name);
      if (value) return value;
      throw this.#problem(`its graph "${graph.name}" does not compute its output "${name}"`);
    });
  }

  reject(reason: string): never {
    return refuse(
      refused(this.#node, reason),
      "Export the model so that sizes and the course of it do not depend on data.",
    );
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
