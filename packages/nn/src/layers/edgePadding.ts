import { formatShape, ShapeError, type Tensor } from "@graftjs/tensor";
import { Module } from "../module.ts";
import { type ConvolutionPaddingMode, padLast } from "./convolutionParameters.ts";

/** One number for both sides, or [left, right]. */
export type EdgePadding1d = number | readonly [left: number, right: number];

/** One number for all sides, or [left, right, top, bottom], the order of PyTorch's padding layers. */
export type EdgePadding2d = number | readonly [left: number, right: number, top: number, bottom: number];

/** One number for all sides, or [left, right, top, bottom, front, back], the order of PyTorch's padding layers. */
export type EdgePadding3d =
  | number
  | readonly [left: number, right: number, top: number, bottom: number, front: number, back: number];

/** What lies around: a number, or a continuation of what is inside. */
type Fill = Exclude<ConvolutionPaddingMode, "zeros"> | number;

/** A layer that pads; subclasses say along which axes. */
abstract class EdgePad<Padding> extends Module {
  readonly padding: Padding;
  protected readonly op: string;
  protected readonly fill: Fill;

  constructor(op: string, padding: Padding, fill: Fill) {
    super();
    this.op = op;
    this.padding = padding;
    this.fill = fill;
  }
}

/** Pads [N, C, L] or [C, L] left and right. @throws {ShapeError} in `forward`, as {@link padRows} does. */
export abstract class EdgePad1d extends EdgePad<EdgePadding1d> {
  forward(x: Tensor): Tensor {
    return padRows(this.op, x, this.padding, this.fill);
  }
}

/** Pads [N, C, H, W] or [C, H, W] around the plane. @throws {ShapeError} in `forward`, as {@link padPlanes} does. */
export abstract class EdgePad2d extends EdgePad<EdgePadding2d> {
  forward(x: Tensor): Tensor {
    return padPlanes(this.op, x, this.padding, this.fill);
  }
}

/** Pads [N, C, D, H, W] or [C, D, H, W] around the volume. @throws {ShapeError} in `forward`, as {@link padVolumes} does. */
export abstract class EdgePad3d extends EdgePad<EdgePadding3d> {
  forward(x: Tensor): Tensor {
    return padVolumes(this.op, x, this.padding, this.fill);
  }
}

/** @throws {ShapeError} unless `x` is [N, C, L] or [C, L], or has too little to fill with. */
function padRows(op: string, x: Tensor, padding: EdgePadding1d, fill: Fill): Tensor {
  if (x.rank !== 2 && x.rank !== 3)
    throw new ShapeError({ op, expected: "[N, C, L] or [C, L]", got: formatShape(x.shape) });
  return padLast(x, [typeof padding === "number" ? [padding, padding] : padding], fill);
}

/** @throws {ShapeError} unless `x` is [N, C, H, W] or [C, H, W], or has too little to fill with. */
function padPlanes(op: string, x: Tensor, padding: EdgePadding2d, fill: Fill): Tensor {
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
function padVolumes(op: string, x: Tensor, padding: EdgePadding3d, fill: Fill): Tensor {
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
