// Small SIMD helpers shared by all kernels.

/** a*b + c: one fused operation on the relaxed-SIMD build, two rounded ones otherwise. */
// @ts-ignore: decorator
@inline
export function madd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}

/** Lanes of a where those of the mask are all ones, of b where they are zero. */
// @ts-ignore: decorator
@inline
export function select(a: v128, b: v128, mask: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return i32x4.relaxed_laneselect(a, b, mask);
  return v128.bitselect(a, b, mask);
}

/** Clamps to [lo, hi]; NaN stays NaN. */
// @ts-ignore: decorator
@inline
export function clamp4(x: v128, lo: v128, hi: v128): v128 {
  return f32x4.pmin(f32x4.pmax(x, lo), hi);
}

/** Clamps to [lo, hi]; NaN stays NaN. */
// @ts-ignore: decorator
@inline
export function clamp1(x: f32, lo: f32, hi: f32): f32 {
  return x < lo ? lo : x > hi ? hi : x;
}

/** Sum of the four lanes, in a fixed order. */
// @ts-ignore: decorator
@inline
export function sumLanes(x: v128): f32 {
  return f32x4.extract_lane(x, 0) + f32x4.extract_lane(x, 2) + (f32x4.extract_lane(x, 1) + f32x4.extract_lane(x, 3));
}

/** The lane sums of four vectors, each in the order of sumLanes. */
// @ts-ignore: decorator
@inline
export function sumLanes4(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 4, 1, 5), v128.shuffle<f32>(a, b, 2, 6, 3, 7));
  const cd = f32x4.add(v128.shuffle<f32>(c, d, 0, 4, 1, 5), v128.shuffle<f32>(c, d, 2, 6, 3, 7));
  return f32x4.add(v128.shuffle<f32>(ab, cd, 0, 1, 4, 5), v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
}

/** The first `count` (1 to 4) floats at `at`; the other lanes are `fill`. */
// @ts-ignore: decorator
@inline
export function loadPart(at: usize, count: i32, fill: f32): v128 {
  if (count >= 4) return v128.load(at);
  let x = f32x4.replace_lane(f32x4.splat(fill), 0, load<f32>(at));
  if (count > 1) x = v128.load32_lane(at, x, 1, 4);
  if (count > 2) x = v128.load32_lane(at, x, 2, 8);
  return x;
}

/** Stores the first `count` (1 to 4) lanes. */
// @ts-ignore: decorator
@inline
export function storePart(at: usize, x: v128, count: i32): void {
  if (count >= 4) {
    v128.store(at, x);
    return;
  }
  v128.store32_lane(at, x, 0);
  if (count > 1) v128.store32_lane(at, x, 1, 4);
  if (count > 2) v128.store32_lane(at, x, 2, 8);
}

/** Zeroes `bytes` bytes (a multiple of 4); for short runs, where memory.fill costs a call out of WebAssembly. */
// @ts-ignore: decorator
@inline
export function zero(at: usize, bytes: usize): void {
  let i: usize = 0;
  for (; i + 16 <= bytes; i += 16) v128.store(at + i, i32x4.splat(0));
  for (; i < bytes; i += 4) store<i32>(at + i, 0);
}

/** Copies `bytes` bytes (a multiple of 4); for short runs, as `zero`. */
// @ts-ignore: decorator
@inline
export function copyShort(from: usize, to: usize, bytes: usize): void {
  if (bytes < 16) {
    for (let i: usize = 0; i < bytes; i += 4) store<f32>(to + i, load<f32>(from + i));
    return;
  }
  // The last vector may overlap the one before.
  for (let i: usize = 0; i < bytes - 16; i += 16) v128.store(to + i, v128.load(from + i));
  v128.store(to + bytes - 16, v128.load(from + bytes - 16));
}
