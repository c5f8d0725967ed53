import { globalAvgPool2d, type Tensor } from "@graftjs/tensor";
import { Module } from "../module.ts";

/** The mean over the plane: [N, C, H, W] to [N, C, 1, 1]. Source: ONNX GlobalAveragePool. */
export class GlobalAvgPool2d extends Module {
  forward(x: Tensor): Tensor {
    return globalAvgPool2d(x);
  }
}
