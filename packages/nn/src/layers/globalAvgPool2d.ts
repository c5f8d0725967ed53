import { globalAvgPool2d, type Tensor } from "@graftjs/tensor";
import { Module } from "../module.ts";

/** The mean over the plane: [N, C, H, W] to [N, C, 1, 1]. Source: https://onnx.ai/onnx/operators/onnx__GlobalAveragePool.html */
export class GlobalAvgPool2d extends Module {
  forward(x: Tensor): Tensor {
    return globalAvgPool2d(x);
  }
}
