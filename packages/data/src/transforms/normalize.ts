import { TransformError } from "../errors.ts";
import { assertImage, type Image } from "../image.ts";

/** `(pixel / divisor − mean) / std`, channel by channel, each step rounded to float32. */
export interface Normalization {
  /** What pixels are divided by: 255 brings them to 0 … 1. */
  readonly divisor: number;
  /** One value a channel. */
  readonly mean: readonly number[];
  /** One value a channel, none of them 0. */
  readonly std: readonly number[];
}

/**
 * Turns an 8-bit image, interleaved, into float32 planes [channels, height, width]:
 * `(pixel / divisor − mean[c]) / std[c]` in float32 arithmetic, the same bits as NumPy's and PyTorch's.
 *
 * @param order which channel of the image each plane takes; `[0, 1, 2]` (RGB) unless told otherwise.
 * @throws TransformError if the image has another number of channels than `mean` and `std`.
 *
 * @example
 * ```ts
 * import { normalize } from "@graftjs/data";
 *
 * const image = { width: 1, height: 1, channels: 3, data: Uint8Array.of(0, 127, 255) } as const;
 * console.log(normalize(image, { divisor: 255, mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] })); // [-1, -0.0039, 1]
 * ```
 */
export function normalize(image: Image, normalization: Normalization, order?: readonly number[]): Float32Array {
  assertImage(image, "normalize");
  const { channels, data } = image;
  const { mean, std } = normalization;
  if (mean.length !== channels || std.length !== channels) {
    const expected = `mean and std of ${channels} values, one a channel of the image`;
    const got = `${mean.length} and ${std.length}`;
    throw new TransformError(`normalize: expected ${expected}, got ${got}.`, { op: "normalize", expected, got });
  }
  const plane = image.width * image.height;
  const out = new Float32Array(channels * plane);
  for (let c = 0; c < channels; c++) {
    const table = normalizationTable(normalization, c);
    const start = c * plane;
    for (let i = 0, p = order?.[c] ?? c; i < plane; i++, p += channels) {
      out[start + i] = table[data[p] as number] as number;
    }
  }
  return out;
}

/** The value of each of the 256 pixel values in plane `channel`: a pixel can be nothing else. */
export function normalizationTable({ divisor, mean, std }: Normalization, channel: number): Float32Array {
  const f = Math.fround;
  const m = f(mean[channel] as number);
  const s = f(std[channel] as number);
  return Float32Array.from({ length: 256 }, (_, pixel) => f(f(f(pixel / f(divisor)) - m) / s));
}
