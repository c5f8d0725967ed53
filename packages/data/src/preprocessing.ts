import { z } from "zod";
import { PreprocessingError, PreprocessingMismatchError } from "./errors.ts";
import { grayscale, type Image, roundHalfEven, type Size } from "./image.ts";
import { type Kernel, resize } from "./resize.ts";
import { centerOffset } from "./transforms/centerCrop.ts";
import { type Normalization, normalize } from "./transforms/normalize.ts";
import { kernelSchema, pixels, shorterSideSize, sizeSchema } from "./transforms/resize.ts";

/** How an image is brought to size before it is cropped. */
export type ResizeRule = ({ readonly shorterSide: number } | { readonly exact: Size }) & {
  readonly kernel: Kernel;
  /** Always true: kernels are stretched when they shrink, as Pillow's are. */
  readonly antialias: true;
};

/**
 * Everything between a decoded image and a network's input, as data. It travels with the model, so that training,
 * evaluation and prediction, in Node and in browsers, feed the network the same numbers.
 */
export interface Preprocessing extends Normalization {
  readonly version: 1;
  /** Height and width of the network's input. */
  readonly size: Size;
  readonly resize: ResizeRule;
  /** `center` cuts `size` out of the middle of the resized image; with `none` the resize is exact and gives `size`. */
  readonly crop: "center" | "none";
  /** Order of the input's planes; `L` is one plane of luma. */
  readonly channelOrder: "RGB" | "BGR" | "L";
  readonly layout: "NCHW";
}

const shared = { kernel: kernelSchema, antialias: z.literal(true) };

const schema: z.ZodType<Preprocessing> = z
  .strictObject({
    version: z.literal(1),
    size: sizeSchema,
    resize: z.union([
      z.strictObject({ shorterSide: pixels, ...shared }),
      z.strictObject({ exact: sizeSchema, ...shared }),
    ]),
    crop: z.enum(["center", "none"]),
    channelOrder: z.enum(["RGB", "BGR", "L"]),
    divisor: z.number().positive(),
    mean: z.array(z.number()),
    std: z.array(z.number().refine((value) => value !== 0, "must not be 0")),
    layout: z.literal("NCHW"),
  })
  .superRefine((contract, context) => {
    const { size, resize, crop, mean, std } = contract;
    const channels = channelsOf(contract);
    for (const [name, list] of Object.entries({ mean, std })) {
      if (list.length !== channels) {
        const message = `needs ${channels} values for channel order ${contract.channelOrder}, has ${list.length}`;
        context.addIssue({ code: "custom", path: [name], message });
      }
    }
    const resized = "exact" in resize ? resize.exact : { height: resize.shorterSide, width: resize.shorterSide };
    if (crop === "none" && !("exact" in resize && resized.height === size.height && resized.width === size.width)) {
      context.addIssue({
        code: "custom",
        path: ["crop"],
        message: "without a crop, resize must be exact and equal size",
      });
    }
    if (resized.height < size.height || resized.width < size.width) {
      context.addIssue({ code: "custom", path: ["resize"], message: "must not be smaller than size" });
    }
  });

/** How many channels a contract's input has: 3, or 1 for `L`. */
export function channelsOf({ channelOrder }: Pick<Preprocessing, "channelOrder">): 1 | 3 {
  return channelOrder === "L" ? 1 : 3;
}

/**
 * The shape of one preprocessed image: [channels, height, width].
 *
 * @example
 * ```ts
 * import { imagenet, sampleShape, unit } from "@graftjs/data";
 *
 * console.log(sampleShape(imagenet(224)), sampleShape(unit(28, 1))); // [3, 224, 224] [1, 28, 28]
 * ```
 */
export function sampleShape(contract: Preprocessing): [number, number, number] {
  return [channelsOf(contract), contract.size.height, contract.size.width];
}

/**
 * Checks a contract that came from outside: a JSON file, a model's metadata.
 * @throws PreprocessingError that names each field that is wrong.
 *
 * @example
 * ```ts
 * import { parsePreprocessing, unit } from "@graftjs/data";
 *
 * const contract = parsePreprocessing(JSON.parse(JSON.stringify(unit(28, 1))));
 * console.log(contract.channelOrder, contract.size); // "L" { height: 28, width: 28 }
 * ```
 */
export function parsePreprocessing(value: unknown): Preprocessing {
  if (typeof value === "object" && value !== null && "version" in value && value.version !== 1) {
    const got = `version ${JSON.stringify(value.version)}`;
    const help = "Use a newer Graft, or write the contract anew.";
    throw new PreprocessingError(`preprocessing contract: expected version 1, got ${got}. ${help}`, {
      expected: "version 1",
      got,
      help,
    });
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const got = result.error.issues.map(({ path, message }) => `${path.join(".") || "the whole"}: ${message}`).join("; ");
  const expected = "the fields of `Preprocessing`";
  throw new PreprocessingError(`preprocessing contract is not valid: ${got}.`, { expected, got });
}

/**
 * Does what the contract says: channels, resize, crop, normalisation.
 * @returns float32 planes [channels, height, width].
 *
 * @example
 * ```ts
 * import { preprocess, unit } from "@graftjs/data";
 *
 * const image = { width: 320, height: 240, channels: 3, data: new Uint8Array(320 * 240 * 3) } as const;
 * console.log(preprocess(image, unit(224)).length === 3 * 224 * 224); // true
 * ```
 */
export function preprocess(image: Image, contract: Preprocessing): Float32Array {
  return normalizeAs(resizeAndCrop(toChannels(image, contract), contract), contract);
}

/** Brings an image to the contract's number of channels; this comes before the resize, as in Pillow's pipelines. */
export function toChannels(image: Image, contract: Preprocessing): Image {
  if (channelsOf(contract) === 1) return grayscale(image);
  if (image.channels === 3) return image;
  const { width, height } = image;
  const data = new Uint8Array(image.data.length * 3);
  for (let i = 0; i < image.data.length; i++) data.fill(image.data[i] as number, i * 3, i * 3 + 3);
  return { width, height, channels: 3, data };
}

/** Resize and crop in one go: pixels that the crop throws away are never computed. */
export function resizeAndCrop(image: Image, { size, resize: rule }: Preprocessing): Image {
  const resized = "exact" in rule ? rule.exact : shorterSideSize(image, rule.shorterSide);
  const region = {
    left: centerOffset(resized.width, size.width),
    top: centerOffset(resized.height, size.height),
    width: size.width,
    height: size.height,
  };
  return resize(image, resized, rule.kernel, region);
}

/**
 * The contract's last step.
 * @throws PreprocessingMismatchError if the image does not have the contract's size.
 */
export function normalizeAs(image: Image, contract: Preprocessing): Float32Array {
  const { size, channelOrder } = contract;
  if (image.width !== size.width || image.height !== size.height) {
    const expected = `${size.width} × ${size.height} pixels, the contract's size`;
    const got = `${image.width} × ${image.height}`;
    const help = "The last resize or crop of an augmentation must give the contract's size.";
    throw new PreprocessingMismatchError(`preprocess: expected ${expected}, got ${got}. ${help}`, {
      op: "preprocess",
      expected,
      got,
      help,
    });
  }
  return normalize(image, contract, channelOrder === "BGR" ? [2, 1, 0] : undefined);
}

/**
 * Checks that a model takes what the contract gives.
 * @param inputShape [N, C, H, W]; what is not a number (a symbolic or unknown dimension) fits anything.
 * @throws PreprocessingMismatchError
 *
 * @example
 * ```ts
 * import { assertInputShape, imagenet, PreprocessingMismatchError } from "@graftjs/data";
 *
 * assertInputShape(imagenet(224), ["N", 3, 224, 224]); // fits
 * try {
 *   assertInputShape(imagenet(224), ["N", 1, 28, 28]);
 * } catch (error) {
 *   console.log(error instanceof PreprocessingMismatchError); // true
 * }
 * ```
 */
export function assertInputShape(contract: Preprocessing, inputShape: readonly unknown[]): void {
  const given = ["N", ...sampleShape(contract)];
  const fits =
    inputShape.length === 4 &&
    given.every((size, axis) => {
      const wanted = inputShape[axis];
      return axis === 0 || typeof wanted !== "number" || wanted === size;
    });
  if (fits) return;
  const expected = `[${inputShape.map((size) => String(size ?? "?")).join(", ")}], the model's input`;
  const got = `[${given.join(", ")}]`;
  const help = "Use the preprocessing that the model was trained with, at the model's input size.";
  throw new PreprocessingMismatchError(`preprocessing: expected ${expected}, got ${got}. ${help}`, {
    op: "preprocess",
    expected,
    got,
    help,
  });
}

/** The size to which ImageNet pipelines resize the shorter side before they crop `size`: 256 for 224, and in proportion. */
export function resizeFor(size: number): number {
  return roundHalfEven((size * 256) / 224);
}
