import { ImageDecodeError } from "../errors.ts";
import type { Image } from "../image.ts";
import { readUnpremultiplied } from "./readUnpremultiplied.ts";

/**
 * Decodes an image with the browser's own decoder to 8-bit RGB: EXIF orientation applied, alpha dropped, colour
 * profiles ignored. In Chromium the bytes are those that `@graftjs/data/node` gives, but for CMYK, where they differ
 * by 1 at most; images with transparency need WebGL for it.
 *
 * @param name what to call the image in an error; the file's name unless given.
 * @throws ImageDecodeError that names the image, if it is none, is damaged or cut short.
 */
export async function decodeImage(source: Blob, name: string = nameOf(source)): Promise<Image> {
  const bitmap = await createImageBitmap(source, {
    imageOrientation: "from-image",
    premultiplyAlpha: "none",
    colorSpaceConversion: "none",
  }).catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ImageDecodeError(name, reason.replace(/\.$/, ""), { cause });
  });
  try {
    const { width, height } = bitmap;
    const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
    if (!context) throw new ImageDecodeError(name, "the browser gives no canvas of this size");
    context.drawImage(bitmap, 0, 0);
    const drawn = context.getImageData(0, 0, width, height).data;
    // A canvas multiplies colours by alpha, and so loses those of transparent pixels.
    const pixels = isOpaque(drawn) ? drawn : (readUnpremultiplied(bitmap) ?? drawn);
    return { width, height, channels: 3, data: dropAlpha(pixels) };
  } finally {
    bitmap.close();
  }
}

function nameOf(source: Blob): string {
  return source instanceof File ? source.name : "from a blob";
}

function isOpaque(rgba: ArrayLike<number>): boolean {
  for (let i = 3; i < rgba.length; i += 4) if (rgba[i] !== 255) return false;
  return true;
}

function dropAlpha(rgba: ArrayLike<number>): Uint8Array {
  const rgb = new Uint8Array((rgba.length / 4) * 3);
  for (let from = 0, to = 0; from < rgba.length; from += 4, to += 3) {
    rgb[to] = rgba[from] as number;
    rgb[to + 1] = rgba[from + 1] as number;
    rgb[to + 2] = rgba[from + 2] as number;
  }
  return rgb;
}
