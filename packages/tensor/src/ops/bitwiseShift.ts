import { type Tensor, tensor } from "../tensor.ts";
import { bits } from "./bitwiseAnd.ts";
import { cast } from "./cast.ts";
import { floorDivide } from "./floorDivide.ts";
import { greater } from "./greater.ts";
import { indexSelect } from "./indexSelect.ts";
import { less } from "./less.ts";
import { logicalOr } from "./logicalOr.ts";
import { mul } from "./mul.ts";
import { neg } from "./neg.ts";
import type { Operand } from "./operand.ts";
import { reshape } from "./reshape.ts";
import { where } from "./where.ts";

/**
 * x · 2ⁿ, element-wise, in 32 bits: the upper ones are lost; 0 where n is not in [0, 31]. The operands broadcast together.
 * @throws {ShapeError} if the shapes do not broadcast. @throws {DTypeError} if an operand is float.
 * Source: https://pytorch.org/docs/stable/generated/torch.bitwise_left_shift.html
 *
 * @example
 * ```ts
 * import { bitwiseLeftShift, tensor } from "@graftjs/tensor";
 *
 * console.log(bitwiseLeftShift(tensor(Int32Array.of(1, -3)), 4).toNested()); // [16, -48]
 * ```
 */
export function bitwiseLeftShift(x: Operand, n: Operand): Tensor {
  const [a, by] = bits("bitwiseLeftShift", x, n).map((t) => cast(t, "int32")) as [Tensor, Tensor];
  return where(outside(by, 31), 0, mul(a, powerOfTwo(by)));
}

/**
 * ⌊x / 2ⁿ⌋, element-wise: the sign stays, as in PyTorch; 0 or -1 where n is not in [0, 31]. The operands broadcast together.
 * @throws {ShapeError} if the shapes do not broadcast. @throws {DTypeError} if an operand is float.
 * Source: https://pytorch.org/docs/stable/generated/torch.bitwise_right_shift.html
 *
 * @example
 * ```ts
 * import { bitwiseRightShift, tensor } from "@graftjs/tensor";
 *
 * console.log(bitwiseRightShift(tensor(Int32Array.of(17, -17)), 4).toNested()); // [1, -2]
 * ```
 */
export function bitwiseRightShift(x: Operand, n: Operand): Tensor {
  const [a, by] = bits("bitwiseRightShift", x, n).map((t) => cast(t, "int32")) as [Tensor, Tensor];
  // 2³¹ is no int32; what is shifted by 31 and more is all sign.
  return where(outside(by, 30), neg(cast(less(a, 0), "int32")), floorDivide(a, powerOfTwo(by)));
}

function outside(n: Tensor, most: number): Tensor {
  return logicalOr(less(n, 0), greater(n, most));
}

/** 2ⁿ by int32 n in [0, 31]. */
function powerOfTwo(n: Tensor): Tensor {
  const powers = tensor(Int32Array.from({ length: 32 }, (_, i) => 1 << i));
  const places = where(outside(n, 31), 0, n);
  return reshape(indexSelect(powers, reshape(places, [n.size])), n.shape);
}
