import { formatShape, mul, normalizeAxis, ShapeError, sigmoid, slice, type Tensor } from "@graftjs/tensor";
import { Module } from "../module.ts";

/**
 * y = a · sigmoid(b), where a and b are the first and second half of x along one axis, by default the last.
 * @throws {ShapeError} if the axis is out of range, or its size is odd.
 * Source: Dauphin et al. 2016, https://arxiv.org/abs/1612.08083;
 * https://pytorch.org/docs/stable/generated/torch.nn.functional.glu.html
 *
 * @example
 * ```ts
 * import { glu } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(glu(tensor([1, 2, 0, 0])).toNested()); // [0.5, 1]
 * ```
 */
export function glu(x: Tensor, axis = -1): Tensor {
  const at = normalizeAxis("glu", axis, x.rank);
  const half = (x.shape[at] as number) / 2;
  if (!Number.isInteger(half)) {
    throw new ShapeError({ op: "glu", expected: `an even size of axis ${at}`, got: formatShape(x.shape) });
  }
  return mul(slice(x, at, 0, half), sigmoid(slice(x, at, half)));
}

/**
 * {@link glu}. Source: https://pytorch.org/docs/stable/generated/torch.nn.GLU.html
 *
 * @example
 * ```ts
 * import { GLU } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(new GLU().forward(tensor([1, 2, 0, 0])).toNested()); // [0.5, 1]
 * ```
 */
export class GLU extends Module {
  readonly axis: number;

  constructor(axis = -1) {
    super();
    this.axis = axis;
  }

  forward(x: Tensor): Tensor {
    return glu(x, this.axis);
  }
}
