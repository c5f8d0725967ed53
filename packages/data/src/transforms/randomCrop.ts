import { z } from "zod";
import { TransformError } from "../errors.ts";
import { crop, type Image, type Size } from "../image.ts";
import type { RandomStream } from "../random.ts";
import { sizeSchema } from "./resize.ts";

/** Cuts out a place drawn at random, after padding each side with `padding` black pixels. */
export interface RandomCrop {
  readonly name: "randomCrop";
  readonly size: Size;
  readonly padding: number;
}

export const randomCropSchema: z.ZodType<RandomCrop> = z.strictObject({
  name: z.literal("randomCrop"),
  size: sizeSchema,
  padding: z.int().min(0).max(65535).default(0),
});

/**
 * Cuts `size` pixels out of an image at a uniformly drawn place.
 * @throws TransformError if the padded image is smaller than the crop.
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.RandomCrop.html
 */
export function randomCrop(
  image: Image,
  { size, padding = 0 }: Partial<RandomCrop> & { size: Size },
  random: RandomStream,
): Image {
  const freeX = image.width + 2 * padding - size.width;
  const freeY = image.height + 2 * padding - size.height;
  if (freeX < 0 || freeY < 0) {
    const expected = `an image of at least ${size.width} × ${size.height}`;
    const got = `${image.width} × ${image.height}, padded by ${padding}`;
    const help = "Resize first, or pad.";
    throw new TransformError(`randomCrop: expected ${expected}, got ${got}. ${help}`, {
      op: "randomCrop",
      expected,
      got,
      help,
    });
  }
  const top = random.integer(freeY + 1) - padding;
  const left = random.integer(freeX + 1) - padding;
  return crop(image, { left, top, width: size.width, height: size.height });
}
