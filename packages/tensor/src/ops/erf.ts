import { apply1 } from "../apply.ts";
import type { Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { defineElementwise, floats } from "./define.ts";
import { exp } from "./exp.ts";
import { mul } from "./mul.ts";
import { neg } from "./neg.ts";
import { floating } from "./operand.ts";

export const erfOp: Op<object> = defineElementwise({
  name: "erf",
  arity: 1,
  accepts: floats,
  scalar: erfOf,
  grad: ({ grad }, x) => [mul(grad, mul(2 / Math.sqrt(Math.PI), exp(neg(mul(x, x)))))],
  samples: [{ attrs: {}, inputs: [[2, 3]] }],
});

/**
 * y = 2/√π ∫₀ˣ e^(-t²) dt, element-wise; of the shape and dtype of `x` (float32 if that is int32 or bool).
 * Source: https://pytorch.org/docs/stable/generated/torch.erf.html
 *
 * @example
 * ```ts
 * import { erf, tensor } from "@graftjs/tensor";
 *
 * console.log(erf(tensor([0, 0.5, 1])).toNested()); // [0, 0.5205, 0.8427]
 * ```
 */
export function erf(x: Tensor): Tensor {
  return apply1(erfOp, [floating(x)], {});
}

/** Maclaurin series near 0, continued fraction of erfc in the tails (Abramowitz & Stegun 7.1.6, 7.1.14); to f64 precision. */
export function erfOf(x: number): number {
  const a = Math.abs(x);
  if (!(a < 6)) return Number.isNaN(x) ? x : Math.sign(x);
  return Math.sign(x) * (a < NEAR ? series(a) : 1 - tail(a));
}

/** 1 - erf x, without cancellation. */
export function erfcOf(x: number): number {
  const a = Math.abs(x);
  if (!(a < 30)) return Number.isNaN(x) ? x : x < 0 ? 2 : 0;
  if (a < NEAR) return 1 - Math.sign(x) * series(a);
  return x < 0 ? 2 - tail(a) : tail(a);
}

const NEAR = 2;

function series(a: number): number {
  let term = a;
  let total = a;
  for (let n = 1; Math.abs(term) > 1e-17 * total; n++) {
    term *= (2 * a * a) / (2 * n + 1);
    total += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-a * a) * total;
}

function tail(a: number): number {
  let fraction = 0;
  for (let n = 100; n > 0; n--) fraction = n / 2 / (a + fraction);
  return Math.exp(-a * a) / Math.sqrt(Math.PI) / (a + fraction);
}
