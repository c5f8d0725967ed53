import { mul, type Tensor } from "@graftjs/tensor";
import { Module } from "../module.ts";
import { hardsigmoid } from "./hardsigmoid.ts";

/**
 * y = x · min(max(x + 3, 0), 6) / 6, element-wise.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.hardswish.html
 */
export function hardswish(x: Tensor): Tensor {
  return mul(x, hardsigmoid(x));
}

/**
 * y = x · min(max(x + 3, 0), 6) / 6, element-wise.
 * Source: Howard et al. 2019, https://arxiv.org/abs/1905.02244; https://pytorch.org/docs/stable/generated/torch.nn.Hardswish.html
 */
export class Hardswish extends Module {
  forward(x: Tensor): Tensor {
    return hardswish(x);
  }
}
