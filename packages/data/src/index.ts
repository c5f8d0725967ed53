export { flipAugmentation, standardAugmentation } from "./augmentation.ts";
export type { Dataset, Sample, SampleKey, SampleWorker } from "./dataset.ts";
export {
  DataError,
  DataLoaderError,
  DatasetError,
  IdxError,
  ImageDecodeError,
  PreprocessingError,
  PreprocessingMismatchError,
  TransformError,
} from "./errors.ts";
export { type IdxArray, type IdxDType, type LabelledImages, readIdx, readMnist } from "./idx.ts";
export { crop, grayscale, type Image, type Region, type Size } from "./image.ts";
export { ImageDataset, type ImageDatasetSpec, type ImageDecoder } from "./imageDataset.ts";
export { type ArrayBatch, type Batch, DataLoader, type DataLoaderOptions, type EpochOptions } from "./loader.ts";
export { fromMetadata, type ImageContract, toMetadata } from "./metadata.ts";
export {
  assertInputShape,
  type Preprocessing,
  parsePreprocessing,
  preprocess,
  type ResizeRule,
  sampleShape,
} from "./preprocessing.ts";
export { imagenet, type PresetName, presetFor, presetNames, signed, unit } from "./presets.ts";
export { type Kernel, kernels, resize } from "./resize.ts";
export { type Split, type SplitOptions, stratifiedSplit } from "./split.ts";
export { Subset } from "./subset.ts";
export { TensorDataset, type TensorDatasetOptions } from "./tensorDataset.ts";
export { type CenterCrop, centerCrop } from "./transforms/centerCrop.ts";
export { type HorizontalFlip, horizontalFlip } from "./transforms/horizontalFlip.ts";
export { type Normalization, normalize } from "./transforms/normalize.ts";
export type { RandomCrop } from "./transforms/randomCrop.ts";
export type { RandomResizedCrop } from "./transforms/randomResizedCrop.ts";
export { type Resize, resizeShorterSide } from "./transforms/resize.ts";
export { parseAugmentation, type Transform } from "./transforms/transform.ts";
