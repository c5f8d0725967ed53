import { adaptiveAvgPool2d, type Size2d, type Tensor } from "@graftjs/tensor";
import { Module } from "../module.ts";

/**
 * Means over windows that divide [N, C, H, W] evenly, to [N, C, ...outputSize].
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.AdaptiveAvgPool2d.html
 */
export class AdaptiveAvgPool2d extends Module {
  readonly outputSize: Size2d;

  constructor(outputSize: Size2d) {
    super();
    this.outputSize = outputSize;
  }

  forward(x: Tensor): Tensor {
    return adaptiveAvgPool2d(x, this.outputSize);
  }
}
