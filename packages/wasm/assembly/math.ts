// Elementary functions on four floats. Polynomials are near-minimax fits of our own (weighted least squares in float64);
// relative errors stay below 2e-7 where nothing else is said. NaN, infinities and signed zeros behave as in Math.*.
import { madd, select } from "./simd";

// @ts-ignore: decorator
@inline
function c4(x: f32): v128 {
  return f32x4.splat(x);
}

// Constants are read from memory: engines build a vector constant anew, in several instructions, at every use.
const EXP = memory.data<f32>([
  -104, 89, 1.44269504, 12583166, -0.693359375, 2.12194440e-4, 1.9790248608e-4, 1.3944759163e-3, 8.3334976686e-3,
  4.1666293625e-2, 1.6666665865e-1, 5.0000000680e-1, 1,
]);

/** Constant `k` of a table, in all lanes. */
// @ts-ignore: decorator
@inline
function at(table: usize, k: usize): v128 {
  return v128.load32_splat(table + (k << 2));
}

/** e^x: x = n·ln 2 + r with |r| <= ln 2 / 2, and a polynomial in r. Subnormal results are right. */
// @ts-ignore: decorator
@inline
export function exp4(x: v128): v128 {
  // Outside of this range the result is 0 or infinity anyway; pmin and pmax let NaN through.
  x = f32x4.pmin(f32x4.pmax(x, at(EXP, 0)), at(EXP, 1));
  // Adding 1.5 * 2^23 + 254 rounds to an integer n, and n + 254 then stands in the low bits.
  const shifted = madd(x, at(EXP, 2), at(EXP, 3));
  const n = f32x4.sub(shifted, at(EXP, 3));
  // ln 2 in two parts; the first has so few bits that its product with n is exact.
  const r = madd(n, at(EXP, 5), madd(n, at(EXP, 4), x));
  // Pairs of terms first: shorter chains, so that more vectors are in flight.
  const square = f32x4.mul(r, r);
  let p = madd(madd(at(EXP, 6), r, at(EXP, 7)), square, madd(at(EXP, 8), r, at(EXP, 9)));
  p = madd(p, square, madd(at(EXP, 10), r, at(EXP, 11)));
  p = f32x4.add(madd(p, square, r), at(EXP, 12));
  // Two powers of two, because 2^n alone may overflow or be subnormal where the result is not: with 127 added, h and
  // n + 254 - h are the exponents of 2^(n / 2), rounded down, and of the rest. Higher bits are shifted out.
  const h = i32x4.shr_u(shifted, 1);
  return f32x4.mul(f32x4.mul(p, i32x4.shl(h, 23)), i32x4.shl(i32x4.sub(shifted, h), 23));
}

const LOG = memory.data<f32>([
  1.17549435e-38, 8388608, 1, 0.0674660133, -0.1167564131, 0.118881746, -0.1240559142, 0.1421955091, -0.1666799567,
  0.2000211873, -0.250000096, 0.333333126, -2.12194440e-4, 0.5, 0.693359375, -Infinity, NaN, Infinity,
]);

/** ln x: x = 2^e·(1 + r) with sqrt(1/2) <= 1 + r < sqrt(2), and a polynomial in r. */
// @ts-ignore: decorator
@inline
export function log4(x: v128): v128 {
  const zero = c4(0);
  const isSubnormal = f32x4.lt(x, at(LOG, 0));
  const scaled = select(f32x4.mul(x, at(LOG, 1)), x, isSubnormal);
  // Adding this to the bits moves the exponent's step from 1 to sqrt(1/2).
  const bits = i32x4.add(scaled, i32x4.splat(0x3f800000 - 0x3f3504f3));
  let exponent = i32x4.sub(i32x4.shr_s(bits, 23), i32x4.splat(127));
  exponent = i32x4.sub(exponent, v128.and(isSubnormal, i32x4.splat(23)));
  const mantissa = i32x4.add(v128.and(bits, i32x4.splat(0x007fffff)), i32x4.splat(0x3f3504f3));
  const r = f32x4.sub(mantissa, at(LOG, 2));
  const e = f32x4.convert_i32x4_s(exponent);
  let p = madd(at(LOG, 3), r, at(LOG, 4));
  p = madd(p, r, at(LOG, 5));
  p = madd(p, r, at(LOG, 6));
  p = madd(p, r, at(LOG, 7));
  p = madd(p, r, at(LOG, 8));
  p = madd(p, r, at(LOG, 9));
  p = madd(p, r, at(LOG, 10));
  p = madd(p, r, at(LOG, 11));
  const square = f32x4.mul(r, r);
  let y = f32x4.mul(f32x4.mul(p, square), r);
  y = madd(e, at(LOG, 12), y);
  y = f32x4.sub(y, f32x4.mul(square, at(LOG, 13)));
  y = madd(e, at(LOG, 14), f32x4.add(r, y));
  y = select(at(LOG, 15), y, f32x4.eq(x, zero));
  // NaN for negative numbers, x itself for NaN and infinity.
  y = select(at(LOG, 16), y, f32x4.lt(x, zero));
  return select(y, x, f32x4.lt(x, at(LOG, 17)));
}

const TANH = memory.data<f32>([
  -5.7170366e-3, 2.0650579e-2, -5.37434953e-2, 1.333149125e-1, -3.333328392e-1, 1, 2, 0.625,
]);

/** tanh x: a polynomial near 0, 1 - 2 / (e^2|x| + 1) with the sign of x elsewhere. */
// @ts-ignore: decorator
@inline
export function tanh4(x: v128): v128 {
  const sign = i32x4.splat(0x80000000);
  const size = v128.andnot(x, sign);
  const square = f32x4.mul(x, x);
  let p = madd(at(TANH, 0), square, at(TANH, 1));
  p = madd(p, square, at(TANH, 2));
  p = madd(p, square, at(TANH, 3));
  p = madd(p, square, at(TANH, 4));
  const near = v128.or(madd(f32x4.mul(p, square), x, x), v128.and(x, sign));
  const e = exp4(f32x4.add(size, size));
  const far = f32x4.sub(at(TANH, 5), f32x4.div(at(TANH, 6), f32x4.add(e, at(TANH, 5))));
  return select(near, v128.or(far, v128.and(x, sign)), f32x4.lt(size, at(TANH, 7)));
}

/** 1 / (1 + e^-x), from e^-|x| so that nothing overflows. */
// @ts-ignore: decorator
@inline
export function sigmoid4(x: v128): v128 {
  const e = exp4(v128.or(x, i32x4.splat(0x80000000)));
  const top = select(e, c4(1), f32x4.lt(x, c4(0)));
  return f32x4.div(top, f32x4.add(c4(1), e));
}

const ERF = memory.data<f32>([
  -4, 4, 1.98678965e-6, 2.84565367e-4, 3.88331419e-3, 5.31016542e-2, 1.93544349e-1, 1.12837914, 3.74202225e-5,
  1.18556417e-3, 1.52071914e-2, 1.15349707e-1, 5.04856769e-1, 1, -1,
]);

/** erf x = x·p(x²) / q(x²), all coefficients positive; from 4 on it is 1 in float32. The relative error is below 4e-7. */
// @ts-ignore: decorator
@inline
export function erf4(x: v128): v128 {
  x = f32x4.pmin(f32x4.pmax(x, at(ERF, 0)), at(ERF, 1));
  const square = f32x4.mul(x, x);
  let p = madd(at(ERF, 2), square, at(ERF, 3));
  let q = madd(at(ERF, 8), square, at(ERF, 9));
  p = madd(p, square, at(ERF, 4));
  q = madd(q, square, at(ERF, 10));
  p = madd(p, square, at(ERF, 5));
  q = madd(q, square, at(ERF, 11));
  p = madd(p, square, at(ERF, 6));
  q = madd(q, square, at(ERF, 12));
  p = madd(p, square, at(ERF, 7));
  q = madd(q, square, at(ERF, 13));
  const y = f32x4.div(f32x4.mul(p, x), q);
  return f32x4.pmin(f32x4.pmax(y, at(ERF, 14)), at(ERF, 13));
}

const GELU = memory.data<f32>([0.707106781, 0.5]);

/** x · Φ(x), of erf; the error is below 4e-7 · |x|. */
// @ts-ignore: decorator
@inline
export function gelu4(x: v128): v128 {
  const half = f32x4.mul(x, at(GELU, 1));
  return madd(half, erf4(f32x4.mul(x, at(GELU, 0))), half);
}

const GELU_GRAD = memory.data<f32>([
  -6, 6, 1.7046366e-8, 9.22530418e-7, 3.40919039e-5, 0.00020273144, 0.0138573398, -0.0223712456, 0.797884531,
  1.31476972e-9, 3.38978831e-7, 1.03077348e-5, 0.000245324197, 0.00397150868, 0.0441335959, 0.305294763, 1, 0.5,
]);

/** dy · (Φ(x) + x · φ(x)): 1 / 2 + x·p(x²) / q(x²), from 6 on 0 and 1 nearly. The error of the factor of dy is below 3e-7. */
// @ts-ignore: decorator
@inline
export function geluGrad4(dy: v128, x: v128): v128 {
  x = f32x4.pmin(f32x4.pmax(x, at(GELU_GRAD, 0)), at(GELU_GRAD, 1));
  const square = f32x4.mul(x, x);
  let q = madd(at(GELU_GRAD, 9), square, at(GELU_GRAD, 10));
  let p = madd(at(GELU_GRAD, 2), square, at(GELU_GRAD, 3));
  q = madd(q, square, at(GELU_GRAD, 11));
  p = madd(p, square, at(GELU_GRAD, 4));
  q = madd(q, square, at(GELU_GRAD, 12));
  p = madd(p, square, at(GELU_GRAD, 5));
  q = madd(q, square, at(GELU_GRAD, 13));
  p = madd(p, square, at(GELU_GRAD, 6));
  q = madd(q, square, at(GELU_GRAD, 14));
  p = madd(p, square, at(GELU_GRAD, 7));
  q = madd(q, square, at(GELU_GRAD, 15));
  p = madd(p, square, at(GELU_GRAD, 8));
  q = madd(q, square, at(GELU_GRAD, 16));
  return f32x4.mul(dy, f32x4.add(f32x4.div(f32x4.mul(p, x), q), at(GELU_GRAD, 17)));
}

const EXPM1 = memory.data<f32>([
  -30, 89, 1.44269504, 12582912, -0.693359375, 2.12194440e-4, 1.38824837e-3, 8.36670583e-3, 4.16672059e-2, 0.166665422,
  0.499999981, 0.5,
]);

/** e^x - 1, also where x is tiny: x = n·ln 2 + r as in exp4, then 2^n·(e^r - 1) + (2^n - 1), all halved. */
// @ts-ignore: decorator
@inline
export function expm1_4(x: v128): v128 {
  const sign = v128.and(x, i32x4.splat(0x80000000));
  x = f32x4.pmin(f32x4.pmax(x, at(EXPM1, 0)), at(EXPM1, 1));
  const shifted = madd(x, at(EXPM1, 2), at(EXPM1, 3));
  const n = f32x4.sub(shifted, at(EXPM1, 3));
  const r = madd(n, at(EXPM1, 5), madd(n, at(EXPM1, 4), x));
  let p = madd(at(EXPM1, 6), r, at(EXPM1, 7));
  p = madd(p, r, at(EXPM1, 8));
  p = madd(p, r, at(EXPM1, 9));
  p = madd(p, r, at(EXPM1, 10));
  p = madd(f32x4.mul(p, r), r, r);
  const power = i32x4.shl(i32x4.add(shifted, i32x4.splat(126)), 23);
  const half = madd(p, power, f32x4.sub(power, at(EXPM1, 11)));
  return v128.or(f32x4.add(half, half), sign);
}

/** ln(1 + x), also where x is tiny: the logarithm of the rounded sum, and what rounding took off it. */
// @ts-ignore: decorator
@inline
export function log1p4(x: v128): v128 {
  const one = c4(1);
  const u = f32x4.add(one, x);
  const lost = select(f32x4.sub(one, f32x4.sub(u, x)), f32x4.sub(x, f32x4.sub(u, one)), f32x4.ge(x, one));
  const y = f32x4.add(log4(u), f32x4.div(lost, u));
  const bounded = select(y, x, f32x4.lt(x, at(LOG, 17)));
  // 0 keeps its sign.
  return v128.or(select(at(LOG, 15), bounded, f32x4.eq(u, c4(0))), v128.and(x, i32x4.splat(0x80000000)));
}
