import { add, gelu as exactGelu, mul, type Tensor, tanh } from "@graftjs/tensor";
import { Module } from "../module.ts";

/** Options of {@link gelu} and {@link GELU}. */
export interface GELUOptions {
  /** `none` (default): by erf. `tanh`: its approximation. */
  readonly approximate?: "none" | "tanh";
}

/**
 * y = x · Φ(x) = x · (1 + erf(x / √2)) / 2, element-wise, or, approximately,
 * x · (1 + tanh(√(2/π) · (x + 0.044715 · x³))) / 2.
 * Source: Hendrycks & Gimpel 2016, https://arxiv.org/abs/1606.08415;
 * https://pytorch.org/docs/stable/generated/torch.nn.functional.gelu.html
 */
export function gelu(x: Tensor, options: GELUOptions = {}): Tensor {
  const { approximate = "none" } = options;
  if (approximate === "none") return exactGelu(x);
  const bend = tanh(mul(mul(x, add(mul(mul(x, x), 0.044715), 1)), Math.sqrt(2 / Math.PI)));
  return mul(mul(x, 0.5), add(bend, 1));
}

/** {@link gelu}, element-wise. Source: https://pytorch.org/docs/stable/generated/torch.nn.GELU.html */
export class GELU extends Module {
  readonly approximate: "none" | "tanh";

  constructor(options: GELUOptions = {}) {
    super();
    this.approximate = options.approximate ?? "none";
  }

  forward(x: Tensor): Tensor {
    return gelu(x, { approximate: this.approximate });
  }
}
