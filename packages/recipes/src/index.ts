export { CapabilityError, EngineMismatchError, FrozenChangedError, ResumeError, StoppedError } from "./errors.ts";
export { type EvaluateOptions, type Evaluation, evaluate, scoreProbabilities } from "./evaluation.ts";
export { fineTune } from "./fineTune/fineTune.ts";
export { fineTuneSchema } from "./fineTune/schema.ts";
export { FrozenWitness } from "./frozen.ts";
export { linearProbe } from "./linearProbe/linearProbe.ts";
export { linearProbeSchema } from "./linearProbe/schema.ts";
export { type MapOptions, type Mapped, mapDataset } from "./mapDataset.ts";
export {
  type ExecutionProvider,
  OnnxRuntimeError,
  type OnnxRuntimeOptions,
  type OnnxRuntimePackage,
  ProviderError,
} from "./onnxRuntime.ts";
export { type OnnxRuntimeWebOptions, onnxRuntimeWebEngine } from "./onnxRuntimeWeb.ts";
export type { FeatureEngine, Job, Recipe, RecipeEvent, RecipeResult, Score, TransferModel } from "./recipe.ts";
export { recipes } from "./recipes.ts";
export { MemoryStore, type RunStore, type Stored } from "./store.ts";
