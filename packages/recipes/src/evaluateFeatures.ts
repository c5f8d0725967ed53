import type { Module } from "@graftjs/nn";
import { compile, noGrad, softmax, type Tensor, tensor } from "@graftjs/tensor";
import { type Evaluation, scoreProbabilities } from "./evaluation.ts";
import type { Features } from "./features.ts";
import type { Job } from "./recipe.ts";

/** Scores a head on cached features: the same as scoring the whole network on the images. */
export async function evaluateFeatures(job: Job, head: Module, features: Features): Promise<Evaluation> {
  const predict = compile((x: Tensor) => noGrad(() => softmax(head.forward(x), 1)), { device: job.device });
  const inputs = tensor(features.values, [features.labels.length, features.width]);
  const probabilities = (await predict(inputs).read()) as Float32Array;
  return scoreProbabilities(probabilities, features.labels, job.classes);
}
