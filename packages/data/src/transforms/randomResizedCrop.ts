import { z } from "zod";
import { crop, type Image, type Region, roundHalfEven, type Size } from "../image.ts";
import type { RandomStream } from "../random.ts";
import { type Kernel, resize } from "../resize.ts";
import { kernelSchema, sizeSchema } from "./resize.ts";

/** Cuts out a place of random area and shape, and resizes it to `size`. */
export interface RandomResizedCrop {
  readonly name: "randomResizedCrop";
  readonly size: Size;
  /** Least and greatest share of the image's area. */
  readonly scale: readonly [number, number];
  /** Least and greatest width / height of the crop. */
  readonly ratio: readonly [number, number];
  readonly kernel: Kernel;
}

const ordered = ([low, high]: [number, number]): boolean => low <= high;

export const randomResizedCropSchema: z.ZodType<RandomResizedCrop> = z.strictObject({
  name: z.literal("randomResizedCrop"),
  size: sizeSchema,
  scale: z
    .tuple([z.number().positive().max(1), z.number().positive().max(1)])
    .refine(ordered, "the least comes first")
    .default([0.08, 1]),
  ratio: z
    .tuple([z.number().positive(), z.number().positive()])
    .refine(ordered, "the least comes first")
    .default([3 / 4, 4 / 3]),
  kernel: kernelSchema.default("bilinear"),
});

/**
 * Cuts out a random part of an image and resizes it: area drawn uniformly from `scale` times the image's, log of the
 * aspect ratio uniformly from the logs of `ratio`, ten tries, then the largest centred part of an allowed ratio.
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.RandomResizedCrop.html
 */
export function randomResizedCrop(
  image: Image,
  { size, scale = [0.08, 1], ratio = [3 / 4, 4 / 3], kernel = "bilinear" }: Partial<RandomResizedCrop> & { size: Size },
  random: RandomStream,
): Image {
  return resize(crop(image, drawRegion(image, scale, ratio, random)), size, kernel);
}

/** The part to take; exported for its test. */
export function drawRegion(
  image: Size,
  scale: readonly [number, number],
  ratio: readonly [number, number],
  random: RandomStream,
): Region {
  const area = image.width * image.height;
  for (let attempt = 0; attempt < 10; attempt++) {
    const target = area * random.uniform(...scale);
    const aspect = Math.exp(random.uniform(Math.log(ratio[0]), Math.log(ratio[1])));
    const width = roundHalfEven(Math.sqrt(target * aspect));
    const height = roundHalfEven(Math.sqrt(target / aspect));
    if (width > 0 && width <= image.width && height > 0 && height <= image.height) {
      const top = random.integer(image.height - height + 1);
      const left = random.integer(image.width - width + 1);
      return { left, top, width, height };
    }
  }
  const aspect = image.width / image.height;
  let { width, height } = image;
  if (aspect < ratio[0]) height = Math.max(roundHalfEven(width / ratio[0]), 1);
  else if (aspect > ratio[1]) width = Math.max(roundHalfEven(height * ratio[1]), 1);
  return {
    left: Math.floor((image.width - width) / 2),
    top: Math.floor((image.height - height) / 2),
    width,
    height,
  };
}
