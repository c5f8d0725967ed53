import { DataLoader, TensorDataset } from "@graftjs/data";
import { accuracy, argmax, logLoss } from "@graftjs/metrics";
import type { Linear } from "@graftjs/nn";
import { AdamW, LearningRateSchedule, warmupCosine } from "@graftjs/optim";
import { compile, noGrad, softmax, type Tensor, tensor, zeros } from "@graftjs/tensor";
import type { Features } from "./features.ts";
import { type Phase, runPhase } from "./phase.ts";
import type { EpochEvent, Job, RecipeEvent, Score } from "./recipe.ts";
import { foldStandardization, standardize, statisticsOf } from "./standardize.ts";
import { trainingStep } from "./step.ts";

export interface HeadOptions {
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly weightDecay: number;
  readonly labelSmoothing: number;
  readonly seed: number;
}

/**
 * Trains a linear head on cached features: many epochs, each a few milliseconds. The features are standardised
 * meanwhile, and the head is put right for the raw ones at the end.
 */
export async function* trainHead(
  job: Job,
  head: Linear,
  data: { readonly train: Features; readonly val: Features },
  options: HeadOptions,
  identity: string,
  frozen: number,
): AsyncGenerator<RecipeEvent, EpochEvent[]> {
  const statistics = statisticsOf(data.train);
  const train = standardize(data.train, statistics);
  const val = standardize(data.val, statistics);
  const dataset = new TensorDataset({ inputs: train.values, shape: [train.width], labels: train.labels });
  const loader = new DataLoader(dataset, { batchSize: options.batchSize, shuffle: true, seed: options.seed });
  const bias = head.bias as NonNullable<typeof head.bias>;
  // The problem is convex: zero is as good a start as any, and the only one without noise.
  head.weight.assign(zeros(head.weight.shape));
  bias.assign(zeros(bias.shape));
  const optimizer = new AdamW([{ parameters: [head.weight] }, { parameters: [bias], weightDecay: 0 }], {
    learningRate: options.learningRate,
    weightDecay: options.weightDecay,
  });
  const steps = options.epochs * loader.length;
  const forward = (x: Tensor): Tensor => head.forward(x);
  const predict = compile((x: Tensor) => noGrad(() => softmax(forward(x), 1)), { device: job.device });
  const inputs = tensor(val.values, [val.labels.length, val.width]);

  const phase: Phase = {
    name: "probe",
    epochs: options.epochs,
    stepsPerEpoch: loader.length,
    tensors: { weight: head.weight, bias },
    frozen,
    optimizer,
    schedule: new LearningRateSchedule(optimizer, warmupCosine({ warmup: Math.min(10, steps >> 2), steps })),
    batches: (epoch, from) => loader.epoch(epoch, { from }),
    step: trainingStep(forward, optimizer, { device: job.device, labelSmoothing: options.labelSmoothing }),
    evaluate: async (): Promise<Score> => {
      const probabilities = (await predict(inputs).read()) as Float32Array;
      const classes = job.classes.length;
      return {
        loss: logLoss(val.labels, probabilities, classes),
        accuracy: accuracy(val.labels, argmax(probabilities, classes)),
      };
    },
    startMayBeBest: false,
  };
  const history = yield* runPhase(phase, job, identity);
  foldStandardization(head.weight, bias, statistics);
  return history;
}
