import {
  EdgePad1d,
  EdgePad2d,
  EdgePad3d,
  type EdgePadding1d,
  type EdgePadding2d,
  type EdgePadding3d,
} from "./edgePadding.ts";

/**
 * A value left and right of [N, C, L] or [C, L]. `padding` is one number, or [left, right].
 * @throws {ShapeError} if x has another number of axes, or a number is negative.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.ConstantPad1d.html
 *
 * @example
 * ```ts
 * import { ConstantPad1d } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(new ConstantPad1d([0, 2], 9).forward(tensor([[1, 2]])).toNested()); // [[1, 2, 9, 9]]
 * ```
 */
export class ConstantPad1d extends EdgePad1d {
  readonly value: number;

  constructor(padding: EdgePadding1d, value: number) {
    super("ConstantPad1d", padding, value);
    this.value = value;
  }
}

/**
 * A value around the plane of [N, C, H, W] or [C, H, W]. `padding` is one number, or [left, right, top, bottom].
 * @throws {ShapeError} if x has another number of axes, or a number is negative.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.ConstantPad2d.html
 *
 * @example
 * ```ts
 * import { ConstantPad2d } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(new ConstantPad2d([1, 0, 0, 1], 9).forward(tensor([[[1, 2]]])).toNested()); // [[[9, 1, 2], [9, 9, 9]]]
 * ```
 */
export class ConstantPad2d extends EdgePad2d {
  readonly value: number;

  constructor(padding: EdgePadding2d, value: number) {
    super("ConstantPad2d", padding, value);
    this.value = value;
  }
}

/**
 * A value around the volume of [N, C, D, H, W] or [C, D, H, W].
 * `padding` is one number, or [left, right, top, bottom, front, back].
 * @throws {ShapeError} if x has another number of axes, or a number is negative.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.ConstantPad3d.html
 *
 * @example
 * ```ts
 * import { ConstantPad3d } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * const clip = tensor([[[[1, 2]]]]);
 * console.log(new ConstantPad3d([0, 1, 0, 0, 1, 0], 9).forward(clip).toNested()); // [[[[9, 9, 9]], [[1, 2, 9]]]]
 * ```
 */
export class ConstantPad3d extends EdgePad3d {
  readonly value: number;

  constructor(padding: EdgePadding3d, value: number) {
    super("ConstantPad3d", padding, value);
    this.value = value;
  }
}
