import { type LPPool2dOptions, lpPool2d, type Size2d, type Tensor } from "@graftjs/tensor";
import { Module } from "../module.ts";

/**
 * (Σ xᵖ)^(1/p) over each window of [N, C, H, W] or [C, H, W]. Defaults: stride = kernel size, sizes rounded down.
 * @throws {ShapeError} if the window is larger than the input.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.LPPool2d.html
 *
 * @example
 * ```ts
 * import { LPPool2d } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(new LPPool2d(2, 2).forward(tensor([[[1, 1, 3, 0], [1, 1, 0, 4]]])).toNested()); // [[[2, 5]]]
 * ```
 */
export class LPPool2d extends Module {
  readonly p: number;
  readonly kernelSize: Size2d;
  readonly options: LPPool2dOptions;

  constructor(p: number, kernelSize: Size2d, options: LPPool2dOptions = {}) {
    super();
    this.p = p;
    this.kernelSize = kernelSize;
    this.options = options;
  }

  forward(x: Tensor): Tensor {
    return lpPool2d(x, this.p, this.kernelSize, this.options);
  }
}
