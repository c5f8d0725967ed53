import { ArgumentError } from "@graftjs/tensor";
import { type AlexNet, type AlexNetOptions, alexNet } from "./alexNet.ts";
import { type Bert, type BertOptions, bert } from "./bert.ts";
import type { ClassifierOptions } from "./classifier.ts";
import {
  type ConvNeXt,
  type ConvNeXtOptions,
  convNeXtBase,
  convNeXtLarge,
  convNeXtSmall,
  convNeXtTiny,
} from "./convNeXt.ts";
import { type DistilBert, type DistilBertOptions, distilBert } from "./distilBert.ts";
import {
  type EfficientNet,
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
import { LeNet } from "./lenet.ts";
import { type MobileNetV2, type MobileNetV2Options, mobileNetV2 } from "./mobileNetV2.ts";
import { type MobileNetV3, type MobileNetV3Options, mobileNetV3Large, mobileNetV3Small } from "./mobileNetV3.ts";
import { type ResNet, resnet18, resnet34, resnet50, resnet101, resnet152 } from "./resnet.ts";
import { type VGG, type VGGOptions, vgg11, vgg13, vgg16, vgg19 } from "./vgg.ts";
import {
  type VisionTransformer,
  type VisionTransformerOptions,
  vitBase,
  vitLarge,
  vitSmall,
  vitTiny,
} from "./visionTransformer.ts";

/** How images become the network's input. */
export interface ImageInput {
  readonly kind: "image";
  readonly channels: number;
  /** Height and width that the weights were trained with. */
  readonly size: number;
  /** What the shorter side is resized to, before the middle is cut out: `size` divided by this. */
  readonly cropFraction: number;
  readonly interpolation: "bilinear" | "bicubic";
  /** Subtracted from each channel of an image in [0, 1]. */
  readonly mean: readonly number[];
  /** What each channel is divided by then. */
  readonly std: readonly number[];
}

/** How texts become the network's input. */
export interface TextInput {
  readonly kind: "text";
  /** Number of tokens that it knows. */
  readonly vocabularySize: number;
  /** The longest text, in tokens. */
  readonly maxPositions: number;
}

/** Pretrained weights: where they are, and under which terms. The package holds none. */
export interface PretrainedWeights {
  /** Repository of the Hugging Face hub. */
  readonly repo: string;
  readonly file: string;
  readonly revision: string;
  /** Whether the file has the default head too, and not the features alone. */
  readonly head: boolean;
  /** SPDX identifier, as the repository states it. */
  readonly license: string;
  /** Options that the network must be made with for these weights. */
  readonly options?: Readonly<Record<string, unknown>>;
}

/** An architecture, and what is known of it. */
export interface ModelEntry<Options, Net> {
  readonly create: (options?: Options) => Net;
  /** Number of parameters, with the default number of classes. */
  readonly parameters: number;
  /** Default number of classes. */
  readonly classes: number;
  readonly input: ImageInput | TextInput;
  readonly weights: PretrainedWeights | null;
}

type Family<Names extends string, Options, Net> = { readonly [Name in Names]: ModelEntry<Options, Net> };

type Size = "Tiny" | "Small" | "Base" | "Large";

/** The type of {@link models}. */
export type Models = Family<"leNet", ClassifierOptions, LeNet> &
  Family<"alexNet", AlexNetOptions, AlexNet> &
  Family<`vgg${11 | 13 | 16 | 19}`, VGGOptions, VGG> &
  Family<`vgg${11 | 13 | 16 | 19}BatchNorm`, Omit<VGGOptions, "batchNorm">, VGG> &
  Family<`resnet${18 | 34 | 50 | 101 | 152}`, ClassifierOptions, ResNet> &
  Family<"mobileNetV2", MobileNetV2Options, MobileNetV2> &
  Family<`mobileNetV3${"Small" | "Large"}`, MobileNetV3Options, MobileNetV3> &
  Family<`efficientNetB${0 | 1 | 2 | 3 | 4 | 5 | 6 | 7}`, EfficientNetOptions, EfficientNet> &
  Family<`convNeXt${Size}`, ConvNeXtOptions, ConvNeXt> &
  Family<`vit${Size}` | `deit${Exclude<Size, "Large">}`, VisionTransformerOptions, VisionTransformer> &
  Family<"bert", BertOptions, Bert> &
  Family<"distilBert", DistilBertOptions, DistilBert>;

/** The name of an architecture of {@link models}. */
export type ModelName = keyof Models;

const imagenet = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };
const inception = { mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] };

function image(options: Partial<ImageInput> = {}): ImageInput {
  const usual = { size: 224, cropFraction: 0.875, interpolation: "bicubic" } as const;
  return { kind: "image", channels: 3, ...usual, ...imagenet, ...options };
}

function timm(name: string, license = "Apache-2.0", options?: PretrainedWeights["options"]): PretrainedWeights {
  return hub(`timm/${name}`, true, license, options);
}

function hub(repo: string, head: boolean, license: string, options?: PretrainedWeights["options"]): PretrainedWeights {
  return { repo, file: "model.safetensors", revision: "main", head, license, ...(options && { options }) };
}

function torchvision(name: string): PretrainedWeights {
  return timm(`${name}.tv_in1k`, "BSD-3-Clause");
}

function entry<Options, Net>(
  create: (options?: Options) => Net,
  parameters: number,
  input: ImageInput | TextInput,
  weights: PretrainedWeights | null,
  classes = 1000,
): ModelEntry<Options, Net> {
  return { create, parameters, classes, input, weights };
}

function normalized(create: (options: VGGOptions) => VGG): (options?: Omit<VGGOptions, "batchNorm">) => VGG {
  return (options = {}) => create({ ...options, batchNorm: true });
}

const bilinear = image({ interpolation: "bilinear" });
const vit = image({ ...inception, cropFraction: 0.9 });
const deit = image({ cropFraction: 0.9 });
const text: TextInput = { kind: "text", vocabularySize: 30522, maxPositions: 512 };
// timm trained MobileNetV3 with PyTorch's default.
const eps = { eps: 1e-5 };

/**
 * All architectures by name. Counts of parameters are the published ones. Weights come from the Hugging Face hub, from
 * timm's repositories (whose VGG and ResNet weights are torchvision's) and those of the authors; what image networks need
 * is timm's configuration of them. `null`: nobody publishes weights as safetensors.
 * Source: https://github.com/huggingface/pytorch-image-models, https://pytorch.org/vision/stable/models.html
 */
export const models: Models = {
  leNet: entry(
    (options?: ClassifierOptions) => new LeNet(options),
    60_074,
    { ...bilinear, channels: 1, size: 28, cropFraction: 1, mean: [0.1307], std: [0.3081] },
    null,
    10,
  ),
  alexNet: entry(alexNet, 61_100_840, bilinear, null),
  vgg11: entry(vgg11, 132_863_336, bilinear, torchvision("vgg11")),
  vgg11BatchNorm: entry(normalized(vgg11), 132_868_840, bilinear, torchvision("vgg11_bn")),
  vgg13: entry(vgg13, 133_047_848, bilinear, torchvision("vgg13")),
  vgg13BatchNorm: entry(normalized(vgg13), 133_053_736, bilinear, torchvision("vgg13_bn")),
  vgg16: entry(vgg16, 138_357_544, bilinear, torchvision("vgg16")),
  vgg16BatchNorm: entry(normalized(vgg16), 138_365_992, bilinear, torchvision("vgg16_bn")),
  vgg19: entry(vgg19, 143_667_240, bilinear, torchvision("vgg19")),
  vgg19BatchNorm: entry(normalized(vgg19), 143_678_248, bilinear, torchvision("vgg19_bn")),
  resnet18: entry(resnet18, 11_689_512, bilinear, torchvision("resnet18")),
  resnet34: entry(resnet34, 21_797_672, bilinear, torchvision("resnet34")),
  resnet50: entry(resnet50, 25_557_032, bilinear, torchvision("resnet50")),
  resnet101: entry(resnet101, 44_549_160, bilinear, torchvision("resnet101")),
  resnet152: entry(resnet152, 60_192_808, bilinear, torchvision("resnet152")),
  mobileNetV2: entry(mobileNetV2, 3_504_872, image(), timm("mobilenetv2_100.ra_in1k")),
  mobileNetV3Small: entry(
    mobileNetV3Small,
    2_542_856,
    image(),
    timm("mobilenetv3_small_100.lamb_in1k", "Apache-2.0", eps),
  ),
  mobileNetV3Large: entry(
    mobileNetV3Large,
    5_483_032,
    image(),
    timm("mobilenetv3_large_100.ra_in1k", "Apache-2.0", eps),
  ),
  efficientNetB0: entry(efficientNetB0, 5_288_548, image(), timm("efficientnet_b0.ra_in1k")),
  efficientNetB1: entry(efficientNetB1, 7_794_184, image(), timm("efficientnet_b1.ft_in1k")),
  efficientNetB2: entry(efficientNetB2, 9_109_994, image({ size: 256 }), timm("efficientnet_b2.ra_in1k")),
  efficientNetB3: entry(efficientNetB3, 12_233_232, image({ size: 288 }), timm("efficientnet_b3.ra2_in1k")),
  efficientNetB4: entry(efficientNetB4, 19_341_616, image({ size: 320 }), timm("efficientnet_b4.ra2_in1k")),
  efficientNetB5: entry(efficientNetB5, 30_389_784, image({ size: 456 }), null),
  efficientNetB6: entry(efficientNetB6, 43_040_704, image({ size: 528 }), null),
  efficientNetB7: entry(efficientNetB7, 66_347_960, image({ size: 600 }), null),
  convNeXtTiny: entry(convNeXtTiny, 28_589_128, image(), timm("convnext_tiny.fb_in1k")),
  convNeXtSmall: entry(convNeXtSmall, 50_223_688, image(), timm("convnext_small.fb_in1k")),
  convNeXtBase: entry(convNeXtBase, 88_591_464, image(), timm("convnext_base.fb_in1k")),
  convNeXtLarge: entry(convNeXtLarge, 197_767_336, image(), timm("convnext_large.fb_in1k")),
  vitTiny: entry(vitTiny, 5_717_416, vit, timm("vit_tiny_patch16_224.augreg_in21k_ft_in1k")),
  vitSmall: entry(vitSmall, 22_050_664, vit, timm("vit_small_patch16_224.augreg_in21k_ft_in1k")),
  vitBase: entry(vitBase, 86_567_656, vit, timm("vit_base_patch16_224.augreg2_in21k_ft_in1k")),
  vitLarge: entry(vitLarge, 304_326_632, vit, timm("vit_large_patch16_224.augreg_in21k_ft_in1k")),
  deitTiny: entry(vitTiny, 5_717_416, deit, timm("deit_tiny_patch16_224.fb_in1k")),
  deitSmall: entry(vitSmall, 22_050_664, deit, timm("deit_small_patch16_224.fb_in1k")),
  deitBase: entry(vitBase, 86_567_656, deit, timm("deit_base_patch16_224.fb_in1k")),
  bert: entry(bert, 109_483_778, text, hub("google-bert/bert-base-uncased", false, "Apache-2.0"), 2),
  distilBert: entry(distilBert, 66_955_010, text, hub("distilbert/distilbert-base-uncased", false, "Apache-2.0"), 2),
};

/**
 * A network by its name in {@link models}, with freshly drawn weights.
 * @throws {ArgumentError} if there is none of that name.
 *
 * @example
 * ```ts
 * import { createModel } from "@graftjs/models";
 *
 * const net = createModel("mobileNetV3Small", { classes: 7 });
 * console.log(net.getClassifier().weight.shape); // [7, 1024]
 * ```
 */
export function createModel<Name extends ModelName>(
  name: Name,
  options?: Parameters<Models[Name]["create"]>[0],
): ReturnType<Models[Name]["create"]> {
  const { create } = modelEntry(name) as { readonly create: (given?: typeof options) => unknown };
  return create(options) as ReturnType<Models[Name]["create"]>;
}

/** What is known of the architecture of that name. @throws {ArgumentError} if there is none. */
export function modelEntry<Name extends ModelName>(name: Name): Models[Name] {
  if (!Object.hasOwn(models, name)) {
    throw new ArgumentError({ op: "createModel", expected: `one of ${Object.keys(models).join(", ")}`, got: name });
  }
  return models[name];
}
