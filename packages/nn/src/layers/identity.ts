import type { Tensor } from "@graftjs/tensor";
import { Module } from "../module.ts";

/** Returns what it is given. Source: https://pytorch.org/docs/stable/generated/torch.nn.Identity.html */
export class Identity extends Module {
  forward(x: Tensor): Tensor {
    return x;
  }
}
