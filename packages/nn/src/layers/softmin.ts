import { neg, softmax, type Tensor } from "@graftjs/tensor";
import { Module } from "../module.ts";

/**
 * y = e^-x / Σ e^-x along one axis, by default the last.
 * @throws {ShapeError} if the axis is out of range. @throws {DTypeError} if x is not float.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.softmin.html
 *
 * @example
 * ```ts
 * import { softmin } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(softmin(tensor([0, 1])).toNested()); // [0.7311, 0.2689]
 * ```
 */
export function softmin(x: Tensor, axis = -1): Tensor {
  return softmax(neg(x), axis);
}

/**
 * {@link softmin}. Source: https://pytorch.org/docs/stable/generated/torch.nn.Softmin.html
 *
 * @example
 * ```ts
 * import { Softmin } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(new Softmin().forward(tensor([0, 1])).toNested()); // [0.7311, 0.2689]
 * ```
 */
export class Softmin extends Module {
  readonly axis: number;

  constructor(axis = -1) {
    super();
    this.axis = axis;
  }

  forward(x: Tensor): Tensor {
    return softmin(x, this.axis);
  }
}
