import { z } from "zod";
import { assertImage, type Image } from "../image.ts";
import type { RandomStream } from "../random.ts";

/** Mirrors left and right with probability `probability`. */
export interface HorizontalFlip {
  readonly name: "horizontalFlip";
  readonly probability: number;
}

export const horizontalFlipSchema: z.ZodType<HorizontalFlip> = z.strictObject({
  name: z.literal("horizontalFlip"),
  probability: z.number().min(0).max(1).default(0.5),
});

/**
 * Mirrors an image left to right.
 *
 * @example
 * ```ts
 * import { horizontalFlip } from "@graftjs/data";
 *
 * const image = { width: 3, height: 1, channels: 1, data: Uint8Array.of(1, 2, 3) } as const;
 * console.log(horizontalFlip(image).data); // [3, 2, 1]
 * ```
 */
export function horizontalFlip(image: Image): Image {
  assertImage(image, "horizontalFlip");
  const { width, height, channels, data: input } = image;
  const data = new Uint8Array(input.length);
  for (let y = 0; y < height; y++) {
    const row = y * width * channels;
    for (let x = 0; x < width; x++) {
      const from = row + x * channels;
      const to = row + (width - 1 - x) * channels;
      for (let c = 0; c < channels; c++) data[to + c] = input[from + c] as number;
    }
  }
  return { width, height, channels, data };
}

/**
 * Draws whether to mirror, and does.
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.RandomHorizontalFlip.html
 */
export function randomHorizontalFlip(image: Image, { probability }: HorizontalFlip, random: RandomStream): Image {
  return random.uniform() < probability ? horizontalFlip(image) : image;
}
