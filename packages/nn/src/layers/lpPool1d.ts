import { type LPPool1dOptions, lpPool1d, type Size1d, type Tensor } from "@graftjs/tensor";
import { Module } from "../module.ts";

/**
 * (Σ xᵖ)^(1/p) over each window of [N, C, L] or [C, L]. Defaults: stride = kernel size, lengths rounded down.
 * @throws {ShapeError} if the window is larger than the input.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.LPPool1d.html
 *
 * @example
 * ```ts
 * import { LPPool1d } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(new LPPool1d(2, 2).forward(tensor([[3, 4, 6, 8]])).toNested()); // [[5, 10]]
 * ```
 */
export class LPPool1d extends Module {
  readonly p: number;
  readonly kernelSize: Size1d;
  readonly options: LPPool1dOptions;

  constructor(p: number, kernelSize: Size1d, options: LPPool1dOptions = {}) {
    super();
    this.p = p;
    this.kernelSize = kernelSize;
    this.options = options;
  }

  forward(x: Tensor): Tensor {
    return lpPool1d(x, this.p, this.kernelSize, this.options);
  }
}
