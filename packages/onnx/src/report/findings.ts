import { isFloat } from "../constant.ts";
import { graphsOf, type OnnxNode, withNested } from "../graph.ts";
import { nodeName, type OnnxModel } from "../model.ts";
import type { OnnxModule } from "../module.ts";
import { drawingNodes } from "../operators/draws.ts";
import { outputOf } from "../output.ts";
import { bakedBatch } from "../plan.ts";
import { isQuantised } from "../refusals.ts";
import { isTrainingBatchNorm, isTrainingDropout } from "../trainingMode.ts";
import { constantTensor, type Weight } from "../weights.ts";

/** Something about a model that matters to who trains it, and what follows from it. */
export interface Finding {
  readonly topic:
    | "quantised"
    | "half precision"
    | "folded BatchNorm"
    | "Dropout"
    | "random numbers"
    | "training mode"
    | "batch size"
    | "nested weights"
    | "output"
    | "other outputs"
    | "names"
    | "ties"
    | "declarations";
  readonly text: string;
}

/** What stands out; `module` is missing where the model cannot be imported. */
export function findingsOn(
  model: OnnxModel,
  weights: ReadonlyMap<string, Weight>,
  module: OnnxModule | undefined,
): Finding[] {
  const all = [...weights.values()];
  const quantised = quantisation(model);
  if (quantised.length > 0) return quantised;
  return [
    ...halfPrecision(all),
    ...foldedBatchNorm(model, weights),
    ...dropout(model, all),
    ...randomNumbers(module?.nodes ?? model.graph.nodes),
    ...trainingMode(model),
    ...nestedWeights(model, module?.nodes ?? model.graph.nodes),
    ...batchSize(model),
    ...lastActivation(model),
    ...otherOutputs(model),
    ...names(all),
    ...ties(all),
    ...(module?.contradictions ?? []).slice(0, 3).map(({ value, declared, computed }) => ({
      topic: "declarations" as const,
      text: `The file declares "${value}" as ${declared}, and computes ${computed}, which counts.`,
    })),
  ];
}

function quantisation({ graph }: OnnxModel): Finding[] {
  const nodes = graph.nodes.filter(({ opType }) => isQuantised(opType)).map(nodeName);
  if (nodes.length === 0) return [];
  const which = some(nodes, "node computes on integers", "nodes compute on integers");
  const text = `${which}: the model is quantised, and cannot be trained. Fine-tune the float model that it was made from, and quantise the result.`;
  return [{ topic: "quantised", text }];
}

function halfPrecision(weights: readonly Weight[]): Finding[] {
  const half = weights.filter(({ role, tensor }) => role === "parameter" && /float16$/.test(tensor.dtype));
  if (half.length === 0) return [];
  const text = `${half.length} parameters are stored in ${half[0]?.tensor.dtype}. They are trained as float32, and rounded again on export: small steps may vanish.`;
  return [{ topic: "half precision", text }];
}

/** Convolutions that have a bias, and no BatchNormalization behind them, while others of the kind have it in training. */
function foldedBatchNorm({ graph }: OnnxModel, weights: ReadonlyMap<string, Weight>): Finding[] {
  const convolutions = graph.nodes.filter(({ opType }) => opType === "Conv");
  const normalised = new Set(
    graph.nodes.flatMap(({ opType, inputs }) => (/Normalization$/.test(opType) ? inputs.slice(0, 1) : [])),
  );
  const biased = convolutions.filter(
    ({ inputs, outputs }) => (inputs[2] ?? "") !== "" && !normalised.has(outputs[0] ?? ""),
  );
  if (biased.length < 2 || biased.length < convolutions.length / 2) return [];
  const traces = biased.filter((node) => isTrace(node, weights)).length;
  const text =
    traces > 0
      ? `${biased.length} of ${convolutions.length} convolutions have a bias and no BatchNormalization, and ${traces} of them weights or biases that the exporter made: it folded BatchNorm into them. Frozen, they compute the same; unfrozen, the fused weights are trained, without batch statistics, and best with a smaller learning rate. Weights of the unfused model do not fit them, also where names are the same.`
      : `${biased.length} of ${convolutions.length} convolutions have a bias and no BatchNormalization behind them: if the network had it, the exporter folded it, and unfreezing trains the fused layers.`;
  return [{ topic: "folded BatchNorm", text }];
}

/** Whether the exporter named the weight or the bias: `onnx::Conv_193`, or `conv1.weight_bias` beside `conv1.weight`. */
function isTrace({ inputs }: OnnxNode, weights: ReadonlyMap<string, Weight>): boolean {
  const [, weight = "", bias = ""] = inputs;
  return weights.get(weight)?.madeUpName === true || bias === `${weight}_bias`;
}

function dropout({ graph }: OnnxModel, weights: readonly Weight[]): Finding[] {
  const trained = weights.some(({ role }) => role === "parameter");
  if (!trained || graph.nodes.some(({ opType }) => opType === "Dropout")) return [];
  const text =
    "There is no Dropout, as exports in evaluation mode leave it out: if the network was trained with it, fine-tuning overfits sooner.";
  return [{ topic: "Dropout", text }];
}

/** Operators such as RandomUniformLike have no mode: what PyTorch draws for DropPath stays in a file that was exported in training mode. */
function randomNumbers(nodes: readonly OnnxNode[]): Finding[] {
  const drawing = drawingNodes(nodes);
  if (drawing.length === 0) return [];
  const which = some(drawing, "node draws random numbers", "nodes draw random numbers");
  const text = `${which} in evaluation as in training, as the operators are defined to: no two outputs are equal. Where that is noise of training, such as stochastic depth, export the model again in evaluation mode.`;
  return [{ topic: "random numbers", text }];
}

function trainingMode({ graph }: OnnxModel): Finding[] {
  const training = graph.nodes.filter((node) => isTrainingBatchNorm(node) || isTrainingDropout(node, graph));
  if (training.length === 0) return [];
  const which = some(training.map(nodeName), "node is in training mode", "nodes are in training mode");
  const text = `${which} in the file. Here the module's mode counts: evaluation takes running statistics and drops nothing. Other runtimes do as the file says, until it is exported with a new head or trained weights, which are written for evaluation.`;
  return [{ topic: "training mode", text }];
}

/** Floats that nested graphs and functions store, which are constants wherever they are used. */
function nestedWeights(model: OnnxModel, nodes: readonly OnnxNode[]): Finding[] {
  const main = new Set(model.graph.nodes);
  const within = [...withNested(nodes)];
  const stored = [
    ...within.flatMap(graphsOf).flatMap(({ initializers }) => [...initializers.values()]),
    ...within.flatMap((node) => (main.has(node) ? [] : (constantTensor(node) ?? []))),
  ].filter(({ dtype, size }) => isFloat(dtype) && size > 1);
  if (stored.length === 0) return [];
  const which = some(
    stored.map(({ name }) => name),
    "tensor lies",
    "tensors lie",
  );
  const elements = stored.reduce((sum, { size }) => sum + size, 0);
  const text = `${which} inside of nested graphs or functions, ${elements} floats in all: they are constants, and training leaves them as they are. Where they are weights, export the model with all weights as initializers of the main graph.`;
  return [{ topic: "nested weights", text }];
}

function batchSize(model: OnnxModel): Finding[] {
  const batch = bakedBatch(model);
  if (batch === undefined) return [];
  const text = `The batch size ${batch} is fixed in the file; training may use others, the exported file keeps it.`;
  return [{ topic: "batch size", text }];
}

function lastActivation({ graph }: OnnxModel): Finding[] {
  const output = outputOf(graph) ?? "";
  const last = graph.nodes.find(({ outputs }) => outputs.includes(output));
  const makes = { Softmax: "probabilities", LogSoftmax: "logarithms of probabilities", Sigmoid: "probabilities" };
  if (!last || !(last.opType in makes)) return [];
  const what = makes[last.opType as keyof typeof makes];
  return [
    { topic: "output", text: `The file ends in a ${last.opType}: its outputs are ${what}. A new head gives logits.` },
  ];
}

/** Outputs of classifiers that are no numbers to train for: labels, and maps of labels to probabilities. */
function otherOutputs({ graph }: OnnxModel): Finding[] {
  const trained = outputOf(graph);
  const [first] = graph.outputs;
  const others = graph.outputs.filter(({ name }) => name !== trained).map(({ name }) => name);
  if (!first || first.name === trained) return [];
  const text = `${some(others, "output is no part of the module", "outputs are no part of the module")}, which returns "${trained}": labels and maps have no gradient. An export without a new head keeps them, one with a new head returns its logits alone.`;
  return [{ topic: "other outputs", text }];
}

function names(weights: readonly Weight[]): Finding[] {
  const made = weights.filter(({ madeUpName, role }) => madeUpName && role === "parameter");
  if (made.length === 0) return [];
  const copies = made.filter(({ kind }) => kind?.includes("transposed copy")).length;
  const which = copies > 0 ? `, ${copies} of them transposed copies of linear weights` : "";
  const text = `${some(
    made.map(({ name }) => name),
    "parameter has a name that the exporter made up",
    "parameters have names that the exporter made up",
  )}${which}: freeze them by the value up to which, not by pattern.`;
  return [{ topic: "names", text }];
}

function ties(weights: readonly Weight[]): Finding[] {
  const tied = weights.filter(({ role, tiedTo }) => role === "parameter" && tiedTo.length > 0);
  const apart = weights.filter(({ role, source }) => role === "parameter" && source.type === "copy");
  return [
    ...tied.map(
      ({ name, tiedTo }) => `"${name}" is tied to ${tiedTo.map((other) => `"${other}"`).join(", ")}: one parameter.`,
    ),
    ...(apart.length > 0
      ? [
          `${some(
            apart.map(({ name }) => name),
            "parameter is stored",
            "parameters are stored",
          )} together with others that were equal by chance; each is trained on its own.`,
        ]
      : []),
  ].map((text) => ({ topic: "ties" as const, text }));
}

/** `3 parameters (a, b, c)`, with the first few names. */
function some(list: readonly string[], one: string, many: string): string {
  const [noun, ...rest] = (list.length === 1 ? one : many).split(" ");
  return `${list.length} ${noun} (${list.slice(0, 3).join(", ")}${list.length > 3 ? ", …" : ""}) ${rest.join(" ")}`;
}
