import { softmax, type Tensor } from "@graftjs/tensor";
import { Module } from "../module.ts";

/**
 * y = e^x / Σ e^x along one axis, by default the last.
 * @throws {ShapeError} if the axis is out of range.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.Softmax.html
 */
export class Softmax extends Module {
  readonly axis: number;

  constructor(axis = -1) {
    super();
    this.axis = axis;
  }

  forward(x: Tensor): Tensor {
    return softmax(x, this.axis);
  }
}
