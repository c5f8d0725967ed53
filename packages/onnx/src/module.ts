import { Buffer, defaultGenerator, type LoraLayer, type LoraOptions, Module, Parameter } from "@graftjs/nn";
import { runtime, type Shape, type Tensor, type TensorSpec } from "@graftjs/tensor";
import type { Value } from "./constant.ts";
import type { Contradiction } from "./contradictions.ts";
import { type CutPoint, cutPoint, findCut, pooled, type TokenPooling } from "./cut.ts";
import { Dependencies } from "./dependencies.ts";
import { InvalidModelError } from "./errors.ts";
import { fed, inputSpecs, type OpenSizes, resultOf, tensorOf } from "./feed.ts";
import { type HeadOptions, headNameApart, linearHead } from "./head.ts";
import type { LoraAdapter } from "./lora/adapter.ts";
import { adaptersFor, planWith } from "./lora/addLora.ts";
import { type OnnxModel, type OnnxNode, readModel, type ValueInfo } from "./model.ts";
import { namesIn } from "./names.ts";
import { numericOutputs, outputOf } from "./output.ts";
import {
  bakedBatch,
  constantsOf,
  inputOf,
  nodesFor,
  type Plan,
  planOf,
  type RunOptions,
  refuseUnsupported,
  runNodes,
} from "./plan.ts";
import { fittingSample, type Sample, traceSample } from "./sample.ts";
import { runSegments } from "./segments.ts";
import { type ParameterSelection, selectParameters } from "./selection.ts";
import type { GraphValue } from "./sequence.ts";
import { tiedValues } from "./ties.ts";
import type { Weight } from "./weights.ts";

/** Options of {@link OnnxModule.run}. */
export interface RunMode {
  /**
   * Whether BatchNormalization and Dropout do what the file says instead of what the module's mode means in PyTorch: batch statistics
   * where `training_mode` is set, with ONNX's biased variance. Default false.
   */
  readonly bySpecification?: boolean;
}

/**
 * An ONNX model as a trainable module. Its parameters and buffers carry the names of the file's initializers, those that Constant nodes
 * hold the names of their outputs; a new head's are called `head.…`. The file's bytes are kept, so that {@link exportModel} can edit
 * them.
 *
 * Training and evaluation mode mean what they mean in PyTorch, whatever mode the file was exported in: BatchNormalization uses
 * batch statistics and Dropout drops only in training. A node all of whose parameters are frozen stays in evaluation mode; so does
 * a Dropout all of whose sources are frozen.
 *
 * @example
 * ```ts
 * import type { OnnxModule } from "@graftjs/onnx";
 * import { load } from "@graftjs/onnx/node";
 * import { ones } from "@graftjs/tensor";
 *
 * const network: OnnxModule = await load("fixtures/onnx/resnet.onnx");
 * network.replaceHead(3, { seed: 1 });
 * network.freezeBackbone();
 * console.log(network.forward(ones([4, 3, 16, 16])).shape); // [4, 3]
 * console.log(network.parameters().filter(({ requiresGrad }) => requiresGrad).length); // 2
 * ```
 */
export class OnnxModule extends Module<[Tensor, ...Tensor[]], Tensor> {
  /** The file that it came from. */
  readonly model: OnnxModel;
  /**
   * Whether training keeps only what goes from one block of the network to the next, and computes the rest again for the
   * gradient: less memory, for one more forward pass. Blocks end where a single value crosses.
   */
  checkpointing = false;
  #plan: Plan;
  readonly #parameters = new Map<string, Parameter>();
  readonly #buffers = new Map<string, Buffer>();
  readonly #constants: ReadonlyMap<string, Value>;
  readonly #dependencies: Dependencies;
  readonly #sample: Sample;
  readonly #sizes: OpenSizes;
  readonly #sources = new Map<string, readonly Parameter[]>();
  #cut: CutPoint | undefined;
  #head: Module | null = null;
  #adapters: readonly LoraAdapter[] = [];

  /**
   * @throws {UnsupportedOperatorError} naming all nodes that cannot be imported
   * @throws {NodeError} if a node does not fit what reaches it
   */
  constructor(model: OnnxModel) {
    super();
    this.model = model;
    this.#plan = planOf(model);
    this.#dependencies = new Dependencies(this.#plan);
    refuseUnsupported(this.#plan, this.output);
    for (const [name, weight] of this.weights) {
      if (weight.role === "parameter") this.#parameters.set(name, new Parameter(tensorOf(weight)));
      else if (weight.role === "buffer") this.#buffers.set(name, new Buffer(tensorOf(weight)));
    }
    this.#constants = constantsOf(this.#plan);
    const options = { ...this.#options(), training: () => false, buffer: () => undefined };
    const feed = (inputs: readonly Tensor[]): Map<string, GraphValue> => this.#feed(inputs);
    [this.#sample, this.#sizes] = fittingSample(model, (sizes) =>
      traceSample(this.#plan, this.nodes, inputSpecs(model, sizes), feed, options),
    );
  }

  /** What the file stores, by name: which of it is a parameter and why, what it is in its layer, and what is tied to what. */
  get weights(): ReadonlyMap<string, Weight> {
    return this.#plan.weights;
  }

  /** The model's first input. */
  get input(): ValueInfo {
    return inputOf(this.model);
  }

  /**
   * Name of the value that the module returns while it has the file's own head: the model's first output; where that is a label, as
   * scikit-learn's exports have it, the first that holds floats.
   */
  get output(): string {
    const output = outputOf(this.model.graph);
    if (output === undefined) throw new InvalidModelError("graph", "it has no output");
    return output;
  }

  /** The head that was grafted on; `null` while the file's own is in use. */
  get head(): Module | null {
    return this.#head;
  }

  /** What a new head's parameters are named after: `head`, or another word where the file's backbone uses that. */
  get headName(): string {
    const { tensor } = this.cutPoint;
    const nodes = namesIn(this.#dependencies.nodesBefore(tensor));
    const names = [...this.backboneParameters().keys(), ...this.#dependencies.namesBefore(tensor), ...nodes];
    return headNameApart(names);
  }

  /** Where the head goes. @throws {CutError} if there is no place for one */
  get cutPoint(): CutPoint {
    this.#cut ??= this.#locate();
    return this.#cut;
  }

  /** Shapes of the graph's values for one sample, by name; sizes that the file leaves open are filled in. */
  get shapes(): ReadonlyMap<string, Shape> {
    return this.#sample.shapes;
  }

  /** The nodes that the file's output depends on, in the order in which they run, with the file's functions expanded. */
  get nodes(): readonly OnnxNode[] {
    return this.#dependencies.nodesBefore(this.output);
  }

  /** How often nodes multiply and add for one sample: those that make convolutions and matrix products. */
  get macs(): ReadonlyMap<OnnxNode, number> {
    return this.#sample.macs;
  }

  /** Where the file declares other types or shapes than it computes; what it computes counts. */
  get contradictions(): readonly Contradiction[] {
    return this.#sample.contradictions;
  }

  /** Shapes and types of inputs of `batch` samples. */
  inputSpecs(batch: number = this.#sizes.batch): TensorSpec[] {
    return inputSpecs(this.model, { ...this.#sizes, batch });
  }

  /**
   * The network's output: logits [N, classes] of the new head after {@link replaceHead}, before it the file's first output.
   * @throws {ModelInputError} if an input's shape is not the one that the file declares; the batch may be any size
   */
  override forward(...inputs: [Tensor, ...Tensor[]]): Tensor {
    return this.#head ? (this.#head.forward(this.features(...inputs)) as Tensor) : this.#evaluate(inputs, this.output);
  }

  /**
   * All outputs of the file's graph by name, whatever head was grafted on; text, and maps of names to numbers, are left out.
   * @throws {ModelInputError} as {@link forward} does
   */
  run(inputs: readonly Tensor[], { bySpecification = false }: RunMode = {}): Map<string, Tensor> {
    const names = numericOutputs(this.model.graph).map(({ name }) => name);
    const values = this.#feed(inputs);
    runNodes(this.#plan, nodesFor(this.#plan, names), values, { ...this.#options(inputs), bySpecification });
    return new Map(names.map((name) => [name, resultOf(values, name)]));
  }

  /**
   * What a head is given: the value at the cut as [N, features]. A feature map [N, C, H, W] is averaged over its plane; tokens [N, L, C]
   * are pooled as {@link cut} was told, and stay as they are with `"none"`.
   * @throws {CutError} if there is no place for a head
   * @throws {ModelInputError} if an input's shape is not the one that the file declares
   */
  features(...inputs: [Tensor, ...Tensor[]]): Tensor {
    return pooled(this.#evaluate(inputs, this.cutPoint.tensor), this.cutPoint);
  }

  /**
   * Chooses where a head goes: at the value of that name, or, without one, where the file's own classifier begins.
   * Takes a head that was grafted on off again.
   * @param options.pool - what a head is given of tokens [N, L, features], as encoders of text and images return them
   * @throws {CutError} if there is no such value, or it is neither [N, features] nor [N, features, H, W], nor tokens with `pool` given
   */
  cut(name?: string, options: { readonly pool?: TokenPooling } = {}): CutPoint {
    this.#head = null;
    this.#cut = this.#locate(name, options.pool);
    return this.#cut;
  }

  /**
   * Puts a new head in the place of everything behind the cut. A number of classes stands for `new Linear(features, classes)`;
   * a module is given the features [N, F] and returns logits [N, classes]. Layers of the old head are no longer part of the module.
   * @returns the new head
   * @throws {CutError} if there is no place for a head, or the number of classes is not at least one
   */
  replaceHead(head: number | Module, options: HeadOptions = {}): Module {
    const { features } = this.cutPoint;
    this.#head = typeof head === "number" ? linearHead(features, head, options) : head;
    if (typeof head === "number" && !this.training) this.#head.eval();
    return this.#head;
  }

  /** Parameters that the value at the cut depends on, by initializer name. */
  backboneParameters(): Map<string, Parameter> {
    const names = this.#dependencies.namesBefore(this.cutPoint.tensor);
    return new Map([...this.#parameters].filter(([name]) => names.has(name)));
  }

  /** Parameters of the head: of the new one after {@link replaceHead}, before it of the file's layers behind the cut. */
  headParameters(): Map<string, Parameter> {
    if (this.#head) {
      const prefix = this.headName;
      return new Map([...this.#head.namedParameters()].map(([name, parameter]) => [`${prefix}.${name}`, parameter]));
    }
    const backbone = this.backboneParameters();
    return new Map([...this.namedParameters()].filter(([name]) => !backbone.has(name)));
  }

  /**
   * Low-rank adaptation, as `addLora` of `@graftjs/nn` has it: freezes the file's parameters, and lets layers learn an update beside
   * their weights, alpha / rank · B · A, which no gradient of the weight is computed for. A and B become parameters,
   * `<layer>.lora_A.weight` [rank, in, …] and `<layer>.lora_B.weight` [out, rank, …], named after the weight or, where the exporter made
   * its name up, after the layer's bias or node. A grafted head is trained as before.
   *
   * Layers are MatMul and Gemm with a stored matrix on the right, and Conv with one group. `targets` mean them by these names or those of
   * their weights; default: every linear one that the module uses, those behind the cut included while it has no new head.
   * @returns the layers that were adapted.
   * @throws {LoraError} if `targets` name no layer, one that cannot be adapted, or one that is adapted already
   * Source: Hu et al. 2021, https://arxiv.org/abs/2106.09685
   */
  addLora(options: LoraOptions = {}): LoraLayer[] {
    const nodes = this.#dependencies.nodesBefore(this.#target());
    const added = adaptersFor(this.#plan, this.shapes, nodes, this.#adapters, options);
    for (const [name, parameter] of this.#parameters) if (this.weights.has(name)) parameter.requiresGrad = false;
    for (const { parameters, site } of added) {
      for (const [name, parameter] of parameters) this.#parameters.set(name, parameter);
      this.#dependencies.add(site.nodes, [...parameters.keys()]);
    }
    this.#adapters = [...this.#adapters, ...added];
    this.#plan = planWith(this.#plan, added);
    this.#sources.clear();
    return added.map(({ layer }) => layer);
  }

  /**
   * What {@link addLora} has added.
   * @internal
   */
  get adapters(): readonly LoraAdapter[] {
    return this.#adapters;
  }

  /** Freezes everything that the value at the cut depends on: parameters and running statistics stay bit for bit. */
  freezeBackbone(): this {
    return this.freeze({ until: this.cutPoint.tensor });
  }

  unfreezeBackbone(): this {
    return this.unfreeze({ until: this.cutPoint.tensor });
  }

  /**
   * Freezes the whole module, or the selected parameters with the running statistics that belong to them.
   * @throws {CutError} if the selection names nothing
   */
  override freeze(what?: ParameterSelection): this {
    if (what === undefined) return super.freeze();
    for (const parameter of this.#select(what)) parameter.requiresGrad = false;
    return this;
  }

  /** Undoes {@link freeze}. */
  override unfreeze(what?: ParameterSelection): this {
    if (what === undefined) return super.unfreeze();
    for (const parameter of this.#select(what)) parameter.requiresGrad = true;
    return this;
  }

  /** Parameters and buffers that training must leave bit for bit as they are, by name. */
  frozenState(): Map<string, Tensor> {
    const state = new Map<string, Tensor>();
    for (const [name, parameter] of this.namedParameters()) if (!parameter.requiresGrad) state.set(name, parameter);
    for (const node of this.#dependencies.nodesBefore(this.#target())) {
      if (!this.#isFrozen(node)) continue;
      for (const name of this.#dependencies.namesAt(node)) {
        const buffer = this.#buffers.get(name);
        if (buffer) state.set(name, buffer);
      }
    }
    return state;
  }

  /** Parameters and buffers under the initializers' names, and the new head. */
  protected override *members(): Iterable<[name: string, value: unknown]> {
    const names = this.#dependencies.namesBefore(this.#target());
    for (const entry of [...this.#parameters, ...this.#buffers]) if (names.has(entry[0])) yield entry;
    if (this.#head) yield [this.headName, this.#head];
  }

  /** The last value of the file's graph that the module uses. */
  #target(): string {
    return this.#head ? this.cutPoint.tensor : this.output;
  }

  #locate(name?: string, pool?: TokenPooling): CutPoint {
    const candidate = name === undefined ? findCut(this.#plan) : { tensor: name, classifier: undefined };
    return cutPoint(this.#plan, candidate, this.shapes.get(candidate.tensor), pool);
  }

  #select(what: ParameterSelection): Parameter[] {
    return selectParameters(this.namedParameters(), what, (value) =>
      this.shapes.has(value) ? this.#dependencies.namesBefore(value) : undefined,
    );
  }

  #evaluate(inputs: readonly Tensor[], target: string): Tensor {
    const values = this.#feed(inputs);
    const nodes = this.#dependencies.nodesBefore(target);
    const options = this.#options(inputs);
    runtime().tracer?.guard(() => this.checkpointing);
    if (this.checkpointing) runSegments(this.#plan, nodes, target, this.#sample, values, options);
    else runNodes(this.#plan, nodes, values, options);
    return resultOf(values, target);
  }

  #options([first]: readonly Tensor[] = []): RunOptions {
    return {
      training: (node) => this.training && !this.#isFrozen(node),
      bakedBatch: bakedBatch(this.model),
      batch: first?.shape[0],
      generator: defaultGenerator(),
      buffer: (name) => this.#buffers.get(this.#dependencies.weightOf(name)),
    };
  }

  #feed(inputs: readonly Tensor[]): Map<string, GraphValue> {
    runtime().tracer?.guard(() => this.#plan);
    const tied = tiedValues(this.weights.values(), this.#parameters);
    const stored = [...this.#constants, ...this.#parameters, ...this.#buffers, ...tied];
    return new Map<string, GraphValue>([...stored, ...fed(this.model, inputs)]);
  }

  /** Whether a node's own parameters are all frozen, or, where it has none, all those that it depends on. */
  #isFrozen(node: OnnxNode): boolean {
    const own = this.#dependencies.namesAt(node).flatMap((name) => this.#parameters.get(name) ?? []);
    const relevant = own.length > 0 ? own : this.#parametersBefore(node);
    return relevant.length > 0 && relevant.every((parameter) => !parameter.requiresGrad);
  }

  #parametersBefore(node: OnnxNode): readonly Parameter[] {
    const target = node.outputs[0] as string;
    const known =
      this.#sources.get(target) ??
      [...this.#dependencies.namesBefore(target)].flatMap((name) => this.#parameters.get(name) ?? []);
    this.#sources.set(target, known);
    return known;
  }
}

/**
 * Imports an ONNX model as a trainable module.
 * @throws {UnsupportedOperatorError} naming all nodes that cannot be imported
 * @throws {NotOnnxError | TruncatedModelError | InvalidModelError | UnsupportedModelError} as {@link readModel} does
 *
 * @example
 * ```ts
 * import { readFile } from "node:fs/promises";
 * import { importModel } from "@graftjs/onnx";
 * import { ones } from "@graftjs/tensor";
 *
 * const network = importModel(await readFile("fixtures/onnx/resnet.onnx"));
 * console.log(network.forward(ones([4, 3, 16, 16])).shape); // [4, 5]
 * console.log(network.getParameter("conv1.weight").shape); // [6, 3, 3, 3]
 * ```
 */
export function importModel(source: OnnxModel | Uint8Array): OnnxModule {
  return new OnnxModule(source instanceof Uint8Array ? readModel(source) : source);
}
