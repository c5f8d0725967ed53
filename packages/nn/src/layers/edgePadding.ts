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

/** A layer that pads the last axes of [N, C, ...] or [C, ...]; subclasses say how many. */
abstract class EdgePad<Padding extends number | readonly number[]> extends Module {
  readonly padding: Padding;
  protected readonly op: string;
  protected readonly fill: Fill;
  protected abstract readonly layout: string;
  protected abstract readonly axes: number;

  constructor(op: string, padding: Padding, fill: Fill) {
    super();
    this.op = op;
    this.padding = padding;
    this.fill = fill;
  }

  /** @throws {ShapeError} if `x` has another number of axes, or too little to fill with. */
  forward(x: Tensor): Tensor {
    const { op, axes, layout } = this;
    if (x.rank !== axes + 1 && x.rank !== axes + 2) {
      throw new ShapeError({ op, expected: layout, got: formatShape(x.shape) });
    }
    const { padding }: { readonly padding: number | readonly number[] } = this;
    const sides = typeof padding === "number" ? Array<number>(2 * axes).fill(padding) : padding;
    // The last axis comes first in them.
    const around = Array.from({ length: axes }, (_, i) => {
      const [before, after] = sides.slice(2 * (axes - 1 - i));
      return [before, after] as [number, number];
    });
    return padLast(x, around, this.fill);
  }
}

/** Pads [N, C, L] or [C, L] left and right. */
export abstract class EdgePad1d extends EdgePad<EdgePadding1d> {
  protected readonly layout = "[N, C, L] or [C, L]";
  protected readonly axes = 1;
}

/** Pads [N, C, H, W] or [C, H, W] around the plane. */
export abstract class EdgePad2d extends EdgePad<EdgePadding2d> {
  protected readonly layout = "[N, C, H, W] or [C, H, W]";
  protected readonly axes = 2;
}

/** Pads [N, C, D, H, W] or [C, D, H, W] around the volume. */
export abstract class EdgePad3d extends EdgePad<EdgePadding3d> {
  protected readonly layout = "[N, C, D, H, W] or [C, D, H, W]";
  protected readonly axes = 3;
}
