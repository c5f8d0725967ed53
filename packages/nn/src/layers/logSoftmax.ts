import { logSoftmax, type Tensor } from "@graftjs/tensor";
import { Module } from "../module.ts";

/**
 * y = x - ln Σ e^x along one axis, by default the last.
 * @throws {ShapeError} if the axis is out of range.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.LogSoftmax.html
 *
 * @example
 * ```ts
 * import { LogSoftmax } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(new LogSoftmax().forward(tensor([[1, 1]])).toNested()); // [[-0.6931, -0.6931]]
 * ```
 */
export class LogSoftmax extends Module {
  readonly axis: number;

  constructor(axis = -1) {
    super();
    this.axis = axis;
  }

  forward(x: Tensor): Tensor {
    return logSoftmax(x, this.axis);
  }
}
