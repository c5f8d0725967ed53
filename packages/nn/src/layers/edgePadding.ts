import { formatShape, ShapeError, type Tensor } from "@graftjs/tensor";
import { type ConvolutionPaddingMode, padLast } from "./convolutionParameters.ts";

/** One number for both sides, or [left, right]. */
export type EdgePadding1d = number | readonly [left: number, right: number];

/** One number for all sides, or [left, right, top, bottom], the order of PyTorch's padding layers. */
export type EdgePadding2d = number | readonly [left: number, right: number, top: number, bottom: number];

/** One number for all sides, or [left, right, top, bottom, front, back], the order of PyTorch's padding layers. */
export type EdgePadding3d =
  | number
  | readonly [left: number, right: number, top: number, bottom: number, front: number, back: number];

type Fill = Exclude<ConvolutionPaddingMode, "zeros"> | number;

/** @throws {ShapeError} unless `x` is [N, C, L] or [C, L], or has too little to fill with. */
export function padRows(op: string, x: Tensor, padding: EdgePadding1d, fill: Fill): Tensor {
  if (x.rank !== 2 && x.rank !== 3)
    throw new ShapeError({ op, expected: "[N, C, L] or [C, L]", got: formatShape(x.shape) });
  return padLast(x, [typeof padding === "number" ? [padding, padding] : padding], fill);
}

/** @throws {ShapeError} unless `x` is [N, C, H, W] or [C, H, W], or has too little to fill with. */
export function padPlanes(op: string, x: Tensor, padding: EdgePadding2d, fill: Fill): Tensor {
  if (x.rank !== 3 && x.rank !== 4) {
    throw new ShapeError({ op, expected: "[N, C, H, W] or [C, H, W]", got: formatShape(x.shape) });
  }
  const [left, right, top, bottom] = typeof padding === "number" ? Array<number>(4).fill(padding) : padding;
  const around = [
    [top, bottom],
    [left, right],
  ] as [number, number][];
  return padLast(x, around, fill);
}

/** @throws {ShapeError} unless `x` is [N, C, D, H, W] or [C, D, H, W], or has too little to fill with. */
export function padVolumes(op: string, x: Tensor, padding: EdgePadding3d, fill: Fill): Tensor {
  if (x.rank !== 4 && x.rank !== 5) {
    throw new ShapeError({ op, expected: "[N, C, D, H, W] or [C, D, H, W]", got: formatShape(x.shape) });
  }
  const [left, right, top, bottom, front, back] =
    typeof padding === "number" ? Array<number>(6).fill(padding) : padding;
  const around = [
    [front, back],
    [top, bottom],
    [left, right],
  ] as [number, number][];
  return padLast(x, around, fill);
}
