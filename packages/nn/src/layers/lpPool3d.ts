import { type LPPool3dOptions, lpPool3d, type Size3d, type Tensor } from "@graftjs/tensor";
import { Module } from "../module.ts";

/**
 * (Σ xᵖ)^(1/p) over each window of [N, C, D, H, W] or [C, D, H, W]. Defaults: stride = kernel size, sizes rounded down.
 * @throws {ShapeError} if the window is larger than the input.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.LPPool3d.html
 *
 * @example
 * ```ts
 * import { LPPool3d } from "@graftjs/nn";
 * import { ones } from "@graftjs/tensor";
 *
 * console.log(new LPPool3d(2, 2).forward(ones([1, 2, 2, 2])).toNested()); // [[[[2.8284]]]]
 * ```
 */
export class LPPool3d extends Module {
  readonly p: number;
  readonly kernelSize: Size3d;
  readonly options: LPPool3dOptions;

  constructor(p: number, kernelSize: Size3d, options: LPPool3dOptions = {}) {
    super();
    this.p = p;
    this.kernelSize = kernelSize;
    this.options = options;
  }

  forward(x: Tensor): Tensor {
    return lpPool3d(x, this.p, this.kernelSize, this.options);
  }
}
