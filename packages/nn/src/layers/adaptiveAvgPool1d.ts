import { adaptiveAvgPool1d, type Size1d, type Tensor } from "@graftjs/tensor";
import { Module } from "../module.ts";

/**
 * Means over windows that divide [N, C, L] or [C, L] evenly, to [N, C, ...outputSize].
 * @throws {ShapeError} on empty sizes.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.AdaptiveAvgPool1d.html
 *
 * @example
 * ```ts
 * import { AdaptiveAvgPool1d } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(new AdaptiveAvgPool1d(2).forward(tensor([[1, 2, 3, 4, 5]])).toNested()); // [[2, 4]]
 * ```
 */
export class AdaptiveAvgPool1d extends Module {
  readonly outputSize: Size1d;

  constructor(outputSize: Size1d) {
    super();
    this.outputSize = outputSize;
  }

  forward(x: Tensor): Tensor {
    return adaptiveAvgPool1d(x, this.outputSize);
  }
}
