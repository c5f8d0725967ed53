// Powers and logarithms of four floats, by way of the base-2 logarithm in float64: an error of the exponent would be
// multiplied by it. Relative errors stay below 2e-7; NaN, infinities and signed zeros behave as in the C library.
import { madd, select } from "./simd";

// log₂ m = s·p(s²) with s = (m - 1) / (m + 1), and log₁₀ 2.
const LOG2 = memory.data<f64>([
  0.34075042945503525, 0.4116717006859973, 0.577083600204864, 0.9617966732764456, 2.8853900817901, 1,
  0.3010299956639812, -170, 170,
]);
// (2^r - 1) / r.
const EXP2 = memory.data<f32>([
  1.53533398e-4, 1.33989007e-3, 9.61843761e-3, 5.55033241e-2, 0.240226479, 0.693147203, 1,
]);
const SQRT_HALF: i64 = 0x3fe6a09e00000000;

// @ts-ignore: decorator
@inline
function wide(k: usize): v128 {
  return v128.load64_splat(LOG2 + (k << 3));
}

// @ts-ignore: decorator
@inline
function narrow(k: usize): v128 {
  return v128.load32_splat(EXP2 + (k << 2));
}

/** log₂ x of two doubles that were floats and are not negative: x = 2^e·m with sqrt(1/2) <= m < sqrt(2). */
function log2Half(x: v128): v128 {
  const bits = i64x2.add(x, i64x2.splat(0x3ff0000000000000 - SQRT_HALF));
  const upper = v128.shuffle<i32>(bits, bits, 1, 3, 1, 3);
  const e = f64x2.convert_low_i32x4_s(i32x4.sub(i32x4.shr_s(upper, 20), i32x4.splat(1023)));
  const m = i64x2.add(v128.and(bits, i64x2.splat(0x000fffffffffffff)), i64x2.splat(SQRT_HALF));
  const s = f64x2.div(f64x2.sub(m, wide(5)), f64x2.add(m, wide(5)));
  const square = f64x2.mul(s, s);
  let p = f64x2.add(f64x2.mul(wide(0), square), wide(1));
  p = f64x2.add(f64x2.mul(p, square), wide(2));
  p = f64x2.add(f64x2.mul(p, square), wide(3));
  p = f64x2.add(f64x2.mul(p, square), wide(4));
  const y = f64x2.add(e, f64x2.mul(p, s));
  // Infinity and NaN are their own logarithms.
  const finite = select(y, x, f64x2.lt(x, f64x2.splat(Infinity)));
  return select(f64x2.splat(-Infinity), finite, f64x2.eq(x, f64x2.splat(0)));
}

// @ts-ignore: decorator
@inline
function lower(x: v128): v128 {
  return f64x2.promote_low_f32x4(x);
}

// @ts-ignore: decorator
@inline
function upper(x: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<f32>(x, x, 2, 3, 2, 3));
}

/** 2^x of four doubles. Subnormal results are right. */
function exp2Halves(low: v128, high: v128): v128 {
  low = f64x2.pmin(f64x2.pmax(low, wide(7)), wide(8));
  high = f64x2.pmin(f64x2.pmax(high, wide(7)), wide(8));
  const nLow = f64x2.nearest(low);
  const nHigh = f64x2.nearest(high);
  const r = v128.shuffle<f32>(
    f32x4.demote_f64x2_zero(f64x2.sub(low, nLow)), f32x4.demote_f64x2_zero(f64x2.sub(high, nHigh)), 0, 1, 4, 5,
  );
  const n = v128.shuffle<f32>(i32x4.trunc_sat_f64x2_s_zero(nLow), i32x4.trunc_sat_f64x2_s_zero(nHigh), 0, 1, 4, 5);
  let p = madd(narrow(0), r, narrow(1));
  p = madd(p, r, narrow(2));
  p = madd(p, r, narrow(3));
  p = madd(p, r, narrow(4));
  p = madd(p, r, narrow(5));
  p = madd(p, r, narrow(6));
  // Two factors, because 2^n alone may overflow or be subnormal where the result is not.
  const half = i32x4.shr_s(n, 1);
  const one = i32x4.splat(127);
  return f32x4.mul(
    f32x4.mul(p, i32x4.shl(i32x4.add(half, one), 23)), i32x4.shl(i32x4.add(i32x4.sub(n, half), one), 23),
  );
}

/** 2^x. */
export function exp2_4(x: v128): v128 {
  return exp2Halves(lower(x), upper(x));
}

// @ts-ignore: decorator
@inline
function logScaled(x: v128, scale: v128): v128 {
  const size = f32x4.abs(x);
  const low = f64x2.mul(log2Half(lower(size)), scale);
  const high = f64x2.mul(log2Half(upper(size)), scale);
  const y = v128.shuffle<f32>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 1, 4, 5);
  return select(f32x4.splat(NaN), y, f32x4.lt(x, f32x4.splat(0)));
}

/** log₂ x. */
export function log2_4(x: v128): v128 {
  return logScaled(x, wide(5));
}

/** log₁₀ x. */
export function log10_4(x: v128): v128 {
  return logScaled(x, wide(6));
}

/** x^y = 2^(y·log₂|x|), negative for negative x and odd y. */
export function pow4(x: v128, y: v128): v128 {
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  const infinity = f32x4.splat(Infinity);
  const size = f32x4.abs(x);
  const power = exp2Halves(
    f64x2.mul(log2Half(lower(size)), lower(y)), f64x2.mul(log2Half(upper(size)), upper(y)),
  );
  const half = f32x4.mul(y, f32x4.splat(0.5));
  const isInteger = f32x4.eq(f32x4.trunc(y), y);
  const isOdd = v128.and(isInteger, f32x4.ne(f32x4.trunc(half), half));
  const sign = v128.and(v128.and(x, i32x4.splat(0x80000000)), isOdd);
  const isFiniteNegative = v128.and(f32x4.lt(x, zero), f32x4.lt(size, infinity));
  const signed = select(f32x4.splat(NaN), v128.or(power, sign), v128.andnot(isFiniteNegative, isInteger));
  // Whatever the other operand is, even NaN.
  const minusOne = v128.and(f32x4.eq(size, one), f32x4.eq(f32x4.abs(y), infinity));
  return select(one, signed, v128.or(minusOne, v128.or(f32x4.eq(x, one), f32x4.eq(y, zero))));
}
