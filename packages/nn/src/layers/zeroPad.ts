import type { Tensor } from "@graftjs/tensor";
import { Module } from "../module.ts";
import {
  type EdgePadding1d,
  type EdgePadding2d,
  type EdgePadding3d,
  padPlanes,
  padRows,
  padVolumes,
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
export class ZeroPad1d extends Module {
  readonly padding: EdgePadding1d;

  constructor(padding: EdgePadding1d) {
    super();
    this.padding = padding;
  }

  forward(x: Tensor): Tensor {
    return padRows("ZeroPad1d", x, this.padding, 0);
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
export class ZeroPad2d extends Module {
  readonly padding: EdgePadding2d;

  constructor(padding: EdgePadding2d) {
    super();
    this.padding = padding;
  }

  forward(x: Tensor): Tensor {
    return padPlanes("ZeroPad2d", x, this.padding, 0);
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
export class ZeroPad3d extends Module {
  readonly padding: EdgePadding3d;

  constructor(padding: EdgePadding3d) {
    super();
    this.padding = padding;
  }

  forward(x: Tensor): Tensor {
    return padVolumes("ZeroPad3d", x, this.padding, 0);
  }
}
