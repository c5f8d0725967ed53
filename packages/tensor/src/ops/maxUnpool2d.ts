import { ArgumentError, ShapeError } from "../errors.ts";
import { equalShapes, formatShape, numel } from "../shape.ts";
import { type Tensor, zeros } from "../tensor.ts";
import { type Padding2d, pair, type Size2d, sides } from "./conv2d.ts";
import { reshape } from "./reshape.ts";
import { scatter } from "./scatter.ts";

/** Options of {@link maxUnpool2d}. */
export interface MaxUnpool2dOptions {
  /** Default: the kernel size. */
  readonly stride?: Size2d;
  readonly padding?: Padding2d;
  /** Height and width of the result. Default: (size - 1) · stride - padding + kernelSize, padding being that of both sides. */
  readonly outputSize?: Size2d;
}

/**
 * Puts each value of [N, C, H, W] or [C, H, W] where `maxPool2dWithIndices` found it, among zeros. Of values for one place
 * the last one counts, and alone has a gradient.
 * @param indices int32, of the shape of `x`: offsets h · W' + w into the planes of the result.
 * @throws {ShapeError} if shapes do not fit. @throws {ArgumentError} if the output size is further than a stride from the
 * default. @throws {DTypeError} if the indices are not int32.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.max_unpool2d.html
 *
 * @example
 * ```ts
 * import { maxPool2dWithIndices, maxUnpool2d, tensor } from "@graftjs/tensor";
 *
 * const { values, indices } = maxPool2dWithIndices(tensor([[[1, 2, 3, 4], [5, 6, 7, 8]]]), 2);
 * console.log(maxUnpool2d(values, indices, 2).toNested()); // [[[0, 0, 0, 0], [0, 6, 0, 8]]]
 * ```
 */
export function maxUnpool2d(x: Tensor, indices: Tensor, kernelSize: Size2d, options: MaxUnpool2dOptions = {}): Tensor {
  const [kernel, { outputSize }] = [pair(kernelSize), options];
  return unpooled("maxUnpool2d", x, indices, {
    layout: "[N, C, H, W] or [C, H, W]",
    kernel,
    stride: pair(options.stride ?? kernel),
    padding: sides(options.padding ?? 0),
    size: outputSize === undefined ? null : pair(outputSize),
  });
}

/** {@link maxUnpool2d} along as many axes as the kernel has; padding is listed before all of them, then after them. */
export function unpooled(
  op: string,
  x: Tensor,
  indices: Tensor,
  options: {
    readonly layout: string;
    readonly kernel: readonly number[];
    readonly stride: readonly number[];
    readonly padding: readonly number[];
    readonly size: readonly number[] | null;
  },
): Tensor {
  const { layout, kernel, stride, padding } = options;
  const axes = kernel.length;
  if ((x.rank !== axes + 1 && x.rank !== axes + 2) || !equalShapes(x.shape, indices.shape)) {
    throw new ShapeError({
      op,
      expected: `${layout}, and indices of the same shape`,
      got: `${formatShape(x.shape)} and ${formatShape(indices.shape)}`,
    });
  }
  const [lead, pooled] = [x.shape.slice(0, -axes), x.shape.slice(-axes)];
  const usual = pooled.map((d, i) => {
    const both = (padding[i] as number) + (padding[i + axes] as number);
    return (d - 1) * (stride[i] as number) - both + (kernel[i] as number);
  });
  const result = options.size ?? usual;
  const near = result.every((d, i) => Math.abs(d - (usual[i] as number)) < (stride[i] as number));
  if (!near || !result.every((d) => Number.isInteger(d) && d >= 1)) {
    throw new ArgumentError({
      op,
      expected: `an output size less than a stride ${formatShape(stride)} from ${formatShape(usual)}`,
      got: formatShape(result),
    });
  }
  const flat = (t: Tensor): Tensor => reshape(t, [...lead, numel(pooled)]);
  const blank = zeros([...lead, numel(result)], { dtype: x.dtype });
  return reshape(scatter(blank, flat(indices), flat(x), lead.length), [...lead, ...result]);
}
