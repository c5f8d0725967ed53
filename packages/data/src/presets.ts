import { PreprocessingError, PreprocessingMismatchError } from "./errors.ts";
import type { Size } from "./image.ts";
import { type Preprocessing, parsePreprocessing, resizeFor } from "./preprocessing.ts";
import type { Normalization } from "./transforms/normalize.ts";

/** Names of the presets. */
export type PresetName = "imagenet" | "unit" | "signed";

const normalizations: Readonly<Record<PresetName, Readonly<Record<1 | 3, Normalization>>>> = {
  imagenet: {
    3: { divisor: 255, mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
    1: { divisor: 255, mean: [0.449], std: [0.226] },
  },
  unit: {
    3: { divisor: 255, mean: [0, 0, 0], std: [1, 1, 1] },
    1: { divisor: 255, mean: [0], std: [1] },
  },
  signed: {
    3: { divisor: 127.5, mean: [1, 1, 1], std: [1, 1, 1] },
    1: { divisor: 127.5, mean: [1], std: [1] },
  },
};

/** All preset names. */
export const presetNames: readonly PresetName[] = ["imagenet", "unit", "signed"];

function preset(name: PresetName, size: number | Size, channels: 1 | 3): Preprocessing {
  const { height, width } = typeof size === "number" ? { height: size, width: size } : size;
  const rule = { kernel: "bilinear", antialias: true } as const;
  const square = height === width;
  return parsePreprocessing({
    version: 1,
    size: { height, width },
    resize: square
      ? { shorterSide: resizeFor(height), ...rule }
      : { exact: { height: resizeFor(height), width: resizeFor(width) }, ...rule },
    crop: "center",
    channelOrder: channels === 1 ? "L" : "RGB",
    ...normalizations[name][channels],
    layout: "NCHW",
  });
}

/**
 * What torchvision's ImageNet networks take: shorter side to 256 (bilinear, antialiased), middle 224, `x / 255`, less
 * the mean and over the standard deviation of ImageNet. At another size the resize keeps the proportion 256 : 224.
 * @see https://docs.pytorch.org/vision/stable/models.html
 *
 * @example
 * ```ts
 * import { imagenet } from "@graftjs/data";
 *
 * const { size, resize, mean } = imagenet();
 * console.log(size, resize); // { height: 224, width: 224 } { shorterSide: 256, kernel: "bilinear", antialias: true }
 * console.log(mean); // [0.485, 0.456, 0.406]
 * ```
 */
export function imagenet(size: number | Size = 224, channels: 1 | 3 = 3): Preprocessing {
  return preset("imagenet", size, channels);
}

/**
 * Pixels from 0 to 1: `x / 255`; resize and crop as {@link imagenet}.
 *
 * @example
 * ```ts
 * import { preprocess, unit } from "@graftjs/data";
 *
 * const image = { width: 1, height: 1, channels: 3, data: Uint8Array.of(0, 51, 255) } as const;
 * console.log(preprocess(image, unit(1))); // [0, 0.2, 1]
 * ```
 */
export function unit(size: number | Size = 224, channels: 1 | 3 = 3): Preprocessing {
  return preset("unit", size, channels);
}

/**
 * Pixels from −1 to 1: `x / 127.5 − 1`, as TensorFlow's MobileNets take; resize and crop as {@link imagenet}.
 *
 * @example
 * ```ts
 * import { preprocess, signed } from "@graftjs/data";
 *
 * const image = { width: 1, height: 1, channels: 3, data: Uint8Array.of(0, 51, 255) } as const;
 * console.log(preprocess(image, signed(1))); // [-1, -0.6, 1]
 * ```
 */
export function signed(size: number | Size = 224, channels: 1 | 3 = 3): Preprocessing {
  return preset("signed", size, channels);
}

/**
 * A preset at the size and channels of a model's input.
 * @param inputShape [N, C, H, W]; a height or width that is not a number is taken as 224, a channel count as 3.
 * @throws PreprocessingError for a name that is no preset.
 * @throws PreprocessingMismatchError for an input that is not of images.
 *
 * @example
 * ```ts
 * import { presetFor } from "@graftjs/data";
 *
 * const { size, channelOrder } = presetFor("unit", ["N", 1, 28, 28]);
 * console.log(size, channelOrder); // { height: 28, width: 28 } "L"
 * ```
 */
export function presetFor(name: string, inputShape: readonly unknown[]): Preprocessing {
  if (!Object.hasOwn(normalizations, name)) {
    const expected = `one of ${presetNames.join(", ")}`;
    throw new PreprocessingError(`preprocessing preset: expected ${expected}, got "${name}".`, { expected, got: name });
  }
  const [, channels, height, width] = inputShape;
  const count = typeof channels === "number" ? channels : 3;
  if (inputShape.length !== 4 || (count !== 1 && count !== 3)) {
    const expected = "a model input [N, C, H, W] with 1 or 3 channels";
    const got = `[${inputShape.map((size) => String(size ?? "?")).join(", ")}]`;
    const help = "Image preprocessing needs a model that takes images, channels first.";
    throw new PreprocessingMismatchError(`preprocessing: expected ${expected}, got ${got}. ${help}`, {
      op: "presetFor",
      expected,
      got,
      help,
    });
  }
  const side = (value: unknown): number => (typeof value === "number" ? value : 224);
  return preset(name as PresetName, { height: side(height), width: side(width) }, count);
}
