import { ShapeError } from "../errors.ts";
import { formatShape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { add } from "./add.ts";
import { batchedAll } from "./batched.ts";
import type { Size2d } from "./conv2d.ts";
import { type Padding3d, planeSides, type Size3d, triple, volumeSides } from "./conv3d.ts";
import { floorDivide } from "./floorDivide.ts";
import { gather } from "./gather.ts";
import { mul } from "./mul.ts";
import type { AdaptiveSize2d, PoolOptions } from "./pool.ts";
import { reshape } from "./reshape.ts";

/** Options of pools of volumes. */
export interface Pool3dOptions {
  /** Default: the kernel size. */
  readonly stride?: Size3d;
  readonly padding?: Padding3d;
  readonly dilation?: Size3d;
  readonly ceilMode?: boolean;
}

/** A pool of planes: what its function takes besides the tensor. */
type PlanarPool<T> = readonly [kernelSize: Size2d, options: T & PoolOptions];

/** The values of a pool, and where they come from. */
interface Pooled {
  readonly values: Tensor;
  readonly indices: Tensor;
}

/**
 * A pool of volumes as two of planes: of the slices [N, C · D, H, W], and then along the depth of [N, C, D, H' · W'].
 * A window is the product of its extents along the axes, also where it hangs over an end.
 */
export function separatePools<T extends Pool3dOptions>(
  kernelSize: Size3d,
  options: T,
): {
  readonly slices: PlanarPool<Omit<T, keyof Pool3dOptions>>;
  readonly depth: PlanarPool<Omit<T, keyof Pool3dOptions>>;
} {
  const { stride = kernelSize, padding = 0, dilation = 1, ceilMode = false, ...rest } = options;
  const [kernel, steps, gaps] = [triple(kernelSize), triple(stride), triple(dilation)];
  const [front, , , back] = volumeSides(padding);
  const plane = { stride: [steps[1], steps[2]], padding: planeSides(padding), dilation: [gaps[1], gaps[2]] } as const;
  const column = { stride: [steps[0], 1], padding: [front, 0, back, 0], dilation: [gaps[0], 1] } as const;
  return {
    slices: [[kernel[1], kernel[2]], { ...rest, ...plane, ceilMode }],
    depth: [[kernel[0], 1], { ...rest, ...column, ceilMode }],
  };
}

/** One number for all axes, or [depth, height, width]; `null` for the input's own. */
export type AdaptiveSize3d =
  | number
  | null
  | readonly [depth: number | null, height: number | null, width: number | null];

/** Adaptive pooling of volumes as that of their slices, and then along the depth. */
export function separateAdaptive(size: AdaptiveSize3d): {
  readonly slices: AdaptiveSize2d;
  readonly depth: AdaptiveSize2d;
} {
  const [depth, height, width] = typeof size === "number" || size === null ? [size, size, size] : size;
  return { slices: [height, width], depth: [depth, null] };
}

/** Pools the slices of [N, C, D, H, W] or [C, D, H, W], then what they give along the depth. @throws {ShapeError} */
export function poolTwice(
  op: string,
  x: Tensor,
  slices: (planes: Tensor) => Tensor,
  depth: (columns: Tensor) => Tensor,
): Tensor {
  return eachVolume(op, x, (volumes) => {
    const planes = slices(asSlices(volumes));
    return [asVolumes(depth(asColumns(planes, volumes)), planes)];
  })[0] as Tensor;
}

/** {@link poolTwice}, and where each value comes from: its offset (d · H + h) · W + w into the volume. */
export function poolTwiceWithIndices(
  op: string,
  x: Tensor,
  slices: (planes: Tensor) => Pooled,
  depth: (columns: Tensor) => Pooled,
): Pooled {
  const [values, indices] = eachVolume(op, x, (volumes) => {
    const planes = slices(asSlices(volumes));
    const columns = depth(asColumns(planes.values, volumes));
    return [columns.values, placesOf(volumes, planes.indices, columns.indices)].map((t) => asVolumes(t, planes.values));
  });
  return { values: values as Tensor, indices: indices as Tensor };
}

/** From places in planes of [H, W], and those in [D, H' · W'], the places in [D, H, W]. */
function placesOf(x: Tensor, planes: Tensor, columns: Tensor): Tensor {
  const [batch, channels, depth, height, width] = x.shape as [number, number, number, number, number];
  const [out, plane] = columns.shape.slice(2) as [number, number];
  const chosen = reshape(columns, [batch, channels, out * plane]);
  const within = gather(reshape(planes, [batch, channels, depth * plane]), chosen, 2);
  return reshape(add(mul(floorDivide(chosen, plane), height * width), within), columns.shape);
}

function eachVolume(op: string, x: Tensor, pool: (volumes: Tensor) => readonly Tensor[]): readonly Tensor[] {
  if (x.rank !== 4 && x.rank !== 5) {
    throw new ShapeError({ op, expected: "[N, C, D, H, W] or [C, D, H, W]", got: formatShape(x.shape) });
  }
  return batchedAll(x, 5, pool);
}

function asSlices(x: Tensor): Tensor {
  const [batch, channels, depth, ...plane] = x.shape as [number, number, number, number, number];
  return reshape(x, [batch, channels * depth, ...plane]);
}

function asColumns(planes: Tensor, { shape }: Tensor): Tensor {
  const [height, width] = planes.shape.slice(2) as [number, number];
  return reshape(planes, [...shape.slice(0, 3), height * width]);
}

function asVolumes(columns: Tensor, planes: Tensor): Tensor {
  return reshape(columns, [...columns.shape.slice(0, 3), ...planes.shape.slice(2)]);
}
