import type { Tensor } from "@graftjs/tensor";
import { Module } from "../module.ts";

/**
 * Returns what it is given. Source: https://pytorch.org/docs/stable/generated/torch.nn.Identity.html
 *
 * @example
 * ```ts
 * import { Identity, Linear, Sequential } from "@graftjs/nn";
 * import { ones } from "@graftjs/tensor";
 *
 * const net = new Sequential({ features: new Linear(4, 8), head: new Linear(8, 2) });
 * const headless = new Sequential({ features: net.get("features"), head: new Identity() });
 * console.log(headless.forward(ones([1, 4])).shape); // [1, 8]
 * ```
 */
export class Identity extends Module {
  forward(x: Tensor): Tensor {
    return x;
  }
}
