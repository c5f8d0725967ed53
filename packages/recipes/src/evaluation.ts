import type { Dataset } from "@graftjs/data";
import { accuracy, argmax, bootstrapInterval, classScores, confusionMatrix, logLoss } from "@graftjs/metrics";
import { compile, type Device, noGrad, softmax, type Tensor } from "@graftjs/tensor";
import { type MapOptions, mapDataset, onDevice } from "./mapDataset.ts";

/** How well a classifier does on labelled samples. */
export interface Evaluation {
  readonly accuracy: number;
  /** 95 % bootstrap interval of the accuracy over the samples. */
  readonly interval: readonly [low: number, high: number];
  readonly macroF1: number;
  /** Mean cross-entropy, in nats. */
  readonly loss: number;
  /** [true class][predicted class] counts. */
  readonly confusion: readonly (readonly number[])[];
  readonly labels: readonly string[];
  readonly perClass: readonly {
    readonly label: string;
    readonly precision: number;
    readonly recall: number;
    readonly f1: number;
    readonly support: number;
  }[];
  /** Predicted label and probabilities of each sample, in the order of the dataset. */
  readonly predictions: Int32Array;
  readonly probabilities: Float32Array;
}

/**
 * Scores probabilities [n, classes] (row-major) against labels.
 *
 * @example
 * ```ts
 * import { scoreProbabilities } from "@graftjs/recipes";
 *
 * const { accuracy, confusion } = scoreProbabilities(Float32Array.of(0.9, 0.1, 0.2, 0.8), [0, 0], ["cat", "dog"]);
 * console.log(accuracy, confusion); // 0.5 [[1, 1], [0, 0]]
 * ```
 */
export function scoreProbabilities(
  probabilities: Float32Array,
  targets: ArrayLike<number>,
  labels: readonly string[],
): Evaluation {
  const classes = labels.length;
  const predictions = argmax(probabilities, classes);
  const confusion = confusionMatrix(targets, predictions, classes);
  const scores = classScores(confusion);
  const right = Float64Array.from(predictions, (p, i) => (p === targets[i] ? 1 : 0));
  const { low, high } = bootstrapInterval(right.length, (indices) => {
    let sum = 0;
    for (const i of indices) sum += right[i] as number;
    return sum / indices.length;
  });
  return {
    accuracy: accuracy(targets, predictions),
    interval: [low, high],
    macroF1: scores.macroF1,
    loss: logLoss(targets, probabilities, classes),
    confusion,
    labels,
    perClass: scores.perClass.map((c, i) => ({ label: labels[i] as string, ...c })),
    predictions,
    probabilities,
  };
}

/** Options of {@link evaluate}. */
export interface EvaluateOptions extends Omit<MapOptions, "onBatch"> {
  readonly device: Device;
  readonly onBatch?: (done: number, total: number) => void;
}

/**
 * Runs a classifier that gives logits over a dataset, in the order of its samples, and scores it.
 *
 * @example
 * ```ts
 * import { TensorDataset } from "@graftjs/data";
 * import { evaluate } from "@graftjs/recipes";
 * import { mul, referenceDevice, type Tensor } from "@graftjs/tensor";
 *
 * const dataset = new TensorDataset({ inputs: Float32Array.of(1, 0, 0, 1, 0, 1), shape: [2], labels: [0, 1, 0] });
 * const model = { forward: (x: Tensor) => mul(x, 5) };
 * const { accuracy, confusion } = await evaluate(model, dataset, ["left", "right"], { device: referenceDevice });
 * console.log(accuracy, confusion); // 0.6667 [[1, 1], [0, 1]]
 * ```
 */
export async function evaluate(
  model: { forward(x: Tensor): Tensor },
  dataset: Dataset,
  labels: readonly string[],
  options: EvaluateOptions,
): Promise<Evaluation> {
  const predict = compile((x: Tensor) => noGrad(() => softmax(model.forward(x), 1)), { device: options.device });
  const { values, indices } = await mapDataset(dataset, onDevice(predict), options);
  return scoreProbabilities(
    values,
    Int32Array.from(indices, (i) => dataset.labels[i] as number),
    labels,
  );
}
