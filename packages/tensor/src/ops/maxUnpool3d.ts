import type { Tensor } from "../tensor.ts";
import { type Padding3d, type Size3d, triple, volumeSides } from "./conv3d.ts";
import { unpooled } from "./maxUnpool2d.ts";

/** Options of {@link maxUnpool3d}. */
export interface MaxUnpool3dOptions {
  /** Default: the kernel size. */
  readonly stride?: Size3d;
  readonly padding?: Padding3d;
  /** Size of the result. Default: (size - 1) · stride - padding + kernelSize, padding being that of both sides. */
  readonly outputSize?: Size3d;
}

/**
 * Puts each value of [N, C, D, H, W] or [C, D, H, W] where `maxPool3dWithIndices` found it, among zeros. Of values for one
 * place the last one counts, and alone has a gradient.
 * @param indices int32, of the shape of `x`: offsets (d · H' + h) · W' + w into the volumes of the result.
 * @throws {ShapeError} if shapes do not fit. @throws {ArgumentError} if the output size is further than a stride from the
 * default. @throws {DTypeError} if the indices are not int32.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.max_unpool3d.html
 *
 * @example
 * ```ts
 * import { maxPool3dWithIndices, maxUnpool3d, tensor } from "@graftjs/tensor";
 *
 * const { values, indices } = maxPool3dWithIndices(tensor([1, 9, 3, 4], [1, 4, 1, 1]), [2, 1, 1]);
 * console.log([...maxUnpool3d(values, indices, [2, 1, 1]).toArray()]); // [0, 9, 0, 4]
 * ```
 */
export function maxUnpool3d(x: Tensor, indices: Tensor, kernelSize: Size3d, options: MaxUnpool3dOptions = {}): Tensor {
  const [kernel, { outputSize }] = [triple(kernelSize), options];
  return unpooled("maxUnpool3d", x, indices, {
    layout: "[N, C, D, H, W] or [C, D, H, W]",
    kernel,
    stride: triple(options.stride ?? kernel),
    padding: volumeSides(options.padding ?? 0),
    size: outputSize === undefined ? null : triple(outputSize),
  });
}
