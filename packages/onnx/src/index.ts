export type { Attribute } from "./attribute.ts";
export type { Constant, Value } from "./constant.ts";
export type { Contradiction } from "./contradictions.ts";
export type { CutPoint, TokenPooling } from "./cut.ts";
export { exportedOps } from "./emit.ts";
export {
  CutError,
  ExportMismatchError,
  ExternalDataError,
  HeadExportError,
  InvalidModelError,
  ModelFileError,
  ModelInputError,
  NodeError,
  NotOnnxError,
  OnnxError,
  TruncatedModelError,
  UnsupportedModelError,
  type UnsupportedNode,
  UnsupportedOperatorError,
} from "./errors.ts";
export { type ExportOptions, type ExportResult, exportFeatures, exportModel } from "./export.ts";
export type { ModelFunction } from "./function.ts";
export type { HeadOptions } from "./head.ts";
export { type Amount, type InspectedInitializer, type Inspection, type InspectOptions, inspect } from "./inspect.ts";
export { labelsOf } from "./labels.ts";
export { load } from "./load.ts";
export { LoraError } from "./lora/error.ts";
export {
  type Dimension,
  type Graph,
  type OnnxModel,
  type OnnxNode,
  oldestOpset,
  type ReadOptions,
  readModel,
  type ValueInfo,
} from "./model.ts";
export { importModel, OnnxModule, type RunMode } from "./module.ts";
export { exportNetwork, type NetworkCall, type NetworkExportOptions, type NetworkInput } from "./network.ts";
export type {
  AttributeSpec,
  AttributeSpecs,
  ExportContext,
  ExportPattern,
  ExportRule,
  ImportContext,
  InputRole,
  Inputs,
  Operator,
  Run,
} from "./operator.ts";
export { operators } from "./operators/index.ts";
export type { PixelNormalization } from "./preprocess.ts";
export type { Block } from "./report/blocks.ts";
export type { Cost, Costs } from "./report/costs.ts";
export type { Finding } from "./report/findings.ts";
export { pictureOf } from "./report/picture.ts";
export { type FormatOptions, formatInspection } from "./report/table.ts";
export type { ParameterSelection } from "./selection.ts";
export type { GraphValue, Nothing, Sequence } from "./sequence.ts";
export {
  type Edits,
  type InitializerSpec,
  type NodeExtension,
  type NodeSpec,
  type NodeSpecAttribute,
  splice,
} from "./splice.ts";
export type { ExternalData, OnnxArray, OnnxDType, ReadExternal, TensorData } from "./tensorData.ts";
export type { DataFile } from "./trained.ts";
export type { Network, VerifyOptions } from "./verify.ts";
export type { InitializerRole, Weight, WeightSource } from "./weights.ts";
