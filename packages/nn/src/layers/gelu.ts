import { ArgumentError, add, gelu as exactGelu, mul, type Tensor, tanh } from "@graftjs/tensor";
import { Module } from "../module.ts";

/** Options of {@link gelu} and {@link GELU}. */
export interface GELUOptions {
  /** `none` (default): by erf. `tanh`: its approximation. */
  readonly approximate?: "none" | "tanh";
}

/**
 * y = x · Φ(x) = x · (1 + erf(x / √2)) / 2, element-wise, or, approximately,
 * x · (1 + tanh(√(2/π) · (x + 0.044715 · x³))) / 2.
 * @throws {ArgumentError} if `approximate` is neither of the two.
 * Source: Hendrycks & Gimpel 2016, https://arxiv.org/abs/1606.08415;
 * https://pytorch.org/docs/stable/generated/torch.nn.functional.gelu.html
 *
 * @example
 * ```ts
 * import { gelu } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(gelu(tensor([-1, 0, 1])).toNested()); // [-0.1587, 0, 0.8413]
 * console.log(gelu(tensor([-1, 0, 1]), { approximate: "tanh" }).toNested()); // [-0.1588, 0, 0.8412]
 * ```
 */
export function gelu(x: Tensor, options: GELUOptions = {}): Tensor {
  const { approximate = "none" } = options;
  if (approximate === "none") return exactGelu(x);
  if (approximate !== "tanh") {
    throw new ArgumentError({ op: "gelu", expected: 'approximate to be "none" or "tanh"', got: String(approximate) });
  }
  const bend = tanh(mul(mul(x, add(mul(mul(x, x), 0.044715), 1)), Math.sqrt(2 / Math.PI)));
  return mul(mul(x, 0.5), add(bend, 1));
}

/**
 * {@link gelu}, element-wise. Source: https://pytorch.org/docs/stable/generated/torch.nn.GELU.html
 *
 * @example
 * ```ts
 * import { GELU } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(new GELU({ approximate: "tanh" }).forward(tensor([-1, 0, 1])).toNested()); // [-0.1588, 0, 0.8412]
 * ```
 */
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
