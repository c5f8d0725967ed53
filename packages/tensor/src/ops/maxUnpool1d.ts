import { ShapeError } from "../errors.ts";
import { formatShape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { type Padding1d, planarSides, type Size1d, single } from "./conv1d.ts";
import { maxUnpool2d } from "./maxUnpool2d.ts";
import { squeeze, unsqueeze } from "./reshape.ts";

/** Options of {@link maxUnpool1d}. */
export interface MaxUnpool1dOptions {
  /** Default: the kernel size. */
  readonly stride?: Size1d;
  readonly padding?: Padding1d;
  /** Length of the result. Default: (length - 1) · stride - padding + kernelSize, padding being that of both sides. */
  readonly outputSize?: Size1d;
}

/**
 * Puts each value of [N, C, L] or [C, L] where `maxPool1dWithIndices` found it, among zeros. Of values for one place the
 * last one counts, and alone has a gradient.
 * @param indices int32, of the shape of `x`: indices along the result.
 * @throws {ShapeError} if shapes do not fit. @throws {ArgumentError} if the output length is further than a stride from the
 * default. @throws {DTypeError} if the indices are not int32.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.max_unpool1d.html
 *
 * @example
 * ```ts
 * import { maxPool1dWithIndices, maxUnpool1d, tensor } from "@graftjs/tensor";
 *
 * const { values, indices } = maxPool1dWithIndices(tensor([[1, 3, 2, 4]]), 2);
 * console.log(maxUnpool1d(values, indices, 2).toNested()); // [[0, 3, 0, 4]]
 * ```
 */
export function maxUnpool1d(x: Tensor, indices: Tensor, kernelSize: Size1d, options: MaxUnpool1dOptions = {}): Tensor {
  if (x.rank !== 2 && x.rank !== 3) {
    throw new ShapeError({ op: "maxUnpool1d", expected: "[N, C, L] or [C, L]", got: formatShape(x.shape) });
  }
  const { stride = kernelSize, padding = 0, outputSize } = options;
  const y = maxUnpool2d(unsqueeze(x, -2), unsqueeze(indices, -2), [1, single(kernelSize)], {
    stride: [1, single(stride)],
    padding: planarSides(padding),
    ...(outputSize !== undefined && { outputSize: [1, single(outputSize)] }),
  });
  return squeeze(y, -2);
}
