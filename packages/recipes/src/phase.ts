import { copyStateDict } from "@graftjs/nn";
import type { LearningRateSchedule, Optimizer } from "@graftjs/optim";
import type { Tensor } from "@graftjs/tensor";
import { type Checkpoint, loadCheckpoint, saveCheckpoint, type Tally } from "./checkpoint.ts";
import { StoppedError } from "./errors.ts";
import type { EpochEvent, Job, RecipeEvent, Score } from "./recipe.ts";

/** One optimisation from beginning to end: some tensors, a compiled step, batches, and a measure of what is best. */
export interface Phase {
  readonly name: string;
  readonly epochs: number;
  readonly stepsPerEpoch: number;
  /** What training changes, by name; the best of it is kept. */
  readonly tensors: Readonly<Record<string, Tensor>>;
  readonly frozen: number;
  readonly optimizer: Optimizer;
  readonly schedule: LearningRateSchedule;
  /** The batches of an epoch from `from` on; the same for the same arguments. */
  batches(epoch: number, from: number): AsyncIterable<{ readonly inputs: Tensor; readonly labels: Tensor }>;
  /** One update: mean loss, and number of right answers, of the batch. */
  step(inputs: Tensor, labels: Tensor): { readonly loss: Tensor; readonly correct: Tensor };
  evaluate(): Promise<Score>;
  /** Whether the tensors as they are before the first epoch may turn out best. */
  readonly startMayBeBest: boolean;
}

/** A checkpoint at the end of an epoch is skipped if the last one is younger than this, in milliseconds. */
const CHECKPOINT_INTERVAL = 2000;

/**
 * Trains, keeps checkpoints, and leaves the best tensors in place. A run that was stopped and resumed ends in the same
 * bits as one that was not.
 * @returns the events of all epochs, those before a resumption included.
 */
export async function* runPhase(phase: Phase, job: Job, identity: string): AsyncGenerator<RecipeEvent, EpochEvent[]> {
  const { tensors, epochs, stepsPerEpoch, name } = phase;
  const trainable = Object.values(tensors).reduce((n, t) => n + t.size, 0);
  yield { type: "start", phase: name, epochs, trainable, frozen: phase.frozen };
  const state = (job.resume && (await resumed(phase, job, identity))) || (await fresh(phase));
  let savedAt = Date.now();
  const save = async (): Promise<void> => {
    await saveCheckpoint(job.store, identity, name, state, phase);
    savedAt = Date.now();
  };

  while (state.epoch < epochs) {
    const started = Date.now();
    let seen = 0;
    for await (const { inputs, labels } of phase.batches(state.epoch, state.step)) {
      const { loss, correct } = phase.step(inputs, labels);
      phase.schedule.step();
      const count = labels.size;
      state.tally.loss += ((await loss.read())[0] as number) * count;
      state.tally.correct += (await correct.read())[0] as number;
      state.tally.count += count;
      state.step++;
      seen += count;
      if (job.signal?.aborted) {
        await save();
        throw new StoppedError(state.epoch + 1);
      }
      yield {
        type: "progress",
        phase: name,
        epoch: state.epoch + 1,
        epochs,
        step: state.step,
        steps: stepsPerEpoch,
        loss: state.tally.loss / state.tally.count,
        imagesPerSecond: (1000 * seen) / Math.max(1, Date.now() - started),
      };
    }
    const val = await phase.evaluate();
    const best = isBetter(val, state.best.score);
    if (best) state.best = { score: val, tensors: await copyStateDict(tensors) };
    state.epoch++;
    state.step = 0;
    const event: EpochEvent = {
      type: "epoch",
      phase: name,
      epoch: state.epoch,
      epochs,
      train: score(state.tally),
      val,
      best,
    };
    state.tally = { loss: 0, correct: 0, count: 0 };
    state.history.push(event);
    if (Date.now() - savedAt > CHECKPOINT_INTERVAL || state.epoch === epochs) await save();
    yield event;
  }
  for (const [key, t] of Object.entries(tensors)) t.assign(state.best.tensors[key] as Tensor);
  return state.history;
}

async function fresh(phase: Phase): Promise<Checkpoint> {
  return {
    epoch: 0,
    step: 0,
    tally: { loss: 0, correct: 0, count: 0 },
    best: {
      score: phase.startMayBeBest ? await phase.evaluate() : { loss: Number.POSITIVE_INFINITY, accuracy: -1 },
      tensors: await copyStateDict(phase.tensors),
    },
    history: [],
  };
}

async function resumed(phase: Phase, job: Job, identity: string): Promise<Checkpoint | null> {
  const found = await loadCheckpoint(job.store, identity, phase.name);
  if (!found) return null;
  for (const [key, t] of Object.entries(phase.tensors)) t.assign(found.current[key] as Tensor);
  phase.optimizer.loadStateDict(found.optimizer);
  phase.schedule.loadStateDict(found.schedule as never);
  return found.state;
}

/** By accuracy, which is what a classifier is for; of equals, by loss. */
function isBetter(a: Score, b: Score): boolean {
  return a.accuracy > b.accuracy || (a.accuracy === b.accuracy && a.loss < b.loss);
}

function score({ loss, correct, count }: Tally): Score {
  return { loss: loss / count, accuracy: correct / count };
}
