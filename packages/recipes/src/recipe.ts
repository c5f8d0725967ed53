import type { Dataset } from "@graftjs/data";
import type { Module, Parameter } from "@graftjs/nn";
import type { Device, Tensor } from "@graftjs/tensor";
import type { z } from "zod";
import type { Evaluation } from "./evaluation.ts";
import type { BatchFunction } from "./mapDataset.ts";
import type { RunStore } from "./store.ts";

/** A network whose head can be exchanged: what recipes work on. `OnnxModule` is one. */
export interface TransferModel extends Module {
  /** Logits [N, classes]. */
  forward(x: Tensor): Tensor;
  /** What the head is given: [N, features]. */
  features(x: Tensor): Tensor;
  /** Puts a fresh linear classifier in place of the head, and returns it. */
  replaceHead(classes: number, options?: { readonly seed?: number }): Module;
  freezeBackbone(): unknown;
  unfreezeBackbone(): unknown;
  backboneParameters(): ReadonlyMap<string, Parameter>;
  /** Whether training computes intermediate results again instead of keeping them; absent where a network cannot. */
  checkpointing?: boolean;
}

/** Something else than the device that computes the features of a frozen backbone: another runtime. */
export interface FeatureEngine {
  /** What it is, with its version: part of what cached features are known by. */
  readonly name: string;
  /** Features [B, F] of inputs [B, ...]: what the model's `features` gives, within 1e-4 of the largest. */
  features: BatchFunction;
}

/** What a recipe is applied to. */
export interface Job {
  readonly model: TransferModel;
  readonly train: Dataset;
  readonly val: Dataset;
  /** Names of the classes, by label. */
  readonly classes: readonly string[];
  readonly device: Device;
  /** What computes the features of the frozen backbone. Default: the device. */
  readonly engine?: FeatureEngine;
  /** Where checkpoints and cached features go. */
  readonly store: RunStore;
  /** Identifies model, data and preprocessing; cached features and checkpoints of another fingerprint are not used. */
  readonly fingerprint: string;
  /** Go on from the checkpoint in `store`, if there is one. Default `false`. */
  readonly resume?: boolean;
  /** Stops the run after the current step, with a checkpoint. */
  readonly signal?: AbortSignal;
  /** Threads that decode and preprocess. Default 0: none besides the caller's. */
  readonly workers?: number;
  /** Leave out samples that cannot be read, instead of stopping. Default `false`. */
  readonly skipBad?: boolean;
}

/** Loss and accuracy over a set. */
export interface Score {
  readonly loss: number;
  readonly accuracy: number;
}

/** What happens during a run. `phase` is `"features"`, `"probe"` or `"fine-tune"`. */
export type RecipeEvent =
  | {
      readonly type: "start";
      readonly phase: string;
      readonly epochs: number;
      readonly trainable: number;
      readonly frozen: number;
    }
  | {
      readonly type: "progress";
      readonly phase: string;
      readonly epoch: number;
      readonly epochs: number;
      /** Batches done in this epoch, of how many. */
      readonly step: number;
      readonly steps: number;
      /** Mean over the epoch so far; absent where nothing is trained. */
      readonly loss?: number;
      readonly imagesPerSecond: number;
    }
  | {
      readonly type: "epoch";
      readonly phase: string;
      readonly epoch: number;
      readonly epochs: number;
      readonly train: Score;
      readonly val: Score;
      /** Whether this is the best so far. */
      readonly best: boolean;
    };

/** The end of an epoch. */
export type EpochEvent = Extract<RecipeEvent, { type: "epoch" }>;

/** What a finished run comes to. The model holds the best weights. */
export interface RecipeResult {
  readonly train: Score;
  readonly val: Evaluation;
  readonly history: readonly EpochEvent[];
  /** How many values were frozen in the last phase, and that they are bit for bit as before. */
  readonly frozen: { readonly parameters: number; readonly unchanged: true };
  readonly seconds: number;
  /** Images that went through the backbone. */
  readonly images: number;
  /** Samples that could not be read, with `skipBad`. */
  readonly skipped: number;
}

/** A way to train: options with their defaults and ranges, and a run that tells what it does. */
export interface Recipe<S extends z.ZodObject = z.ZodObject> {
  readonly name: string;
  readonly summary: string;
  readonly schema: S;
  /**
   * @throws {StoppedError} when stopped through the signal. @throws {ResumeError} if the checkpoint is of another run.
   * @throws {FrozenChangedError} if what was frozen did not stay as it was.
   */
  run(job: Job, options: z.output<S>): AsyncGenerator<RecipeEvent, RecipeResult>;
}
