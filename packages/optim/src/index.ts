export { type AccumulatorState, GradientAccumulator } from "./accumulator.ts";
export { Adadelta, type AdadeltaOptions } from "./adadelta.ts";
export { Adafactor, type AdafactorOptions } from "./adafactor.ts";
export { Adagrad, type AdagradOptions } from "./adagrad.ts";
export { Adam, type AdamOptions } from "./adam.ts";
export { Adamax, type AdamaxOptions } from "./adamax.ts";
export { AdamW } from "./adamw.ts";
export { ASGD, type ASGDOptions } from "./asgd.ts";
export {
  type AverageOptions,
  type AverageState,
  type AveragingOptions,
  ExponentialMovingAverage,
  StochasticWeightAverage,
  WeightAverage,
} from "./averaging.ts";
export {
  type ClipGradAdaptiveOptions,
  type ClipGradNormOptions,
  clipGradAdaptive,
  clipGradNorm,
  clipGradValue,
} from "./clip.ts";
export { OptimizerStateError } from "./errors.ts";
export { type GroupOptions, type Momentum, ParameterGroup } from "./group.ts";
export { LAMB, type LAMBOptions } from "./lamb.ts";
export { LBFGS, type LBFGSOptions } from "./lbfgs.ts";
export { Lion, type LionOptions } from "./lion.ts";
export { Lookahead, type LookaheadOptions } from "./lookahead.ts";
export { Muon, type MuonOptions } from "./muon.ts";
export { NAdam, type NAdamOptions } from "./nadam.ts";
export {
  type GroupInput,
  Optimizer,
  type OptimizerInput,
  type OptimizerLike,
  type OptimizerState,
  type ParameterState,
  type SavedGroup,
  type Slot,
  type Update,
} from "./optimizer.ts";
export { RAdam, type RAdamOptions } from "./radam.ts";
export { RMSprop, type RMSpropOptions } from "./rmsprop.ts";
export { Rprop, type RpropOptions } from "./rprop.ts";
export { SAM, type SAMOptions } from "./sam.ts";
export { chained } from "./schedules/chained.ts";
export { type ConstantOptions, constant } from "./schedules/constant.ts";
export { type CosineOptions, cosine } from "./schedules/cosine.ts";
export { type CosineRestartsOptions, cosineRestarts } from "./schedules/cosineRestarts.ts";
export { type CyclicOptions, cyclic } from "./schedules/cyclic.ts";
export { exponential } from "./schedules/exponential.ts";
export { lambda } from "./schedules/lambda.ts";
export { LearningRateSchedule, type ScheduleState } from "./schedules/learningRateSchedule.ts";
export { type LinearOptions, linear } from "./schedules/linear.ts";
export { multiplicative } from "./schedules/multiplicative.ts";
export { type MultiStepOptions, multiStep } from "./schedules/multiStep.ts";
export { type OneCycleOptions, oneCycle } from "./schedules/oneCycle.ts";
export { type PolynomialOptions, polynomial } from "./schedules/polynomial.ts";
export { type PlateauState, ReduceOnPlateau, type ReduceOnPlateauOptions } from "./schedules/reduceOnPlateau.ts";
export type { Schedule } from "./schedules/schedule.ts";
export { sequential } from "./schedules/sequential.ts";
export { type StepDecayOptions, stepDecay } from "./schedules/stepDecay.ts";
export {
  type WarmupInverseSqrtOptions,
  type WarmupOptions,
  warmupConstant,
  warmupCosine,
  warmupInverseSqrt,
  warmupLinear,
} from "./schedules/warmup.ts";
export { SGD, type SGDOptions } from "./sgd.ts";
export { updateBatchNorm } from "./updateBatchNorm.ts";
