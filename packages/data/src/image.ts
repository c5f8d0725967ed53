import { TransformError } from "./errors.ts";

/** An 8-bit image: `height` rows of `width` pixels of `channels` interleaved samples (3: red, green, blue; 1: grey). */
export interface Image {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly data: Uint8Array;
}

/** A height and a width in pixels. */
export interface Size {
  readonly height: number;
  readonly width: number;
}

/** A rectangle of pixels; `left` and `top` may lie outside an image. */
export interface Region extends Size {
  readonly left: number;
  readonly top: number;
}

/**
 * Checks that an image is what it says: positive sides, and as many bytes as its shape asks for.
 * @throws TransformError
 */
export function assertImage(image: Image, op: string): void {
  const { width, height, channels, data } = image;
  assertSize({ width, height }, op);
  if ((channels !== 1 && channels !== 3) || data.length !== width * height * channels) {
    const expected = "1 or 3 channels and width × height × channels bytes";
    const got = `${width} × ${height} × ${channels} with ${data.length} bytes`;
    throw new TransformError(`${op}: expected an image of ${expected}, got ${got}.`, { op, expected, got });
  }
}

/**
 * Checks that a size is of two positive integers.
 * @throws TransformError
 */
export function assertSize({ width, height }: Size, op: string): void {
  if (!Number.isInteger(width) || !Number.isInteger(height) || width < 1 || height < 1) {
    const expected = "a width and a height of at least 1 pixel, both integers";
    const got = `${width} × ${height}`;
    throw new TransformError(`${op}: expected ${expected}, got ${got}.`, { op, expected, got });
  }
}

/**
 * Cuts a region out of an image; what lies outside the image is black, as with Pillow's `Image.crop`.
 *
 * @example
 * ```ts
 * import { crop } from "@graftjs/data";
 *
 * const image = { width: 3, height: 1, channels: 1, data: Uint8Array.of(1, 2, 3) } as const;
 * console.log(crop(image, { left: 1, top: 0, width: 3, height: 1 }).data); // [2, 3, 0]
 * ```
 */
export function crop(image: Image, region: Region): Image {
  assertImage(image, "crop");
  assertSize(region, "crop");
  const { left, top, width, height } = region;
  const { channels } = image;
  const data = new Uint8Array(width * height * channels);
  const fromX = Math.max(left, 0);
  const toX = Math.min(left + width, image.width);
  const fromY = Math.max(top, 0);
  const toY = Math.min(top + height, image.height);
  if (fromX < toX) {
    for (let y = fromY; y < toY; y++) {
      const row = y * image.width;
      const target = ((y - top) * width + (fromX - left)) * channels;
      data.set(image.data.subarray((row + fromX) * channels, (row + toX) * channels), target);
    }
  }
  return { width, height, channels, data };
}

/**
 * Luma of an RGB image, ITU-R 601-2: `L = (19595 R + 38470 G + 7471 B + 2^15) >> 16`, equal to Pillow's `convert("L")`.
 * A grey image comes back as it is.
 *
 * @example
 * ```ts
 * import { grayscale } from "@graftjs/data";
 *
 * const red = { width: 1, height: 1, channels: 3, data: Uint8Array.of(255, 0, 0) } as const;
 * console.log(grayscale(red).data); // [76]
 * ```
 */
export function grayscale(image: Image): Image {
  assertImage(image, "grayscale");
  if (image.channels === 1) return image;
  const { width, height, data: rgb } = image;
  const data = new Uint8Array(width * height);
  for (let i = 0, p = 0; i < data.length; i++, p += 3) {
    const [r, g, b] = [rgb[p] as number, rgb[p + 1] as number, rgb[p + 2] as number];
    data[i] = (19595 * r + 38470 * g + 7471 * b + 32768) >> 16;
  }
  return { width, height, channels: 1, data };
}

/** Rounds to the nearest integer, halves to the even one, as Python's `round`. */
export function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const fraction = value - floor;
  if (fraction !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
