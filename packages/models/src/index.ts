export type { Classifier, ClassifierOptions } from "./classifier.ts";
export { LeNet } from "./lenet.ts";
export { MobileNetV2, type MobileNetV2Options, mobileNetV2 } from "./mobileNetV2.ts";
export { ResNet, resnet18, resnet34, resnet50 } from "./resnet.ts";
export { readSafetensors, type Safetensors, SafetensorsError, writeSafetensors } from "./safetensors.ts";
