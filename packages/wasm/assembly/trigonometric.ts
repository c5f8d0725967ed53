// Sine and cosine of four floats. The argument is reduced in float64, exactly enough up to 2^20 quarter turns; beyond that
// the standard library takes over, lane by lane. Relative errors stay below 2e-7; NaN and signed zeros behave as in Math.*.
import { madd, select } from "./simd";

// 2 / π; π / 2 in two parts, the first of 33 bits, so that its product with a count of quarter turns is exact.
const TURN = memory.data<f64>([0.6366197723675814, -1.5707963267341256, -6.077100506506192e-11]);

const SERIES = memory.data<f32>([
  2.718026e-6, -1.98393023e-4, 8.3333293e-3, -0.166666667, 2.44322088e-5, -1.38873081e-3, 4.16666455e-2, 0.5, 1,
]);

/** Below this, sin x is x. */
const TINY: f32 = 2.4e-4;
const LARGE: f32 = 1.6e6;

// @ts-ignore: decorator
@inline
function at(k: usize): v128 {
  return v128.load32_splat(SERIES + (k << 2));
}

// @ts-ignore: decorator
@inline
function turn(k: usize): v128 {
  return v128.load64_splat(TURN + (k << 3));
}

/** The quarter turns nearest to two floats, in float64. */
// @ts-ignore: decorator
@inline
function quarters(x: v128): v128 {
  return f64x2.nearest(f64x2.mul(x, turn(0)));
}

/** What remains of them. */
// @ts-ignore: decorator
@inline
function rest(x: v128, n: v128): v128 {
  return f64x2.add(f64x2.add(x, f64x2.mul(n, turn(1))), f64x2.mul(n, turn(2)));
}

/** sin(x + phase · π / 2). */
// @ts-ignore: decorator
@inline
function wave(x: v128, phase: i32): v128 {
  const low = f64x2.promote_low_f32x4(x);
  const high = f64x2.promote_low_f32x4(v128.shuffle<f32>(x, x, 2, 3, 2, 3));
  const nLow = quarters(low);
  const nHigh = quarters(high);
  const r = v128.shuffle<f32>(
    f32x4.demote_f64x2_zero(rest(low, nLow)), f32x4.demote_f64x2_zero(rest(high, nHigh)), 0, 1, 4, 5,
  );
  const n = v128.shuffle<f32>(i32x4.trunc_sat_f64x2_s_zero(nLow), i32x4.trunc_sat_f64x2_s_zero(nHigh), 0, 1, 4, 5);
  const q = i32x4.add(n, i32x4.splat(phase));
  const square = f32x4.mul(r, r);
  let s = madd(at(0), square, at(1));
  s = madd(s, square, at(2));
  s = madd(s, square, at(3));
  s = madd(f32x4.mul(s, square), r, r);
  let c = madd(at(4), square, at(5));
  c = madd(c, square, at(6));
  c = madd(f32x4.mul(c, square), square, f32x4.sub(at(8), f32x4.mul(square, at(7))));
  const y = select(c, s, i32x4.ne(v128.and(q, i32x4.splat(1)), i32x4.splat(0)));
  return v128.xor(y, i32x4.shl(v128.and(q, i32x4.splat(2)), 30));
}

export function sin4(x: v128): v128 {
  const size = f32x4.abs(x);
  const y = select(x, wave(x, 0), f32x4.lt(size, f32x4.splat(TINY)));
  const large = f32x4.gt(size, f32x4.splat(LARGE));
  return v128.any_true(large) ? select(sinLanes(x), y, large) : y;
}

export function cos4(x: v128): v128 {
  const large = f32x4.gt(f32x4.abs(x), f32x4.splat(LARGE));
  return v128.any_true(large) ? select(cosLanes(x), wave(x, 1), large) : wave(x, 1);
}

function sinLanes(x: v128): v128 {
  let y = f32x4.splat(Mathf.sin(f32x4.extract_lane(x, 0)));
  y = f32x4.replace_lane(y, 1, Mathf.sin(f32x4.extract_lane(x, 1)));
  y = f32x4.replace_lane(y, 2, Mathf.sin(f32x4.extract_lane(x, 2)));
  return f32x4.replace_lane(y, 3, Mathf.sin(f32x4.extract_lane(x, 3)));
}

function cosLanes(x: v128): v128 {
  let y = f32x4.splat(Mathf.cos(f32x4.extract_lane(x, 0)));
  y = f32x4.replace_lane(y, 1, Mathf.cos(f32x4.extract_lane(x, 1)));
  y = f32x4.replace_lane(y, 2, Mathf.cos(f32x4.extract_lane(x, 2)));
  return f32x4.replace_lane(y, 3, Mathf.cos(f32x4.extract_lane(x, 3)));
}
