import { globalAvgPool2d, type Tensor } from "@graftjs/tensor";
import { Module } from "../module.ts";

/**
 * The mean over the plane: [N, C, H, W] to [N, C, 1, 1]. Source: https://onnx.ai/onnx/operators/onnx__GlobalAveragePool.html
 *
 * @example
 * ```ts
 * import { GlobalAvgPool2d } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(new GlobalAvgPool2d().forward(tensor([[[[1, 2], [3, 4]]]])).toNested()); // [[[[2.5]]]]
 * ```
 */
export class GlobalAvgPool2d extends Module {
  forward(x: Tensor): Tensor {
    return globalAvgPool2d(x);
  }
}
