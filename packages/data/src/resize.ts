import { TransformError } from "./errors.ts";
import { assertImage, assertSize, type Image, type Region, type Size } from "./image.ts";

/** Resampling kernels, by Pillow's names. All but `nearest` are antialiased when they shrink. */
export type Kernel = "nearest" | "box" | "bilinear" | "bicubic" | "lanczos";

/** All kernels. */
export const kernels: readonly Kernel[] = ["nearest", "box", "bilinear", "bicubic", "lanczos"];

interface Filter {
  /** Half the width of the filter's footprint at scale 1, in input pixels. */
  readonly support: number;
  readonly weight: (x: number) => number;
}

const filters: Readonly<Record<Exclude<Kernel, "nearest">, Filter>> = {
  box: { support: 0.5, weight: (x) => (x > -0.5 && x <= 0.5 ? 1 : 0) },
  bilinear: { support: 1, weight: (x) => Math.max(1 - Math.abs(x), 0) },
  bicubic: {
    support: 2,
    weight: (signed) => {
      const x = Math.abs(signed);
      const a = -0.5; // Keys' cubic, as Pillow has it (PyTorch and OpenCV use -0.75 without antialiasing).
      if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
      return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
    },
  },
  lanczos: { support: 3, weight: (x) => (x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0) },
};

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI);
}

/**
 * Weights are integers of 22 fractional bits: 32 bits, less 8 for the pixel, less 2 of head room for filters with
 * negative lobes. The same as Pillow's, which is what makes results equal to the bit.
 */
const precisionBits = 32 - 8 - 2;
const half = 1 << (precisionBits - 1);

/** For each output position: where its taps begin in the input, how many they are, and their fixed-point weights. */
interface Taps {
  readonly start: Int32Array;
  readonly count: Int32Array;
  readonly weights: Int32Array;
  /** Weights reserved for each output position. */
  readonly stride: number;
}

function computeTaps(inSize: number, outSize: number, from: number, length: number, filter: Filter): Taps {
  const scale = inSize / outSize;
  const stretch = Math.max(scale, 1);
  const support = filter.support * stretch;
  const stride = Math.ceil(support) * 2 + 1;
  const start = new Int32Array(length);
  const count = new Int32Array(length);
  const weights = new Int32Array(length * stride);
  const exact = new Float64Array(stride);
  for (let i = 0; i < length; i++) {
    const center = (from + i + 0.5) * scale;
    const first = Math.max(Math.trunc(center - support + 0.5), 0);
    const taps = Math.min(Math.trunc(center + support + 0.5), inSize) - first;
    let sum = 0;
    for (let k = 0; k < taps; k++) {
      const weight = filter.weight((k + first - center + 0.5) * (1 / stretch));
      exact[k] = weight;
      sum += weight;
    }
    for (let k = 0; k < taps; k++) {
      const weight = (exact[k] as number) / sum;
      weights[i * stride + k] = Math.trunc(weight * (1 << precisionBits) + (weight < 0 ? -0.5 : 0.5));
    }
    start[i] = first;
    count[i] = taps;
  }
  return { start, count, weights, stride };
}

/**
 * Resizes an image to `width` × `height`, equal to the bit to Pillow's `Image.resize` on 8-bit images: separable
 * filter, horizontal pass first, each pass in fixed point and rounded to 8 bits.
 *
 * @param kernel `bilinear` unless told otherwise.
 * @param region the part of the result that is wanted; only that is computed. All of it unless told otherwise.
 * @throws TransformError for a size that is not of positive integers, or a region that leaves the result.
 * @see https://pillow.readthedocs.io/en/stable/handbook/concepts.html#filters
 *
 * @example
 * ```ts
 * import { resize } from "@graftjs/data";
 *
 * const image = { width: 4, height: 1, channels: 1, data: Uint8Array.of(0, 100, 200, 100) } as const;
 * console.log(resize(image, { height: 1, width: 2 }, "box").data); // [50, 150]
 * ```
 */
export function resize(
  image: Image,
  size: Size,
  kernel: Kernel = "bilinear",
  region: Region = { left: 0, top: 0, width: size.width, height: size.height },
): Image {
  assertImage(image, "resize");
  assertSize(size, "resize");
  assertSize(region, "resize");
  if (
    region.left < 0 ||
    region.top < 0 ||
    region.left + region.width > size.width ||
    region.top + region.height > size.height
  ) {
    const expected = `a region inside ${size.width} × ${size.height}`;
    const got = `${region.width} × ${region.height} at (${region.left}, ${region.top})`;
    throw new TransformError(`resize: expected ${expected}, got ${got}.`, { op: "resize", expected, got });
  }
  if (kernel === "nearest") return nearest(image, size, region);
  const filter = filters[kernel];
  const columns = computeTaps(image.width, size.width, region.left, region.width, filter);
  const rows = computeTaps(image.height, size.height, region.top, region.height, filter);
  const last = region.height - 1;
  const firstRow = rows.start[0] as number;
  const lastRow = (rows.start[last] as number) + (rows.count[last] as number);
  const narrow = horizontal(image, columns, firstRow, lastRow);
  return vertical(narrow, rows, firstRow);
}

function horizontal(image: Image, taps: Taps, firstRow: number, lastRow: number): Image {
  const { start, count, weights, stride } = taps;
  const { data: input, width: inWidth, channels } = image;
  const width = start.length;
  const height = lastRow - firstRow;
  const data = new Uint8Array(width * height * channels);
  let out = 0;
  for (let y = firstRow; y < lastRow; y++) {
    const row = y * inWidth;
    for (let x = 0; x < width; x++) {
      let w = x * stride;
      const end = w + (count[x] as number);
      let p = (row + (start[x] as number)) * channels;
      if (channels === 3) {
        let r = half;
        let g = half;
        let b = half;
        for (; w < end; w++, p += 3) {
          const weight = weights[w] as number;
          r = (r + (input[p] as number) * weight) | 0;
          g = (g + (input[p + 1] as number) * weight) | 0;
          b = (b + (input[p + 2] as number) * weight) | 0;
        }
        data[out] = clip8(r);
        data[out + 1] = clip8(g);
        data[out + 2] = clip8(b);
        out += 3;
      } else {
        let sum = half;
        for (; w < end; w++, p++) sum = (sum + (input[p] as number) * (weights[w] as number)) | 0;
        data[out++] = clip8(sum);
      }
    }
  }
  return { width, height, channels, data };
}

/** `firstRow`: the row of the original that is row 0 of `image`. */
function vertical(image: Image, taps: Taps, firstRow: number): Image {
  const { start, count, weights, stride } = taps;
  const { data: input, width, channels } = image;
  const height = start.length;
  const length = width * channels;
  const data = new Uint8Array(length * height);
  const sums = new Int32Array(length);
  for (let y = 0; y < height; y++) {
    const taps = count[y] as number;
    let p = ((start[y] as number) - firstRow) * length;
    sums.fill(half);
    for (let k = 0; k < taps; k++, p += length) {
      const weight = weights[y * stride + k] as number;
      for (let x = 0; x < length; x++) {
        sums[x] = ((sums[x] as number) + (input[p + x] as number) * weight) | 0;
      }
    }
    const out = y * length;
    for (let x = 0; x < length; x++) data[out + x] = clip8(sums[x] as number);
  }
  return { width, height, channels, data };
}

function clip8(sum: number): number {
  const value = sum >> precisionBits;
  return value < 0 ? 0 : Math.min(value, 255);
}

function nearest(image: Image, size: Size, region: Region): Image {
  const { channels, data: input } = image;
  const { width, height } = region;
  const columns = nearestIndices(image.width, size.width, region.left, width);
  const rows = nearestIndices(image.height, size.height, region.top, height);
  const data = new Uint8Array(width * height * channels);
  let out = 0;
  for (let y = 0; y < height; y++) {
    const row = (rows[y] as number) * image.width;
    for (let x = 0; x < width; x++) {
      const p = (row + (columns[x] as number)) * channels;
      for (let c = 0; c < channels; c++) data[out++] = input[p + c] as number;
    }
  }
  return { width, height, channels, data };
}

/** The input position of each output position. The sum runs step by step because Pillow's does, rounding included. */
function nearestIndices(inSize: number, outSize: number, from: number, length: number): Int32Array {
  const step = inSize / outSize;
  const indices = new Int32Array(length);
  let position = step * 0.5;
  for (let i = 0; i < from + length; i++, position += step) {
    if (i >= from) indices[i - from] = Math.min(Math.floor(position), inSize - 1);
  }
  return indices;
}
