import { type InterpolateOptions, interpolate, type Tensor } from "@graftjs/tensor";
import { Module } from "../module.ts";

/** Options of {@link Upsample}. */
export type UpsampleOptions = Omit<InterpolateOptions, "antialias">;

/**
 * Resizes the spatial axes of [N, C, L], [N, C, H, W] or [N, C, D, H, W], as `interpolate` does: to `size`, or by
 * `scaleFactor`; nearest by default.
 * @throws {ShapeError} if the mode does not take that many axes. @throws {ArgumentError} on options that do not go together.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.Upsample.html
 *
 * @example
 * ```ts
 * import { Upsample } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(new Upsample({ scaleFactor: 2 }).forward(tensor([[[1, 3]]])).toNested()); // [[[1, 1, 3, 3]]]
 * console.log(new Upsample({ size: 4, mode: "linear" }).forward(tensor([[[1, 3]]])).toNested()); // [[[1, 1.5, 2.5, 3]]]
 * ```
 */
export class Upsample extends Module {
  readonly options: UpsampleOptions;

  constructor(options: UpsampleOptions) {
    super();
    this.options = options;
  }

  forward(x: Tensor): Tensor {
    return interpolate(x, this.options);
  }
}
