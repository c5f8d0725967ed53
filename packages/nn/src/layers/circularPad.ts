import {
  EdgePad1d,
  EdgePad2d,
  EdgePad3d,
  type EdgePadding1d,
  type EdgePadding2d,
  type EdgePadding3d,
} from "./edgePadding.ts";

/**
 * What lies at the other end, left and right of [N, C, L] or [C, L]. `padding` is one number, or [left, right].
 * @throws {ShapeError} if x has another number of axes, or a number is negative or larger than the size.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.CircularPad1d.html
 *
 * @example
 * ```ts
 * import { CircularPad1d } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(new CircularPad1d([1, 2]).forward(tensor([[1, 2, 3]])).toNested()); // [[3, 1, 2, 3, 1, 2]]
 * ```
 */
export class CircularPad1d extends EdgePad1d {
  constructor(padding: EdgePadding1d) {
    super("CircularPad1d", padding, "circular");
  }
}

/**
 * What lies at the other end, around the plane of [N, C, H, W] or [C, H, W]. `padding` is one number, or [left, right, top, bottom].
 * @throws {ShapeError} if x has another number of axes, or a number is negative or larger than the size.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.CircularPad2d.html
 *
 * @example
 * ```ts
 * import { CircularPad2d } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * const image = tensor([[[1, 2], [3, 4]]]);
 * console.log(new CircularPad2d([1, 0, 0, 1]).forward(image).toNested()); // [[[2, 1, 2], [4, 3, 4], [2, 1, 2]]]
 * ```
 */
export class CircularPad2d extends EdgePad2d {
  constructor(padding: EdgePadding2d) {
    super("CircularPad2d", padding, "circular");
  }
}

/**
 * What lies at the other end, around the volume of [N, C, D, H, W] or [C, D, H, W].
 * `padding` is one number, or [left, right, top, bottom, front, back].
 * @throws {ShapeError} if x has another number of axes, or a number is negative or larger than the size.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.CircularPad3d.html
 *
 * @example
 * ```ts
 * import { CircularPad3d } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * const clip = tensor([[[[1, 2]], [[3, 4]]]]);
 * console.log(new CircularPad3d([1, 0, 0, 0, 0, 1]).forward(clip).toNested()); // [[[[2, 1, 2]], [[4, 3, 4]], [[2, 1, 2]]]]
 * ```
 */
export class CircularPad3d extends EdgePad3d {
  constructor(padding: EdgePadding3d) {
    super("CircularPad3d", padding, "circular");
  }
}
