import {
  EdgePad1d,
  EdgePad2d,
  EdgePad3d,
  type EdgePadding1d,
  type EdgePadding2d,
  type EdgePadding3d,
} from "./edgePadding.ts";

/**
 * The edge, repeated, left and right of [N, C, L] or [C, L]. `padding` is one number, or [left, right].
 * @throws {ShapeError} if x has another number of axes, or a number is negative.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.ReplicationPad1d.html
 *
 * @example
 * ```ts
 * import { ReplicationPad1d } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(new ReplicationPad1d([2, 1]).forward(tensor([[1, 2]])).toNested()); // [[1, 1, 1, 2, 2]]
 * ```
 */
export class ReplicationPad1d extends EdgePad1d {
  constructor(padding: EdgePadding1d) {
    super("ReplicationPad1d", padding, "replicate");
  }
}

/**
 * The edge, repeated, around the plane of [N, C, H, W] or [C, H, W]. `padding` is one number, or [left, right, top, bottom].
 * @throws {ShapeError} if x has another number of axes, or a number is negative.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.ReplicationPad2d.html
 *
 * @example
 * ```ts
 * import { ReplicationPad2d } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(new ReplicationPad2d([1, 0, 0, 1]).forward(tensor([[[1, 2]]])).toNested()); // [[[1, 1, 2], [1, 1, 2]]]
 * ```
 */
export class ReplicationPad2d extends EdgePad2d {
  constructor(padding: EdgePadding2d) {
    super("ReplicationPad2d", padding, "replicate");
  }
}

/**
 * The edge, repeated, around the volume of [N, C, D, H, W] or [C, D, H, W].
 * `padding` is one number, or [left, right, top, bottom, front, back].
 * @throws {ShapeError} if x has another number of axes, or a number is negative.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.ReplicationPad3d.html
 *
 * @example
 * ```ts
 * import { ReplicationPad3d } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * const clip = tensor([[[[1, 2]]]]);
 * console.log(new ReplicationPad3d([1, 0, 0, 0, 0, 1]).forward(clip).toNested()); // [[[[1, 1, 2]], [[1, 1, 2]]]]
 * ```
 */
export class ReplicationPad3d extends EdgePad3d {
  constructor(padding: EdgePadding3d) {
    super("ReplicationPad3d", padding, "replicate");
  }
}
