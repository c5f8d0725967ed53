import { apply1 } from "../apply.ts";
import type { Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { defineElementwise, floats } from "./define.ts";
import { erfcOf, erfOf } from "./erf.ts";
import { exp } from "./exp.ts";
import { mul } from "./mul.ts";
import { floating } from "./operand.ts";

export const erfinvOp: Op<object> = defineElementwise({
  name: "erfinv",
  arity: 1,
  accepts: floats,
  scalar: erfinvOf,
  grad: ({ grad, output }) => [mul(grad, mul(Math.sqrt(Math.PI) / 2, exp(mul(output, output))))],
  samples: [{ attrs: {}, inputs: [{ shape: [2, 3], range: [-0.95, 0.95] }] }],
});

/**
 * The y with erf y = x, element-wise; of the shape and dtype of `x` (float32 if that is int32 or bool). Infinite at 1 and
 * -1, NaN beyond.
 * Source: https://pytorch.org/docs/stable/generated/torch.erfinv.html
 *
 * @example
 * ```ts
 * import { erfinv, tensor } from "@graftjs/tensor";
 *
 * console.log(erfinv(tensor([0, 0.5, 1])).toNested()); // [0, 0.4769, Infinity]
 * ```
 */
export function erfinv(x: Tensor): Tensor {
  return apply1(erfinvOp, [floating(x)], {});
}

/** Winitzki's approximation, then Newton's method, on erfc where erf is nearly 1. */
function erfinvOf(x: number): number {
  const size = Math.abs(x);
  if (!(size < 1) || size === 0) return size === 1 ? x * Number.POSITIVE_INFINITY : size === 0 ? x : Number.NaN;
  const log = Math.log1p(-size * size);
  const half = 2 / (Math.PI * 0.147) + log / 2;
  let y = Math.sqrt(Math.sqrt(half * half - log / 0.147) - half);
  for (let i = 0; i < 4; i++) {
    const error = size < 0.5 ? erfOf(y) - size : 1 - size - erfcOf(y);
    y -= (error * Math.sqrt(Math.PI) * Math.exp(y * y)) / 2;
  }
  return x < 0 ? -y : y;
}
