import { ArgumentError, ShapeError } from "../errors.ts";
import { formatShape, type Shape } from "../shape.ts";
import { type Padding1d, planarSides, type Size1d, single } from "./conv1d.ts";
import { type Padding2d, pair, type Size2d, sides } from "./conv2d.ts";

/** Attributes of a pool, complete. */
export interface PoolAttrs {
  readonly kernelSize: readonly [height: number, width: number];
  readonly stride: readonly [height: number, width: number];
  readonly padding: readonly [top: number, left: number, bottom: number, right: number];
  readonly dilation: readonly [height: number, width: number];
  /** Round the output size up, so that windows may hang over the end; a window must start inside. */
  readonly ceilMode: boolean;
  /** Whether an average counts padding (max pooling never does). */
  readonly countIncludePad: boolean;
  /** What an average divides by instead of its count. */
  readonly divisorOverride?: number;
}

/** Attributes of the gradient of a pool. */
export interface PoolGradAttrs extends PoolAttrs {
  readonly inputSize: readonly [height: number, width: number];
}

/** Options of pools of images. */
export interface PoolOptions {
  /** Default: the kernel size. */
  readonly stride?: Size2d;
  readonly padding?: Padding2d;
  readonly dilation?: Size2d;
  readonly ceilMode?: boolean;
}

/** Options of pooling [N, C, L]. */
export interface Pool1dOptions {
  /** Default: the kernel size. */
  readonly stride?: Size1d;
  readonly padding?: Padding1d;
  readonly dilation?: Size1d;
  readonly ceilMode?: boolean;
}

/** The options of pooling [N, C, L] as those of pooling [N, C, 1, L]. */
export function planarOptions<T extends Pool1dOptions>(
  options: T,
): Omit<T, keyof Pool1dOptions> & Omit<PoolOptions, "stride"> & { readonly stride?: Size2d } {
  const { stride, padding = 0, dilation = 1, ceilMode = false, ...rest } = options;
  return {
    ...rest,
    ...(stride !== undefined && { stride: [1, single(stride)] }),
    padding: planarSides(padding),
    dilation: [1, single(dilation)],
    ceilMode,
  };
}

export function poolAttrs(
  kernelSize: Size2d,
  options: PoolOptions & { countIncludePad?: boolean; divisorOverride?: number | null },
): PoolAttrs {
  const { stride = kernelSize, padding = 0, dilation = 1, ceilMode = false, countIncludePad = true } = options;
  const { divisorOverride = null } = options;
  return {
    kernelSize: pair(kernelSize),
    stride: pair(stride),
    padding: sides(padding),
    dilation: pair(dilation),
    ceilMode,
    countIncludePad,
    ...(divisorOverride !== null && { divisorOverride }),
  };
}

/** What the sum over a window is divided by. */
export function divisorOf(
  attrs: PoolAttrs,
  window: { readonly offsets: readonly number[]; readonly padded: number },
): number {
  return attrs.divisorOverride ?? (attrs.countIncludePad ? window.padded : window.offsets.length);
}

/** Size of a window with its gaps. */
function span({ kernelSize, dilation }: PoolAttrs, axis: 0 | 1): number {
  return dilation[axis] * (kernelSize[axis] - 1) + 1;
}

/** Output height and width. @throws {ShapeError | ArgumentError} unless input [N, C, H, W] and attributes fit. */
export function poolOutputSize(op: string, attrs: PoolAttrs, input: Shape): [number, number] {
  const { kernelSize, stride, padding, dilation, ceilMode } = attrs;
  if (input.length !== 4) throw new ShapeError({ op, expected: "[N, C, H, W]", got: formatShape(input) });
  if (![...kernelSize, ...stride, ...dilation].every((v) => Number.isInteger(v) && v >= 1)) {
    throw new ArgumentError({ op, expected: "kernel size, stride and dilation >= 1", got: JSON.stringify(attrs) });
  }
  // Each window then covers at least one element: no mean of nothing, no maximum of nothing.
  const fits = padding.every((p, i) => p >= 0 && Number.isInteger(p) && p < span(attrs, (i % 2) as 0 | 1));
  if (!fits) {
    throw new ArgumentError({ op, expected: "padding >= 0 and smaller than the window", got: JSON.stringify(attrs) });
  }
  const extent = (axis: 0 | 1): number => {
    const size = input[2 + axis] as number;
    const rest = size + padding[axis] + padding[(axis + 2) as 2 | 3] - span(attrs, axis);
    const out = (ceilMode ? Math.ceil(rest / stride[axis]) : Math.floor(rest / stride[axis])) + 1;
    return ceilMode && (out - 1) * stride[axis] >= size + padding[axis] ? out - 1 : out;
  };
  const out: [number, number] = [extent(0), extent(1)];
  if (out.some((d) => d < 1)) {
    throw new ShapeError({
      op,
      expected: "a padded input at least as large as the window",
      got: `input ${formatShape(input)}, ${JSON.stringify(attrs)}`,
    });
  }
  return out;
}

/**
 * For each window in row-major order: the offsets into the plane [height, width] that it covers, and how many positions
 * it has with padding (but not beyond it) counted in.
 */
export function poolWindows(
  attrs: PoolAttrs,
  [height, width]: readonly [number, number],
  [outHeight, outWidth]: readonly [number, number],
): { offsets: number[]; padded: number }[] {
  const { kernelSize, stride, padding, dilation } = attrs;
  const windows: { offsets: number[]; padded: number }[] = [];
  for (let oy = 0; oy < outHeight; oy++) {
    for (let ox = 0; ox < outWidth; ox++) {
      const offsets: number[] = [];
      let padded = 0;
      for (let ky = 0; ky < kernelSize[0]; ky++) {
        for (let kx = 0; kx < kernelSize[1]; kx++) {
          const y = oy * stride[0] - padding[0] + ky * dilation[0];
          const x = ox * stride[1] - padding[1] + kx * dilation[1];
          if (y < height + padding[2] && x < width + padding[3]) padded++;
          if (y >= 0 && y < height && x >= 0 && x < width) offsets.push(y * width + x);
        }
      }
      windows.push({ offsets, padded });
    }
  }
  return windows;
}

/** One number for both axes, or [height, width]; `null` for the input's own. */
export type AdaptiveSize2d = number | null | readonly [height: number | null, width: number | null];

/** The output size of adaptive pooling of [N, C, H, W]. */
export function adaptiveSize(size: AdaptiveSize2d, input: Shape): readonly [number, number] {
  const [height, width] = typeof size === "number" || size === null ? [size, size] : size;
  return [height ?? (input[2] as number), width ?? (input[3] as number)];
}

/** Windows of adaptive pooling: from ⌊i·in/out⌋ to ⌈(i+1)·in/out⌉ along each axis. */
export function adaptiveWindows(
  [height, width]: readonly [number, number],
  [outHeight, outWidth]: readonly [number, number],
): number[][] {
  const span = (i: number, size: number, out: number): number[] => {
    const from = Math.floor((i * size) / out);
    return Array.from({ length: Math.ceil(((i + 1) * size) / out) - from }, (_, k) => from + k);
  };
  const windows: number[][] = [];
  for (let oy = 0; oy < outHeight; oy++) {
    for (let ox = 0; ox < outWidth; ox++) {
      windows.push(span(oy, height, outHeight).flatMap((y) => span(ox, width, outWidth).map((x) => y * width + x)));
    }
  }
  return windows;
}
