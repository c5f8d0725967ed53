import { type Linear, Module } from "@graftjs/nn";
import type { Generator, Shape, Tensor } from "@graftjs/tensor";
import { type LayerGroup, layerGroups, type ParameterGroupsOptions } from "./layerGroups.ts";

/** What all image classifiers take. */
export interface ClassifierOptions {
  /** Number of classes: the size of the logits. */
  readonly classes?: number;
  /** What the initial weights, and then dropout, are drawn from. */
  readonly generator?: Generator;
}

/** What new weights are drawn from. */
export type Draw = Pick<ClassifierOptions, "generator">;

/** Options of {@link Classifier}. */
export interface HeadOptions {
  /** Whether to stop before the last layer: its input [N, F] is returned instead of logits. Default `false`. */
  readonly preLogits?: boolean;
}

/**
 * What every network here offers to transfer learning: its features, its head, another head, and groups of parameters
 * for layer-wise learning rates. `forward(x)` is `forwardHead(forwardFeatures(x))`.
 * Source of the contract: timm, https://huggingface.co/docs/timm/feature_extraction
 *
 * @example
 * ```ts
 * import { type Classifier, LeNet } from "@graftjs/models";
 * import { zeros } from "@graftjs/tensor";
 *
 * const net: Classifier = new LeNet();
 * net.resetClassifier(3); // another head, for other classes
 * console.log(net.forward(zeros([2, 1, 28, 28])).shape); // [2, 3]
 * console.log(net.isHead("fc3.weight"), net.isHead("fc1.weight")); // true false
 * ```
 */
export abstract class Classifier<Inputs extends readonly unknown[] = readonly [x: Tensor]> extends Module<Inputs> {
  /** Logits [N, classes]. */
  forward(...inputs: Inputs): Tensor {
    return this.forwardHead(this.forwardFeatures(...inputs));
  }

  /** The input (of images: [N, C, H, W]) to the last features: those that the head takes. */
  abstract forwardFeatures(...inputs: Inputs): Tensor;

  /** Features to logits [N, classes], or, if `preLogits`, to what the last layer takes. */
  abstract forwardHead(features: Tensor, options?: HeadOptions): Tensor;

  /** The last layer, which gives the logits. */
  abstract getClassifier(): Linear;

  /** Replaces the last layer by a new one, of freshly drawn weights, for another number of classes. */
  abstract resetClassifier(classes: number, options?: Draw): void;

  /** Draws anew all parameters that {@link isHead} names, for a number of classes. */
  resetHead(classes: number, options: Draw = {}): void {
    this.resetClassifier(classes, options);
  }

  /**
   * The parameters that are trained, in groups for an optimiser: deeper blocks learn slower by `layerDecay`, and
   * biases, the weights of normalisation layers and what else has one axis are exempt from weight decay.
   * @throws {ArgumentError} unless learning rate and weight decay are >= 0 and the layer decay is in (0, 1].
   */
  parameterGroups(options: ParameterGroupsOptions): LayerGroup[] {
    return layerGroups(this, (name) => this.depthOf(name), options, this.noWeightDecay);
  }

  /** This network's name of a weight that has the given name in the files of another library; otherwise the name itself. */
  weightName(name: string): string {
    return name;
  }

  /**
   * How a weight of another shape, as a file has it, becomes that of the given name; `null` if it does not fit.
   * By default, none does.
   */
  adaptWeight(_name: string, _shape: Shape): ((values: Tensor) => Tensor) | null {
    return null;
  }

  /** Whether a parameter belongs to what a file of weights for other classes need not have: by default the last layer. */
  isHead(name: string): boolean {
    const parameter = this.namedParameters().get(name);
    return parameter !== undefined && this.getClassifier().parameters().includes(parameter);
  }

  /** Parameters, besides those of one axis, that weight decay is not for. */
  protected get noWeightDecay(): RegExp | null {
    return null;
  }

  /** Where a parameter lies between input and output: parameters of equal keys are one layer, in order of the keys. */
  protected abstract depthOf(name: string): readonly number[];
}
