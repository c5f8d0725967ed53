import type { Tensor } from "../tensor.ts";
import { abs } from "./abs.ts";
import { add } from "./add.ts";
import { equal } from "./equal.ts";
import { isfinite } from "./isfinite.ts";
import { isnan } from "./isnan.ts";
import { lessEqual } from "./lessEqual.ts";
import { logicalAnd } from "./logicalAnd.ts";
import { logicalOr } from "./logicalOr.ts";
import { mul } from "./mul.ts";
import { floatOperands, type Operand } from "./operand.ts";
import { sub } from "./sub.ts";

/** Options of {@link isclose} and {@link allclose}. */
export interface IscloseOptions {
  /** What the difference may be relative to |y|. Default 1e-5. */
  readonly rtol?: number;
  /** What the difference may be. Default 1e-8. */
  readonly atol?: number;
  /** Whether NaN is close to NaN. Default false. */
  readonly equalNan?: boolean;
}

/**
 * Whether |x - y| <= atol + rtol · |y|, or x = y, element-wise; the operands broadcast together, the result is bool. An
 * infinity is close to itself alone.
 * @throws {ShapeError} if the shapes do not broadcast.
 * Source: https://pytorch.org/docs/stable/generated/torch.isclose.html
 *
 * @example
 * ```ts
 * import { isclose, tensor } from "@graftjs/tensor";
 *
 * console.log(isclose(tensor([1, 2, NaN]), tensor([1.000001, 2.1, NaN]), { equalNan: true }).toNested()); // [1, 0, 1]
 * ```
 */
export function isclose(x: Operand, y: Operand, options: IscloseOptions = {}): Tensor {
  const { rtol = 1e-5, atol = 1e-8, equalNan = false } = options;
  const [a, b] = floatOperands(x, y) as [Tensor, Tensor];
  const distance = abs(sub(a, b));
  const near = logicalAnd(isfinite(distance), lessEqual(distance, add(atol, mul(rtol, abs(b)))));
  const close = logicalOr(equal(a, b), near);
  return equalNan ? logicalOr(close, logicalAnd(isnan(a), isnan(b))) : close;
}

/**
 * Whether all elements are close in the sense of {@link isclose}. Reads the values: not inside of a compiled function.
 * @throws {ShapeError} if the shapes do not broadcast. @throws {TraceError} inside of a compiled function.
 * Source: https://pytorch.org/docs/stable/generated/torch.allclose.html
 *
 * @example
 * ```ts
 * import { allclose, tensor } from "@graftjs/tensor";
 *
 * const [x, y] = [tensor([1, 2]), tensor([1, 2.1])];
 * console.log(allclose(x, y), allclose(x, y, { atol: 0.2 })); // false true
 * ```
 */
export function allclose(x: Operand, y: Operand, options: IscloseOptions = {}): boolean {
  return isclose(x, y, options)
    .toArray()
    .every((close) => close !== 0);
}
