import { ShapeError } from "../errors.ts";
import { formatShape, numel } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { add } from "./add.ts";
import { checkSameDType, floats } from "./define.ts";
import { interpolationTerms, type SamplingOptions } from "./interpolationTerms.ts";
import { mul } from "./mul.ts";
import { select } from "./narrow.ts";
import { reshape } from "./reshape.ts";
import { sub } from "./sub.ts";

/**
 * The values [N, C, e₁, ..., eᵣ] of `x` [N, C, d₁, ..., dᵣ] at the positions of `grid` [N, e₁, ..., eᵣ, r], which give the last axis
 * first, from -1 to 1 over the axis. Differentiable in `x` and, but for mode `"nearest"`, in `grid`: with `affineGrid` a spatial
 * transformer.
 *
 * PyTorch takes two or three spatial axes, and for `"bicubic"` two; here it is any number. What is NaN or infinite in `grid` is
 * somewhere or NaN, in PyTorch as well, where it depends on the kernel. At an end of an axis, the gradient with respect to
 * `grid` is the one inside, where PyTorch's is 0 unless `paddingMode` is `"zeros"`.
 * @throws {ShapeError} if the shapes are not those, or an axis of `x` is empty.
 * @throws {DTypeError} if `x` or `grid` is not float. @throws {ArgumentError} on a mode that is none of these.
 * Source: Jaderberg et al. 2015, https://arxiv.org/abs/1506.02025;
 * https://pytorch.org/docs/stable/generated/torch.nn.functional.grid_sample.html
 *
 * @example
 * ```ts
 * import { gridSample, tensor } from "@graftjs/tensor";
 *
 * const image = tensor([[[[1, 2], [3, 4]]]]);
 * const grid = tensor([[[[0, 0], [-0.5, 0.5], [1, 1]]]]); // the centre, the centre of the pixel 3, the lower right corner
 * console.log(gridSample(image, grid).toNested()); // [[[[2.5, 3, 1]]]]
 * console.log(gridSample(image, grid, { alignCorners: true }).toNested()); // [[[[2.5, 2.75, 4]]]]
 * ```
 */
export function gridSample(x: Tensor, grid: Tensor, options: SamplingOptions = {}): Tensor {
  const positions = gridPositions(x, grid, options.alignCorners);
  const y = interpolationTerms(x, positions, options).reduce((a, b) => add(a, b));
  return reshape(y, [...x.shape.slice(0, 2), ...grid.shape.slice(1, -1)]);
}

/**
 * The positions of a `grid` as in {@link gridSample}, in elements of `x`: for each spatial axis one tensor [N, e₁ · ... · eᵣ],
 * counted from the centre of the first element.
 * @throws {ShapeError} if the shapes do not go together. @throws {DTypeError} if `grid` is not float.
 *
 * @example
 * ```ts
 * import { gridPositions, tensor, zeros } from "@graftjs/tensor";
 *
 * const grid = tensor([[[-1], [0], [1]]]);
 * console.log(gridPositions(zeros([1, 1, 4]), grid).map((at) => at.toNested())); // [[[-0.5, 1.5, 3.5]]]
 * console.log(gridPositions(zeros([1, 1, 4]), grid, true).map((at) => at.toNested())); // [[[0, 1.5, 3]]]
 * ```
 */
export function gridPositions(x: Tensor, grid: Tensor, alignCorners = false): Tensor[] {
  checkSameDType("gridSample", floats, grid.dtype);
  const [batch, , ...spatial] = x.shape;
  const r = spatial.length;
  if (r < 1 || grid.rank !== x.rank || grid.shape.at(-1) !== r || grid.shape[0] !== batch) {
    throw new ShapeError({
      op: "gridSample",
      expected: `x [N, C, d1, ..., dr], and for ${formatShape(x.shape)} a grid [${batch}, ..., ${r}] of ${x.rank} axes`,
      got: formatShape(grid.shape),
    });
  }
  const points = reshape(grid, [batch as number, numel(grid.shape.slice(1, -1)), r]);
  return spatial.map((size, i) => {
    const along = add(select(points, 2, r - 1 - i), 1);
    return alignCorners ? mul(along, (size - 1) / 2) : sub(mul(along, size / 2), 0.5);
  });
}
