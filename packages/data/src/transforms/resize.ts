import { z } from "zod";
import type { Image, Size } from "../image.ts";
import { type Kernel, kernels, resize } from "../resize.ts";

/** Resizes: to an exact size, or so that the shorter side gets a length and the shape is kept. */
export interface Resize {
  readonly name: "resize";
  readonly size: number | Size;
  readonly kernel: Kernel;
}

export const kernelSchema: z.ZodType<Kernel> = z.enum(kernels as [Kernel, ...Kernel[]]);
export const pixels: z.ZodNumber = z.int().min(1).max(65535);
export const sizeSchema: z.ZodType<Size> = z.strictObject({ height: pixels, width: pixels });

export const resizeSchema: z.ZodType<Resize> = z.strictObject({
  name: z.literal("resize"),
  size: z.union([pixels, sizeSchema]),
  kernel: kernelSchema.default("bilinear"),
});

/**
 * The size that an image gets when its shorter side is brought to `shorterSide`: the longer one becomes
 * `trunc(shorterSide · longer / shorter)`.
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.Resize.html
 */
export function shorterSideSize({ height, width }: Size, shorterSide: number): Size {
  return width <= height
    ? { width: shorterSide, height: Math.trunc((shorterSide * height) / width) }
    : { width: Math.trunc((shorterSide * width) / height), height: shorterSide };
}

/**
 * Resizes an image so that its shorter side has `shorterSide` pixels, the shape kept.
 * @param kernel `bilinear` unless told otherwise, antialiased when it shrinks.
 * @throws TransformError for a length that is not a positive integer.
 *
 * @example
 * ```ts
 * import { resizeShorterSide } from "@graftjs/data";
 *
 * const image = { width: 320, height: 240, channels: 1, data: new Uint8Array(320 * 240) } as const;
 * const { width, height } = resizeShorterSide(image, 60);
 * console.log(width, height); // 80 60
 * ```
 */
export function resizeShorterSide(image: Image, shorterSide: number, kernel: Kernel = "bilinear"): Image {
  return resize(image, shorterSideSize(image, shorterSide), kernel);
}

export function applyResize(image: Image, { size, kernel }: Resize): Image {
  return typeof size === "number" ? resizeShorterSide(image, size, kernel) : resize(image, size, kernel);
}
