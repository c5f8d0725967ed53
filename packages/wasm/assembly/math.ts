// Elementary functions on four floats. Polynomials are near-minimax fits of our own (weighted least squares in float64);
// relative errors stay below 2e-7. NaN, infinities and signed zeros behave as in Math.*.
import { madd, select } from "./simd";

// @ts-ignore: decorator
@inline
function c4(x: f32): v128 {
  return f32x4.splat(x);
}

/** 2^n for integers -126 <= n <= 127. */
// @ts-ignore: decorator
@inline
function power2(n: v128): v128 {
  return i32x4.shl(i32x4.add(n, i32x4.splat(127)), 23);
}

/** e^x: x = n·ln 2 + r with |r| <= ln 2 / 2, and a polynomial in r. Subnormal results are right. */
// @ts-ignore: decorator
@inline
export function exp4(x: v128): v128 {
  // Outside of this range the result is 0 or infinity anyway; pmin and pmax let NaN through.
  x = f32x4.pmin(f32x4.pmax(x, c4(-104)), c4(89));
  // Adding 1.5 * 2^23 rounds to an integer, which then stands in the low bits.
  const shifted = madd(x, c4(1.44269504), c4(12582912));
  const n = f32x4.sub(shifted, c4(12582912));
  // ln 2 in two parts; the first has so few bits that its product with n is exact.
  let r = f32x4.sub(x, f32x4.mul(n, c4(0.693359375)));
  r = f32x4.sub(r, f32x4.mul(n, c4(-2.12194440e-4)));
  let p = madd(c4(1.9790248608e-4), r, c4(1.3944759163e-3));
  p = madd(p, r, c4(8.3334976686e-3));
  p = madd(p, r, c4(4.1666293625e-2));
  p = madd(p, r, c4(1.6666665865e-1));
  p = madd(p, r, c4(5.0000000680e-1));
  p = f32x4.add(madd(p, f32x4.mul(r, r), r), c4(1));
  // Two steps, because 2^n alone may overflow or be subnormal where the result is not.
  const k = i32x4.sub(shifted, i32x4.splat(0x4b400000));
  const half = i32x4.shr_s(k, 1);
  return f32x4.mul(f32x4.mul(p, power2(half)), power2(i32x4.sub(k, half)));
}

/** ln x: x = 2^e·(1 + r) with sqrt(1/2) <= 1 + r < sqrt(2), and a polynomial in r. */
// @ts-ignore: decorator
@inline
export function log4(x: v128): v128 {
  const zero = c4(0);
  const isSubnormal = f32x4.lt(x, c4(1.17549435e-38));
  const scaled = select(f32x4.mul(x, c4(8388608)), x, isSubnormal);
  // Adding this to the bits moves the exponent's step from 1 to sqrt(1/2).
  const bits = i32x4.add(scaled, i32x4.splat(0x3f800000 - 0x3f3504f3));
  let exponent = i32x4.sub(i32x4.shr_s(bits, 23), i32x4.splat(127));
  exponent = i32x4.sub(exponent, v128.and(isSubnormal, i32x4.splat(23)));
  const mantissa = i32x4.add(v128.and(bits, i32x4.splat(0x007fffff)), i32x4.splat(0x3f3504f3));
  const r = f32x4.sub(mantissa, c4(1));
  const e = f32x4.convert_i32x4_s(exponent);
  let p = madd(c4(0.0674660133), r, c4(-0.1167564131));
  p = madd(p, r, c4(0.118881746));
  p = madd(p, r, c4(-0.1240559142));
  p = madd(p, r, c4(0.1421955091));
  p = madd(p, r, c4(-0.1666799567));
  p = madd(p, r, c4(0.2000211873));
  p = madd(p, r, c4(-0.250000096));
  p = madd(p, r, c4(0.333333126));
  const square = f32x4.mul(r, r);
  let y = f32x4.mul(f32x4.mul(p, square), r);
  y = madd(e, c4(-2.12194440e-4), y);
  y = f32x4.sub(y, f32x4.mul(square, c4(0.5)));
  y = madd(e, c4(0.693359375), f32x4.add(r, y));
  y = select(c4(-Infinity), y, f32x4.eq(x, zero));
  // NaN for negative numbers, x itself for NaN and infinity.
  y = select(c4(NaN), y, f32x4.lt(x, zero));
  return select(y, x, f32x4.lt(x, c4(Infinity)));
}

/** tanh x: a polynomial near 0, 1 - 2 / (e^2|x| + 1) with the sign of x elsewhere. */
// @ts-ignore: decorator
@inline
export function tanh4(x: v128): v128 {
  const sign = i32x4.splat(0x80000000);
  const size = v128.andnot(x, sign);
  const square = f32x4.mul(x, x);
  let p = madd(c4(-5.7170366e-3), square, c4(2.0650579e-2));
  p = madd(p, square, c4(-5.37434953e-2));
  p = madd(p, square, c4(1.333149125e-1));
  p = madd(p, square, c4(-3.333328392e-1));
  const near = v128.or(madd(f32x4.mul(p, square), x, x), v128.and(x, sign));
  const e = exp4(f32x4.add(size, size));
  const far = f32x4.sub(c4(1), f32x4.div(c4(2), f32x4.add(e, c4(1))));
  return select(near, v128.or(far, v128.and(x, sign)), f32x4.lt(size, c4(0.625)));
}

/** 1 / (1 + e^-x), from e^-|x| so that nothing overflows. */
// @ts-ignore: decorator
@inline
export function sigmoid4(x: v128): v128 {
  const e = exp4(v128.or(x, i32x4.splat(0x80000000)));
  const top = select(e, c4(1), f32x4.lt(x, c4(0)));
  return f32x4.div(top, f32x4.add(c4(1), e));
}

/** erf x: x·p(x²) below 1, 1 - e^-q(|x|) with the sign of x above. */
// @ts-ignore: decorator
@inline
export function erf4(x: v128): v128 {
  const sign = i32x4.splat(0x80000000);
  const size = v128.andnot(x, sign);
  const square = f32x4.mul(x, x);
  let p = madd(c4(7.8538577417e-5), square, c4(-8.0101925311e-4));
  p = madd(p, square, c4(5.1883275611e-3));
  p = madd(p, square, c4(-2.685381187e-2));
  p = madd(p, square, c4(1.1283585147e-1));
  p = madd(p, square, c4(-3.7612625824e-1));
  p = madd(p, square, c4(1.1283791657));
  const near = f32x4.mul(p, x);
  const a = f32x4.pmin(size, c4(4));
  let q = madd(c4(-1.8557489313e-4), a, c4(2.9396157347e-3));
  q = madd(q, a, c4(-2.1805351151e-2));
  q = madd(q, a, c4(1.0303743551e-1));
  q = madd(q, a, c4(6.3822560238e-1));
  q = madd(q, a, c4(1.12704008));
  q = madd(q, a, c4(3.5370893024e-4));
  const far = f32x4.sub(c4(1), exp4(f32x4.neg(q)));
  return select(near, v128.or(far, v128.and(x, sign)), f32x4.lt(size, c4(1)));
}
