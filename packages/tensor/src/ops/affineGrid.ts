import { ShapeError } from "../errors.ts";
import { formatShape, type Shape } from "../shape.ts";
import { type Tensor, tensor } from "../tensor.ts";
import { add } from "./add.ts";
import { checkSameDType, floats } from "./define.ts";
import { mul } from "./mul.ts";
import { reshape } from "./reshape.ts";
import { slice } from "./slice.ts";

/** Options of {@link affineGrid}. */
export interface AffineGridOptions {
  /** Whether -1 and 1 are the centres of the first and last element, not their outer edges. Default `false`. */
  readonly alignCorners?: boolean;
}

/**
 * A grid [N, d₁, ..., dᵣ, r] for `gridSample`: the positions of the elements of a result of `size` [N, C, d₁, ..., dᵣ], the last
 * axis first, transformed: θ · (xᵣ, ..., x₁, 1) with θ [N, r, r + 1]. An axis of size 1 is at 0. PyTorch takes two or
 * three spatial axes, here it is any number.
 * @throws {ShapeError} if the shapes do not go together. @throws {DTypeError} if θ is not float.
 * Source: Jaderberg et al. 2015, https://arxiv.org/abs/1506.02025;
 * https://pytorch.org/docs/stable/generated/torch.nn.functional.affine_grid.html
 *
 * @example
 * ```ts
 * import { affineGrid, gridSample, tensor } from "@graftjs/tensor";
 *
 * const image = tensor([[[[1, 2], [3, 4]]]]);
 * const mirror = tensor([[[-1, 0, 0], [0, 1, 0]]]);
 * console.log(affineGrid(mirror, image.shape).toNested()); // [[[[0.5, -0.5], [-0.5, -0.5]], [[0.5, 0.5], [-0.5, 0.5]]]]
 * console.log(gridSample(image, affineGrid(mirror, image.shape)).toNested()); // [[[[2, 1], [4, 3]]]]
 * ```
 */
export function affineGrid(theta: Tensor, size: Shape, { alignCorners = false }: AffineGridOptions = {}): Tensor {
  checkSameDType("affineGrid", floats, theta.dtype);
  const [batch, , ...spatial] = size;
  const r = spatial.length;
  const fits = theta.rank === 3 && theta.shape[0] === batch && theta.shape[1] === r && theta.shape[2] === r + 1;
  if (!fits || r < 1 || !size.every((d) => Number.isInteger(d) && d >= 0)) {
    throw new ShapeError({
      op: "affineGrid",
      expected: `θ [${batch}, ${r}, ${r + 1}] for the size [N, C, d1, ..., dr] = ${formatShape(size)}`,
      got: formatShape(theta.shape),
    });
  }
  const column = (i: number): Tensor =>
    reshape(slice(theta, 2, i, i + 1), [batch as number, ...spatial.map(() => 1), r]);
  return spatial.reduce((sum, d, axis) => {
    const along = [1, ...spatial.map((_, i) => (i === axis ? d : 1)), 1];
    return add(sum, mul(tensor(places(d, alignCorners), along, { dtype: theta.dtype }), column(r - 1 - axis)));
  }, column(r));
}

/** The elements of an axis, with its ends at -1 and 1. */
function places(size: number, alignCorners: boolean): Float64Array {
  const span = alignCorners ? Math.max(1, size - 1) : size;
  return Float64Array.from({ length: size }, (_, i) => (2 * i + 1 - size) / span);
}
