export { Adam, type AdamOptions } from "./adam.ts";
export { AdamW } from "./adamw.ts";
export { type AverageOptions, ExponentialMovingAverage } from "./averaging.ts";
export { type ClipGradNormOptions, clipGradNorm, clipGradValue } from "./clip.ts";
export { OptimizerStateError } from "./errors.ts";
export { type GroupOptions, ParameterGroup } from "./group.ts";
export {
  type GroupInput,
  Optimizer,
  type OptimizerInput,
  type OptimizerState,
  type ParameterState,
  type SavedGroup,
} from "./optimizer.ts";
export { RMSprop, type RMSpropOptions } from "./rmsprop.ts";
export { type ConstantOptions, constant } from "./schedules/constant.ts";
export { type CosineOptions, cosine } from "./schedules/cosine.ts";
export { type CosineRestartsOptions, cosineRestarts } from "./schedules/cosineRestarts.ts";
export { exponential } from "./schedules/exponential.ts";
export { LearningRateSchedule, type ScheduleState } from "./schedules/learningRateSchedule.ts";
export { type LinearOptions, linear } from "./schedules/linear.ts";
export { type MultiStepOptions, multiStep } from "./schedules/multiStep.ts";
export { type PolynomialOptions, polynomial } from "./schedules/polynomial.ts";
export type { Schedule } from "./schedules/schedule.ts";
export { sequential } from "./schedules/sequential.ts";
export { type StepDecayOptions, stepDecay } from "./schedules/stepDecay.ts";
export { type WarmupOptions, warmupCosine, warmupLinear } from "./schedules/warmup.ts";
export { SGD, type SGDOptions } from "./sgd.ts";
