export { AlexNet, type AlexNetOptions, alexNet } from "./alexNet.ts";
export { Bert, type BertInputs, type BertOptions, bert } from "./bert.ts";
export type { ByteSource } from "./byteSource.ts";
export {
  createModel,
  type ImageInput,
  type ModelEntry,
  type ModelName,
  type Models,
  models,
  type PretrainedWeights,
  type TextInput,
} from "./catalog.ts";
export { Classifier, type ClassifierOptions, type Draw, type HeadOptions } from "./classifier.ts";
export {
  ConvNeXt,
  type ConvNeXtOptions,
  convNeXtBase,
  convNeXtLarge,
  convNeXtSmall,
  convNeXtTiny,
} from "./convNeXt.ts";
export { DistilBert, type DistilBertOptions, distilBert } from "./distilBert.ts";
export {
  EfficientNet,
  type EfficientNetOptions,
  efficientNetB0,
  efficientNetB1,
  efficientNetB2,
  efficientNetB3,
  efficientNetB4,
  efficientNetB5,
  efficientNetB6,
  efficientNetB7,
} from "./efficientNet.ts";
export type { CachedFile, FileVersion } from "./hub/cache.ts";
export type { DownloadProgress, TransferOptions } from "./hub/download.ts";
export { HubError, type HubErrorReason } from "./hub/errors.ts";
export { type FetchFileOptions, fetchFile } from "./hub/fetchFile.ts";
export type { HubFile, LocateOptions } from "./hub/locate.ts";
export { type LayerGroup, layerGroups, type ParameterGroupsOptions } from "./layerGroups.ts";
export { LeNet } from "./lenet.ts";
export {
  type LoadPretrainedOptions,
  loadModel,
  loadPretrained,
  type PretrainedReport,
  type WeightsSource,
} from "./loadPretrained.ts";
export { MobileNetV2, type MobileNetV2Options, mobileNetV2 } from "./mobileNetV2.ts";
export { MobileNetV3, type MobileNetV3Options, mobileNetV3Large, mobileNetV3Small } from "./mobileNetV3.ts";
export { ResNet, resnet18, resnet34, resnet50, resnet101, resnet152 } from "./resnet.ts";
export { SafetensorsError } from "./safetensors/errors.ts";
export type { FloatFormat, SafetensorsDType } from "./safetensors/formats.ts";
export type { TensorInfo } from "./safetensors/header.ts";
export { readSafetensors, type Safetensors, SafetensorsReader, streamSafetensors } from "./safetensors/read.ts";
export { safetensorsChunks, saveSafetensors, type WriteOptions, writeSafetensors } from "./safetensors/write.ts";
export type { TextEncoderOptions, TextInputs } from "./textEncoder.ts";
export { VGG, type VGGOptions, vgg11, vgg13, vgg16, vgg19 } from "./vgg.ts";
export {
  VisionTransformer,
  type VisionTransformerOptions,
  vitBase,
  vitLarge,
  vitSmall,
  vitTiny,
} from "./visionTransformer.ts";
