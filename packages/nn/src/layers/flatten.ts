import { flatten, type Tensor } from "@graftjs/tensor";
import { Module } from "../module.ts";

/**
 * Axes `start` to `end` (inclusive) merged into one; by default all but the batch's.
 * @throws {ShapeError} if an axis is out of range.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.Flatten.html
 *
 * @example
 * ```ts
 * import { Flatten } from "@graftjs/nn";
 * import { ones } from "@graftjs/tensor";
 *
 * console.log(new Flatten().forward(ones([2, 3, 4, 5])).shape); // [2, 60]
 * ```
 */
export class Flatten extends Module {
  readonly start: number;
  readonly end: number;

  constructor(start = 1, end = -1) {
    super();
    this.start = start;
    this.end = end;
  }

  forward(x: Tensor): Tensor {
    return flatten(x, this.start, this.end);
  }
}
