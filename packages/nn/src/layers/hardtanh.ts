import { ArgumentError, hardtanh, type Tensor } from "@graftjs/tensor";
import { Module } from "../module.ts";

/**
 * y = min(max(x, minVal), maxVal), element-wise; the gradient is 0 at the bounds. Defaults: -1 and 1.
 * @throws {ArgumentError} unless minVal < maxVal.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.Hardtanh.html
 *
 * @example
 * ```ts
 * import { Hardtanh } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(new Hardtanh(0, 6).forward(tensor([-2, 3, 9])).toNested()); // [0, 3, 6]
 * ```
 */
export class Hardtanh extends Module {
  readonly minVal: number;
  readonly maxVal: number;

  constructor(minVal = -1, maxVal = 1) {
    super();
    if (!(minVal < maxVal)) {
      throw new ArgumentError({ op: "Hardtanh", expected: "minVal < maxVal", got: `${minVal} and ${maxVal}` });
    }
    this.minVal = minVal;
    this.maxVal = maxVal;
  }

  forward(x: Tensor): Tensor {
    return hardtanh(x, this.minVal, this.maxVal);
  }
}
