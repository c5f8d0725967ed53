import type { Dataset } from "@graftjs/data";
import { DataLoader, flipAugmentation, ImageDataset, standardAugmentation } from "@graftjs/data";
import type { Linear } from "@graftjs/nn";
import { AdamW, LearningRateSchedule, warmupCosine } from "@graftjs/optim";
import type { Tensor } from "@graftjs/tensor";
import type { z } from "zod";
import { CapabilityError } from "../errors.ts";
import { evaluate } from "../evaluation.ts";
import { computeFeatures } from "../features.ts";
import { FrozenWitness } from "../frozen.ts";
import { identityOf } from "../identity.ts";
import { type Phase, runPhase } from "../phase.ts";
import type { Job, Recipe, RecipeEvent, RecipeResult } from "../recipe.ts";
import { trainingStep } from "../step.ts";
import { trainHead } from "../trainHead.ts";
import { fineTuneSchema } from "./schema.ts";

type Options = z.output<typeof fineTuneSchema>;

/**
 * Linear probe first, so that the new head does not tear at the backbone; then all parameters together, the backbone
 * at a smaller learning rate. Normalisation keeps its running statistics (small sets would spoil them).
 * Source: "Fine-tuning can distort pretrained features", Kumar et al. 2022, https://arxiv.org/abs/2202.10054
 */
export const fineTune: Recipe<typeof fineTuneSchema> = {
  name: "fine-tune",
  summary: "linear probe first, then train the whole network with a smaller learning rate for the backbone",
  schema: fineTuneSchema,
  run,
};

async function* run(job: Job, options: Options): AsyncGenerator<RecipeEvent, RecipeResult> {
  const started = Date.now();
  const { model, classes, device } = job;
  if (options.checkpointing && model.checkpointing === undefined) {
    throw new CapabilityError(
      "This network has no `checkpointing`. Train it without, or give it segments to recompute.",
    );
  }
  const identity = identityOf(fineTune.name, options, job);
  const head = model.replaceHead(classes.length, { seed: options.seed }) as Linear;
  model.freezeBackbone();
  model.eval();
  const probeWitness = new FrozenWitness(model);
  const train = yield* computeFeatures(job, "train");
  const val = yield* computeFeatures(job, "val");
  const probeOptions = { ...options, epochs: options.probeEpochs };
  const probeHistory = yield* trainHead(job, head, { train, val }, probeOptions, identity, probeWitness.parameters);
  probeWitness.check();

  model.unfreezeBackbone();
  model.eval();
  if (options.checkpointing) model.checkpointing = true;
  const witness = new FrozenWitness(model);
  const loader = new DataLoader(augmented(job.train, options.augment), {
    batchSize: options.batchSize,
    shuffle: true,
    seed: options.seed,
    workers: job.workers ?? 0,
    skipBad: job.skipBad ?? false,
  });
  try {
    const phase = finePhase(job, options, loader, witness.parameters);
    const history = yield* runPhase(phase, job, identity);
    const batch = { device, workers: job.workers ?? 0, skipBad: job.skipBad ?? false };
    const [onTrain, onVal] = [
      await evaluate(model, job.train, classes, batch),
      await evaluate(model, job.val, classes, batch),
    ];
    return {
      train: { loss: onTrain.loss, accuracy: onTrain.accuracy },
      val: onVal,
      history: [...probeHistory, ...history],
      frozen: witness.check(),
      seconds: (Date.now() - started) / 1000,
      images: (options.epochs + 2) * train.labels.length + (options.epochs + 3) * val.labels.length,
      skipped: train.skipped + val.skipped,
    };
  } finally {
    if (options.checkpointing) model.checkpointing = false;
    await loader.close();
  }
}

function finePhase(job: Job, options: Options, loader: DataLoader, frozen: number): Phase {
  const { model, device, classes } = job;
  const backboneRate = options.backboneLearningRate ?? options.learningRate / 30;
  const backbone = [...model.backboneParameters().values()].filter((p) => p.requiresGrad);
  const inBackbone = new Set<Tensor>(backbone);
  const head = model.parameters().filter((p) => p.requiresGrad && !inBackbone.has(p));
  const groups = [
    { parameters: backbone, learningRate: backboneRate },
    { parameters: head, learningRate: options.learningRate },
  ].flatMap(({ parameters, learningRate }) => [
    { parameters: parameters.filter((p) => p.rank > 1), learningRate },
    { parameters: parameters.filter((p) => p.rank <= 1), learningRate, weightDecay: 0 },
  ]);
  const optimizer = new AdamW(
    groups.filter((g) => g.parameters.length > 0),
    { weightDecay: options.weightDecay },
  );
  const steps = options.epochs * loader.length;
  const trained = [...model.namedParameters()].filter(([, p]) => p.requiresGrad);
  return {
    name: "fine-tune",
    epochs: options.epochs,
    stepsPerEpoch: loader.length,
    tensors: Object.fromEntries(trained),
    frozen,
    optimizer,
    schedule: new LearningRateSchedule(optimizer, warmupCosine({ warmup: Math.min(loader.length, steps >> 2), steps })),
    batches: (epoch, from) => loader.epoch(epoch, { from }),
    step: trainingStep((x) => model.forward(x), optimizer, { device, labelSmoothing: options.labelSmoothing }),
    evaluate: () =>
      evaluate(model, job.val, classes, { device, workers: job.workers ?? 0, skipBad: job.skipBad ?? false }),
    startMayBeBest: true,
  };
}

/** Augmentation is for image datasets; others are taken as they are. */
function augmented(dataset: Dataset, augment: Options["augment"]): Dataset {
  if (augment === "none" || !(dataset instanceof ImageDataset)) return dataset;
  const transforms =
    augment === "flip" ? flipAugmentation(dataset.preprocessing) : standardAugmentation(dataset.preprocessing);
  return dataset.withAugmentation(transforms);
}
