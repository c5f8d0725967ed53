import {
  EdgePad1d,
  EdgePad2d,
  EdgePad3d,
  type EdgePadding1d,
  type EdgePadding2d,
  type EdgePadding3d,
} from "./edgePadding.ts";

/**
 * Zeros left and right of [N, C, L] or [C, L]. `padding` is one number, or [left, right].
 * @throws {ShapeError} if x has another number of axes, or a number is negative.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.ZeroPad1d.html
 *
 * @example
 * ```ts
 * import { ZeroPad1d } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(new ZeroPad1d([0, 2]).forward(tensor([[1, 2]])).toNested()); // [[1, 2, 0, 0]]
 * ```
 */
export class ZeroPad1d extends EdgePad1d {
  constructor(padding: EdgePadding1d) {
    super("ZeroPad1d", padding, 0);
  }
}

/**
 * Zeros around the plane of [N, C, H, W] or [C, H, W]. `padding` is one number, or [left, right, top, bottom].
 * @throws {ShapeError} if x has another number of axes, or a number is negative.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.ZeroPad2d.html
 *
 * @example
 * ```ts
 * import { ZeroPad2d } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(new ZeroPad2d([1, 0, 0, 1]).forward(tensor([[[1, 2]]])).toNested()); // [[[0, 1, 2], [0, 0, 0]]]
 * ```
 */
export class ZeroPad2d extends EdgePad2d {
  constructor(padding: EdgePadding2d) {
    super("ZeroPad2d", padding, 0);
  }
}

/**
 * Zeros around the volume of [N, C, D, H, W] or [C, D, H, W].
 * `padding` is one number, or [left, right, top, bottom, front, back].
 * @throws {ShapeError} if x has another number of axes, or a number is negative.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.ZeroPad3d.html
 *
 * @example
 * ```ts
 * import { ZeroPad3d } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(new ZeroPad3d([0, 1, 0, 0, 1, 0]).forward(tensor([[[[1, 2]]]])).toNested()); // [[[[0, 0, 0]], [[1, 2, 0]]]]
 * ```
 */
export class ZeroPad3d extends EdgePad3d {
  constructor(padding: EdgePadding3d) {
    super("ZeroPad3d", padding, 0);
  }
}
