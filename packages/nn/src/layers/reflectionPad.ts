import {
  EdgePad1d,
  EdgePad2d,
  EdgePad3d,
  type EdgePadding1d,
  type EdgePadding2d,
  type EdgePadding3d,
} from "./edgePadding.ts";

/**
 * The image in the edge, which is not repeated, left and right of [N, C, L] or [C, L]. `padding` is one number, or [left, right].
 * @throws {ShapeError} if x has another number of axes, or a number is negative or not less than the size.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.ReflectionPad1d.html
 *
 * @example
 * ```ts
 * import { ReflectionPad1d } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(new ReflectionPad1d(2).forward(tensor([[1, 2, 3]])).toNested()); // [[3, 2, 1, 2, 3, 2, 1]]
 * ```
 */
export class ReflectionPad1d extends EdgePad1d {
  constructor(padding: EdgePadding1d) {
    super("ReflectionPad1d", padding, "reflect");
  }
}

/**
 * The image in the edge, which is not repeated, around the plane of [N, C, H, W] or [C, H, W]. `padding` is one number, or [left, right, top, bottom].
 * @throws {ShapeError} if x has another number of axes, or a number is negative or not less than the size.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.ReflectionPad2d.html
 *
 * @example
 * ```ts
 * import { ReflectionPad2d } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * const image = tensor([[[1, 2], [3, 4]]]);
 * console.log(new ReflectionPad2d([1, 0, 0, 1]).forward(image).toNested()); // [[[2, 1, 2], [4, 3, 4], [2, 1, 2]]]
 * ```
 */
export class ReflectionPad2d extends EdgePad2d {
  constructor(padding: EdgePadding2d) {
    super("ReflectionPad2d", padding, "reflect");
  }
}

/**
 * The image in the edge, which is not repeated, around the volume of [N, C, D, H, W] or [C, D, H, W].
 * `padding` is one number, or [left, right, top, bottom, front, back].
 * @throws {ShapeError} if x has another number of axes, or a number is negative or not less than the size.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.ReflectionPad3d.html
 *
 * @example
 * ```ts
 * import { ReflectionPad3d } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * const clip = tensor([[[[1, 2]], [[3, 4]]]]);
 * console.log(new ReflectionPad3d([1, 0, 0, 0, 0, 1]).forward(clip).toNested()); // [[[[2, 1, 2]], [[4, 3, 4]], [[2, 1, 2]]]]
 * ```
 */
export class ReflectionPad3d extends EdgePad3d {
  constructor(padding: EdgePadding3d) {
    super("ReflectionPad3d", padding, "reflect");
  }
}
