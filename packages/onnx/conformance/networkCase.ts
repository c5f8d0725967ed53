import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { crossEntropy, Parameter } from "@graftjs/nn";
import {
  add,
  equalShapes,
  formatShape,
  mean,
  mul,
  noGrad,
  Generator as RandomNumbers,
  randomNormal,
  type Tensor,
  tensor,
} from "@graftjs/tensor";
import { importModel, type OnnxModule } from "../src/module.ts";
import { readModelFile } from "../src/node.ts";
import { farthest } from "./compare.ts";
import { type Case, failed, type Outcome, passed } from "./outcome.ts";
import { readNpy } from "./stored.ts";

/** What `meta.json` says of a network. */
interface Meta {
  readonly loss: number;
  readonly loss_definition?: string;
  readonly target: readonly number[];
  /** Euclidean norms of the gradients, by the parameters' names in PyTorch. */
  readonly grad_norm?: Readonly<Record<string, number>>;
  /** The first elements of the same. */
  readonly grad_probe?: Readonly<Record<string, readonly number[]>>;
  /** Parameters whose gradients are noise. */
  readonly ill_conditioned?: Readonly<Record<string, unknown>> | readonly string[];
}

type Batch = [Tensor, ...Tensor[]];

/** How often gradients are tried at points beside the given one, and how far beside, relative to the input's largest element. */
const NEIGHBOURS = 16;
const ROUNDING = 1e-6;

/**
 * Compares a network's output, loss and gradients with PyTorch's, each within `tolerance` of its largest element, and takes one
 * step of gradient descent, after which the loss has to be lower. Gradients are compared up to kinks: where rounding decides on
 * which side of a ReLU's or a maximum's kink the input lies, PyTorch's gradient has to be that of a point within rounding.
 */
export async function runNetworkCase({ path, tolerance }: Case): Promise<Outcome> {
  const network = importModel(await readModelFile(join(path, "model.onnx"))).eval();
  const meta = JSON.parse(readFileSync(join(path, "meta.json"), "utf8")) as Meta;
  const given = network.model.graph.inputs.map((_, i) => readNpy(join(path, `input_${i}.npy`)));
  const relative = tolerance.atol;
  const problems = [...outputProblems(network, given, path, meta, relative)];
  let kinks: string[] = [];
  for (let i = 0; i <= NEIGHBOURS; i++) {
    const found = [...gradientProblems(network, i === 0 ? given : beside(given, i), path, meta, relative)];
    if (i === 0) kinks = found;
    if (found.length === 0) kinks = [];
    if (kinks.length === 0) break;
  }
  problems.push(...kinks, ...descentProblems(network, given, meta));
  return problems.length === 0 ? passed : failed(problems.slice(0, 5).join("; "));
}

function* outputProblems(
  network: OnnxModule,
  inputs: readonly Tensor[],
  path: string,
  meta: Meta,
  relative: number,
): Generator<string> {
  const outputs = [...noGrad(() => network.run(inputs)).values()];
  for (const [i, output] of outputs.entries()) {
    const file = join(path, `output_${i}.npy`);
    const problem = existsSync(file) && unlike(output, readNpy(file), relative);
    if (problem) yield `output ${i}: ${problem}`;
  }
  const loss = lossOf(outputs[0] as Tensor, meta).item();
  if (!(Math.abs(loss - meta.loss) <= relative * Math.max(1, Math.abs(meta.loss))))
    yield `loss: expected ${meta.loss}, got ${loss}`;
}

function* gradientProblems(
  network: OnnxModule,
  given: readonly Tensor[],
  path: string,
  meta: Meta,
  relative: number,
): Generator<string> {
  const inputs = given.map((value) => (value.dtype === "float32" ? new Parameter(value) : value)) as Tensor[] as Batch;
  for (const parameter of network.parameters()) parameter.grad = null;
  lossOf(network.forward(...inputs), meta).backward();
  for (const [i, { grad }] of inputs.entries()) {
    const file = join(path, `grad_input_${i}.npy`);
    const problem = existsSync(file) && unlike(grad, readNpy(file), relative);
    if (problem) yield `gradient of input ${i}: ${problem}`;
  }
  yield* parameterProblems(network, meta, relative);
}

/** Inputs that differ from the given ones by as much as rounding makes of them. */
function beside(given: readonly Tensor[], seed: number): Tensor[] {
  const random = new RandomNumbers(seed);
  return given.map((value) =>
    value.dtype === "float32"
      ? add(value, mul(randomNormal(value.shape, random), ROUNDING * largest(value.toArray())))
      : value,
  );
}

function unlike(got: Tensor | null, expected: Tensor, relative: number): string | undefined {
  if (!got) return "there is none";
  if (!equalShapes(got.shape, expected.shape))
    return `expected shape ${formatShape(expected.shape)}, got ${formatShape(got.shape)}`;
  const values = expected.toArray();
  return farthest(got.toArray(), values, { rtol: 0, atol: relative * largest(values) });
}

/** Cross entropy of the logits, averaged over positions first where the definition says so. */
function lossOf(output: Tensor, { target, loss_definition = "cross_entropy" }: Meta): Tensor {
  if (!loss_definition.startsWith("cross_entropy")) throw new Error(`the loss "${loss_definition}" is not known`);
  const axes = /mean of output_0 over ax[ei]s ([-\d, ]+)/
    .exec(loss_definition)?.[1]
    ?.split(",")
    .filter((a) => a.trim());
  const logits = axes ? mean(output, { axes: axes.map(Number) }) : output;
  return crossEntropy(logits, tensor(Int32Array.from(target), [target.length]));
}

/**
 * Parameters under PyTorch's names have to have PyTorch's gradients, but for layers that the exporter folded the next one into: of
 * those the bias has the gradient of the next one's. Where as many have made-up names as are missing, they are copies, transposed or
 * not, whose norms have to match in pairs; where a BatchNorm went into each made-up bias, so have those.
 */
function* parameterProblems(network: OnnxModule, meta: Meta, relative: number): Generator<string> {
  const { grad_norm: norms = {}, grad_probe: probes = {}, ill_conditioned = {} } = meta;
  const illConditioned = new Set(Array.isArray(ill_conditioned) ? ill_conditioned : Object.keys(ill_conditioned));
  const parameters = network.namedParameters();
  // Gradients that are far below the others are what is left where terms cancel.
  const floor = largest(Object.values(norms)) * 0.1;
  const near = (a: number, b: number, scale: number): boolean => Math.abs(a - b) <= relative * Math.max(scale, floor);
  function* unlikeNamed(parameter: Parameter, name: string): Generator<string> {
    const gradient = parameter.grad?.toArray() ?? [];
    const [norm, got, probe] = [norms[name] as number, normOf(gradient), probes[name] ?? []];
    if (!near(got, norm, norm)) yield `gradient of ${name}: expected the norm ${norm}, got ${got}`;
    else if (!probe.every((x, i) => near(gradient[i] ?? 0, x, norm)))
      yield `gradient of ${name}: expected it to begin with ${probe.join(", ")}, got ${gradient.slice(0, probe.length).join(", ")}`;
  }
  const isAsBefore = (layer: string): boolean => {
    const kept = Object.keys(norms).filter((name) => layerOf(name) === layer && parameters.has(name));
    return (
      kept.length > 0 && kept.every((name) => [...unlikeNamed(parameters.get(name) as Parameter, name)].length === 0)
    );
  };
  // What a BatchNorm is folded into is scaled by it, and so are its gradients; behind layers whose gradients are as they were, a layer's
  // weight and bias lie in the file under other names.
  const folded = new Map(
    [...layersBeforeAbsent(Object.keys(norms), parameters)].filter(([layer]) => !isAsBefore(layer)),
  );
  function* unlikePairs(copies: readonly Parameter[], names: readonly string[]): Generator<string> {
    const expected = names.map((name) => norms[name] as number);
    for (const { grad } of copies) {
      const got = normOf(grad?.toArray() ?? []);
      const at = expected.findIndex((norm) => near(got, norm, norm));
      if (at < 0) yield `gradients under other names: expected one of the norms ${expected.join(", ")}, got ${got}`;
      else expected.splice(at, 1);
    }
  }

  for (const name of Object.keys(norms)) {
    const parameter = parameters.get(name);
    if (parameter && !folded.has(layerOf(name)) && !illConditioned.has(name)) yield* unlikeNamed(parameter, name);
  }
  const without = [...parameters].filter(([, { grad, rank }]) => grad === null && rank > 1).map(([name]) => name);
  if (without.length > 0) yield `no gradient reaches ${without.join(", ")}`;

  const biases = new Set<Parameter>();
  const biasless: string[] = [];
  for (const [layer, next] of folded) {
    const bias = parameters.get(`${layer}.weight_bias`) ?? parameters.get(`${layer}.bias`);
    if (bias) yield* unlikeNamed(bias, `${next}.bias`);
    if (bias) biases.add(bias);
    else biasless.push(`${next}.bias`);
  }
  const missing = Object.keys(norms).filter((name) => !parameters.has(name));
  const madeUp = [...parameters].filter(([name, parameter]) => !(name in norms) && !biases.has(parameter));
  // Others may be what a table or an embedding was folded to, which is no copy.
  const layerWeights = new Set(
    network.model.graph.nodes.filter(({ opType }) => layerOperators.has(opType)).map(({ inputs }) => inputs[1]),
  );
  const vectors = madeUp.map(([, parameter]) => parameter).filter(({ rank }) => rank === 1);
  if (folded.size === 0 && madeUp.length === missing.length)
    yield* unlikePairs(
      madeUp.filter(([name]) => layerWeights.has(name)).map(([, p]) => p),
      missing,
    );
  else if (vectors.length === biasless.length) yield* unlikePairs(vectors, biasless);
}

/** Operators that read the weight of a layer as their second input. */
const layerOperators: ReadonlySet<string> = new Set(["Conv", "ConvTranspose", "Gemm", "MatMul"]);

const layerOf = (name: string): string => name.slice(0, name.lastIndexOf("."));

/** Layers behind which weight and bias of the next are not in the file under their names, with that: it may be a BatchNorm that was folded in. */
function layersBeforeAbsent(names: readonly string[], kept: ReadonlyMap<string, unknown>): ReadonlyMap<string, string> {
  const layers = [...new Set(names.map(layerOf))];
  const absent = (layer: string): boolean =>
    ["weight", "bias"].every((name) => names.includes(`${layer}.${name}`) && !kept.has(`${layer}.${name}`));
  return new Map(
    layers.flatMap((layer, i) => {
      const next = layers[i + 1];
      return next !== undefined && absent(next) ? [[layer, next] as const] : [];
    }),
  );
}

/** A step along the gradient that lowers the loss by a thousandth, to first order. */
function* descentProblems(network: OnnxModule, inputs: readonly Tensor[], meta: Meta): Generator<string> {
  const loss = (): number => noGrad(() => lossOf(network.forward(...(inputs as Batch)), meta)).item();
  const before = loss();
  const trained = network.parameters().filter(({ grad }) => grad !== null);
  const square = trained.reduce((total, { grad }) => total + normOf((grad as Tensor).toArray()) ** 2, 0);
  const rate = (1e-3 * before) / square;
  for (const parameter of trained) {
    const gradient = (parameter.grad as Tensor).toArray();
    parameter.assign(Float32Array.from(parameter.toArray(), (x, i) => x - rate * (gradient[i] as number)));
  }
  const after = loss();
  if (!(after < before)) yield `a step of gradient descent takes the loss from ${before} to ${after}`;
}

function normOf(values: ArrayLike<number>): number {
  return Math.sqrt(Array.from(values).reduce((total, x) => total + x * x, 0));
}

function largest(values: ArrayLike<number>): number {
  return Array.from(values).reduce((most, x) => Math.max(most, Math.abs(x)), 0);
}
