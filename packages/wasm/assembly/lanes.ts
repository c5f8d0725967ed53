// Functions that are rare in training: for them accuracy, and little code, matter more than speed. Most are taken lane by
// lane from the standard library. Errors stay below 4e-7 relative; edge cases are those of the C library.
import { erf4, exp4, log4 } from "./math";
import { exp2_4, log10_4, log2_4 } from "./power";
import { madd, select } from "./simd";
import {
  F_ACOS, F_ACOSH, F_ASIN, F_ASINH, F_ATAN, F_ATAN2, F_ATANH, F_COSH, F_ERFC, F_ERFINV, F_EXP2, F_FLOOR_DIVIDE, F_FMOD,
  F_HYPOT, F_LOG10, F_LOG2, F_SINH, F_TAN, I_FLOOR_DIVIDE, I_FMOD,
} from "../src/opcodes";

/** Runs a rare micro-op on four lanes; y is there for those of two operands alone. */
export function rare(code: i32, x: v128, y: v128): v128 {
  switch (code) {
    case F_ERFC: return erfc4(x);
    case F_ERFINV: return erfinv4(x);
    case F_EXP2: return exp2_4(x);
    case F_LOG10: return log10_4(x);
    case F_LOG2: return log2_4(x);
    case I_FLOOR_DIVIDE:
    case I_FMOD: {
      let z = i32x4.splat(integer(code, i32x4.extract_lane(x, 0), i32x4.extract_lane(y, 0)));
      z = i32x4.replace_lane(z, 1, integer(code, i32x4.extract_lane(x, 1), i32x4.extract_lane(y, 1)));
      z = i32x4.replace_lane(z, 2, integer(code, i32x4.extract_lane(x, 2), i32x4.extract_lane(y, 2)));
      return i32x4.replace_lane(z, 3, integer(code, i32x4.extract_lane(x, 3), i32x4.extract_lane(y, 3)));
    }
  }
  let z = f32x4.splat(float(code, f32x4.extract_lane(x, 0), f32x4.extract_lane(y, 0)));
  z = f32x4.replace_lane(z, 1, float(code, f32x4.extract_lane(x, 1), f32x4.extract_lane(y, 1)));
  z = f32x4.replace_lane(z, 2, float(code, f32x4.extract_lane(x, 2), f32x4.extract_lane(y, 2)));
  return f32x4.replace_lane(z, 3, float(code, f32x4.extract_lane(x, 3), f32x4.extract_lane(y, 3)));
}

function float(code: i32, x: f32, y: f32): f32 {
  switch (code) {
    case F_ACOS: return Mathf.acos(x);
    case F_ACOSH: return Mathf.acosh(x);
    case F_ASIN: return Mathf.asin(x);
    case F_ASINH: return Mathf.asinh(x);
    case F_ATAN: return Mathf.atan(x);
    case F_ATAN2: return Mathf.atan2(x, y);
    case F_ATANH: return Mathf.atanh(x);
    case F_COSH: return Mathf.cosh(x);
    case F_FLOOR_DIVIDE: return floorDivide(x, y);
    case F_FMOD: return x % y;
    case F_HYPOT: return hypot(x, y);
    case F_SINH: return Mathf.sinh(x);
    case F_TAN: return Mathf.tan(x);
  }
  return unreachable();
}

/** Division by 0 gives 0; the quotient of the smallest number and -1 wraps around. */
function integer(code: i32, x: i32, y: i32): i32 {
  if (y == 0) return 0;
  if (y == -1) return code == I_FMOD ? 0 : -x;
  const rest = x % y;
  if (code == I_FMOD) return rest;
  return x / y - i32(rest != 0 && rest < 0 != y < 0);
}

/** floor(x / y) of the exact quotient. */
function floorDivide(x: f32, y: f32): f32 {
  if (y == 0) return x / y;
  const rest = x % y;
  let quotient = (<f64>x - <f64>rest) / <f64>y;
  if (rest != 0 && rest < 0 != y < 0) quotient -= 1;
  return quotient == 0 ? 0 * (x / y) : <f32>nearest(quotient);
}

/** In float64, where squares of floats do not overflow. */
function hypot(x: f32, y: f32): f32 {
  if (abs(x) == Infinity || abs(y) == Infinity) return Infinity;
  return <f32>sqrt(<f64>x * <f64>x + <f64>y * <f64>y);
}

// e^(a²)·erfc a = t·p(t) with t = 1 / (1 + 0.4·a).
const ERFC = memory.data<f32>([
  5.91173706e-2, -0.216314837, 0.221236974, -4.91341668e-2, 0.162394796, 0.162685156, 0.20874424, 0.225603107, 0.22567744,
]);

// erfinv x = x·p(w - 2.5), or x·p(sqrt(w) - 3), with w = -ln(1 - x²).
const ERFINV_NEAR = memory.data<f32>([
  2.850016e-8, 3.43662355e-7, -3.52851274e-6, -4.39618143e-6, 2.18601175e-4, -1.25370905e-3, -4.17770689e-3, 0.246640727,
  1.50140942,
]);
const ERFINV_FAR = memory.data<f32>([
  -2.00762878e-4, 1.03503039e-4, 1.34962691e-3, -3.67641037e-3, 5.73936837e-3, -7.6214666e-3, 9.43893838e-3, 1.00167402,
  2.83297692,
]);

/** A polynomial of degree 8. */
function polynomial(table: usize, x: v128): v128 {
  let p = v128.load32_splat(table);
  for (let k: usize = 1; k < 9; k++) p = madd(p, x, v128.load32_splat(table + (k << 2)));
  return p;
}

/** 1 - erf x, without cancellation. The relative error is below 1e-6. */
function erfc4(x: v128): v128 {
  const one = f32x4.splat(1);
  const a = f32x4.pmin(f32x4.abs(x), f32x4.splat(11));
  const t = f32x4.div(one, madd(a, f32x4.splat(0.4), one));
  // The square of the upper bits of a is exact, and so is what is missing of a², nearly: an error of it would grow with a².
  const h = v128.and(a, i32x4.splat(0xfffff000));
  const gauss = f32x4.mul(
    exp4(f32x4.neg(f32x4.mul(h, h))), exp4(f32x4.mul(f32x4.sub(h, a), f32x4.add(h, a))),
  );
  const tail = f32x4.mul(f32x4.mul(gauss, t), polynomial(ERFC, t));
  const far = select(f32x4.sub(f32x4.splat(2), tail), tail, f32x4.lt(x, f32x4.splat(0)));
  return select(f32x4.sub(one, erf4(x)), far, f32x4.lt(a, f32x4.splat(0.5)));
}

/** The relative error is below 6e-7. */
function erfinv4(x: v128): v128 {
  const one = f32x4.splat(1);
  const w = f32x4.neg(log4(f32x4.mul(f32x4.sub(one, x), f32x4.add(one, x))));
  const near = polynomial(ERFINV_NEAR, f32x4.sub(w, f32x4.splat(2.5)));
  const far = polynomial(ERFINV_FAR, f32x4.sub(f32x4.sqrt(w), f32x4.splat(3)));
  const factor = select(near, far, f32x4.lt(w, f32x4.splat(5)));
  return f32x4.mul(x, select(f32x4.splat(Infinity), factor, f32x4.eq(f32x4.abs(x), one)));
}
