import { ArgumentError, ShapeError } from "../errors.ts";
import { equalShapes, formatShape } from "../shape.ts";
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
 */
export function maxUnpool2d(x: Tensor, indices: Tensor, kernelSize: Size2d, options: MaxUnpool2dOptions = {}): Tensor {
  if ((x.rank !== 3 && x.rank !== 4) || !equalShapes(x.shape, indices.shape)) {
    throw new ShapeError({
      op: "maxUnpool2d",
      expected: "[N, C, H, W] or [C, H, W], and indices of the same shape",
      got: `${formatShape(x.shape)} and ${formatShape(indices.shape)}`,
    });
  }
  const kernel = pair(kernelSize);
  const [stride, padding] = [pair(options.stride ?? kernel), sides(options.padding ?? 0)];
  const plane = x.shape.slice(-2) as [number, number];
  const usual = ([0, 1] as const).map(
    (axis) => (plane[axis] - 1) * stride[axis] - padding[axis] - padding[(axis + 2) as 2 | 3] + kernel[axis],
  );
  const size = options.outputSize === undefined ? usual : pair(options.outputSize);
  const near = size.every((d, i) => Math.abs(d - (usual[i] as number)) < (stride[i as 0 | 1] as number));
  if (!near || !size.every((d) => Number.isInteger(d) && d >= 1)) {
    throw new ArgumentError({
      op: "maxUnpool2d",
      expected: `an output size less than a stride ${formatShape(stride)} from ${formatShape(usual)}`,
      got: formatShape(size),
    });
  }
  const lead = x.shape.slice(0, -2);
  const places = (size[0] as number) * (size[1] as number);
  const flat = (t: Tensor): Tensor => reshape(t, [...lead, plane[0] * plane[1]]);
  const blank = zeros([...lead, places], { dtype: x.dtype });
  return reshape(scatter(blank, flat(indices), flat(x), lead.length), [...lead, ...size]);
}
