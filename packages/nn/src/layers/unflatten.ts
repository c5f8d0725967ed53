import { ArgumentError, normalizeAxis, reshape, type Shape, type Tensor } from "@graftjs/tensor";
import { Module } from "../module.ts";

/**
 * One axis split into several of the given sizes, of which one may be -1: the inverse of {@link Flatten}.
 * @throws {ArgumentError} if no sizes are given. @throws {ShapeError} if the axis is out of range, or its size is not the
 * product of `sizes`.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.Unflatten.html
 *
 * @example
 * ```ts
 * import { Unflatten } from "@graftjs/nn";
 * import { ones } from "@graftjs/tensor";
 *
 * console.log(new Unflatten(1, [3, 4, 4]).forward(ones([2, 48])).shape); // [2, 3, 4, 4]
 * ```
 */
export class Unflatten extends Module {
  readonly axis: number;
  readonly sizes: Shape;

  constructor(axis: number, sizes: Shape) {
    super();
    if (sizes.length === 0) throw new ArgumentError({ op: "Unflatten", expected: "at least one size", got: "[]" });
    this.axis = axis;
    this.sizes = [...sizes];
  }

  forward(x: Tensor): Tensor {
    const at = normalizeAxis("Unflatten", this.axis, x.rank);
    return reshape(x, [...x.shape.slice(0, at), ...this.sizes, ...x.shape.slice(at + 1)]);
  }
}
