import { softmax, type Tensor } from "@graftjs/tensor";
import { Module } from "../module.ts";

/**
 * y = e^x / Σ e^x along one axis, by default the last.
 * @throws {ShapeError} if the axis is out of range.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.Softmax.html
 *
 * @example
 * ```ts
 * import { Softmax } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(new Softmax().forward(tensor([[0, 0], [0, 1]])).toNested()); // [[0.5, 0.5], [0.2689, 0.7311]]
 * ```
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
