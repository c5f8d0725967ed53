import { z } from "zod";
import { crop, type Image, roundHalfEven, type Size } from "../image.ts";
import { sizeSchema } from "./resize.ts";

/** Cuts out the middle. */
export interface CenterCrop {
  readonly name: "centerCrop";
  readonly size: Size;
}

export const centerCropSchema: z.ZodType<CenterCrop> = z.strictObject({
  name: z.literal("centerCrop"),
  size: sizeSchema,
});

/**
 * Where a centred crop begins: `round((length − target) / 2)`, halves to even; before the image (negative) if that is
 * shorter than the crop, in which case the odd pixel of padding goes to the end.
 */
export function centerOffset(length: number, target: number): number {
  return length < target ? -Math.floor((target - length) / 2) : roundHalfEven((length - target) / 2);
}

/**
 * Cuts `size` pixels out of the middle of an image; what is missing is black.
 * @throws TransformError for a size that is not of positive integers.
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.CenterCrop.html
 *
 * @example
 * ```ts
 * import { centerCrop } from "@graftjs/data";
 *
 * const image = { width: 4, height: 1, channels: 1, data: Uint8Array.of(1, 2, 3, 4) } as const;
 * console.log(centerCrop(image, { height: 1, width: 2 }).data); // [2, 3]
 * ```
 */
export function centerCrop(image: Image, size: Size): Image {
  const left = centerOffset(image.width, size.width);
  const top = centerOffset(image.height, size.height);
  return crop(image, { left, top, width: size.width, height: size.height });
}
