import type { Module } from "@graftjs/nn";
import type { Generator, Tensor } from "@graftjs/tensor";

export interface ClassifierOptions {
  /** Number of classes: the size of the logits. */
  readonly classes?: number;
  /** What the initial weights are drawn from. */
  readonly generator?: Generator;
}

/**
 * What every network for images offers to transfer learning: its features, its head, and another head.
 * `forward(x)` is `forwardHead(forwardFeatures(x))`.
 */
export interface Classifier extends Module {
  /** [N, C, H, W] to the last features: those that the head takes. */
  forwardFeatures(x: Tensor): Tensor;
  /** Features to logits [N, classes]. */
  forwardHead(features: Tensor): Tensor;
  /** Replaces the last layer by a new one, of freshly drawn weights, for another number of classes. */
  resetClassifier(classes: number, options?: Pick<ClassifierOptions, "generator">): void;
}
