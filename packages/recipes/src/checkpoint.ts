import type { LearningRateSchedule, Optimizer, OptimizerState } from "@graftjs/optim";
import type { Tensor } from "@graftjs/tensor";
import { ResumeError } from "./errors.ts";
import type { EpochEvent, Score } from "./recipe.ts";
import type { RunStore } from "./store.ts";

/** Sums over the batches of an epoch so far. */
export interface Tally {
  loss: number;
  correct: number;
  count: number;
}

/** How far a phase has come. */
export interface Checkpoint {
  /** Epochs done. */
  epoch: number;
  /** Batches done of the epoch after that. */
  step: number;
  tally: Tally;
  best: { readonly score: Score; readonly tensors: Readonly<Record<string, Tensor>> };
  readonly history: EpochEvent[];
}

interface Progress {
  readonly identity: string;
  readonly phase: string;
  readonly epoch: number;
  readonly step: number;
  readonly tally: Tally;
  readonly bestScore: Score;
  readonly history: EpochEvent[];
  readonly schedule: unknown;
  readonly groups: OptimizerState["groups"];
}

/** What {@link loadCheckpoint} finds. */
export interface Resumption {
  readonly state: Checkpoint;
  readonly current: Readonly<Record<string, Tensor>>;
  readonly optimizer: OptimizerState;
  readonly schedule: unknown;
}

interface Trained {
  readonly tensors: Readonly<Record<string, Tensor>>;
  readonly optimizer: Optimizer;
  readonly schedule: LearningRateSchedule;
}

/** One entry a phase, so that a later phase does not overwrite what an earlier one came to. */
const entry = (phase: string): string => `checkpoint-${phase}`;

/** Writes everything that is needed to go on from here. */
export async function saveCheckpoint(
  store: RunStore,
  identity: string,
  phase: string,
  state: Checkpoint,
  { tensors, optimizer, schedule }: Trained,
): Promise<void> {
  const optimizerState = optimizer.stateDict();
  const { score: bestScore, tensors: best } = state.best;
  const json: Progress = {
    identity,
    phase,
    epoch: state.epoch,
    step: state.step,
    tally: state.tally,
    bestScore,
    history: state.history,
    schedule: schedule.stateDict(),
    groups: optimizerState.groups,
  };
  await store.save(entry(phase), {
    tensors: {
      ...prefixed("current/", tensors),
      ...prefixed("best/", best),
      ...prefixed("optimizer/", optimizerState.tensors),
    },
    json,
  });
}

/** @throws {ResumeError} if the checkpoint was written by a run with other options, data or model. */
export async function loadCheckpoint(store: RunStore, identity: string, phase: string): Promise<Resumption | null> {
  const stored = await store.load(entry(phase));
  if (!stored) return null;
  const json = stored.json as Progress;
  if (json.identity !== identity) {
    throw new ResumeError(
      "The checkpoint was written with another model, other data or other options. Repeat the command exactly, or start anew.",
    );
  }
  return {
    state: {
      epoch: json.epoch,
      step: json.step,
      tally: json.tally,
      best: { score: json.bestScore, tensors: unprefixed("best/", stored.tensors) },
      history: json.history,
    },
    current: unprefixed("current/", stored.tensors),
    optimizer: { tensors: unprefixed("optimizer/", stored.tensors), groups: json.groups },
    schedule: json.schedule,
  };
}

function prefixed(prefix: string, tensors: Readonly<Record<string, Tensor>>): Record<string, Tensor> {
  return Object.fromEntries(Object.entries(tensors).map(([key, t]) => [prefix + key, t]));
}

function unprefixed(prefix: string, tensors: Readonly<Record<string, Tensor>>): Record<string, Tensor> {
  const own = Object.entries(tensors).filter(([key]) => key.startsWith(prefix));
  return Object.fromEntries(own.map(([key, t]) => [key.slice(prefix.length), t]));
}
