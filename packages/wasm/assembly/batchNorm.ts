// batchNorm (training): mean and variance of each channel over [N, HW]; y = act(gamma * (x - mean) * invStd + beta) with
// invStd = 1 / sqrt(variance + eps), the variance biased (divided by N*HW).
//  0 x [N, C, HW]   1 gamma   2 beta   3 y   4 mean[C]   5 variance[C]
//  6 N   7 C   8 HW   9 eps   10 act (0 none, 1 relu, 2 clamp)   11 lo   12 hi
//
// batchNormGrad: dbeta = sum(dy), dgamma = sum(dy * xhat) with xhat = (x - mean) * invStd, and
// dx = gamma * invStd * (dy - dbeta / (N*HW) - xhat * dgamma / (N*HW)).
//  0 dy   1 x   2 gamma   3 mean   4 variance   5 dx (may be dy)   6 dgamma   7 dbeta
//  8 N   9 C   10 HW   11 eps   12 beta (optional)   13 lo   14 hi
// With beta, dy is the gradient of the result after act, and counts only where the result before it, computed again by
// the very operations of the forward kernel, lies strictly between the bounds.
//
// Threads split the channels. Sums are taken in blocks of 512 floats, added up in float64. Memory is what these kernels
// wait for: mean and variance come from one pass, over x less the mean of the first image, which costs no accuracy as
// long as that mean is within a few deviations of the whole batch's.
import { actHi, actLo, int, ptr, real } from "./args";
import { unitStart } from "./partition";
import { clamp4, loadPart, madd, storePart, sumLanes } from "./simd";

/** Floats in a block of a sum. */
const BLOCK = 512;

/** What is summed: x - pivot; dy; or dy where the result lies between the bounds. */
const CENTRED = 0;
const ALL = 1;
const WITHIN = 2;

// The channel: y = (x - pivot) * scale + shift; then the bounds.
let pivot: f32 = 0;
let scale: f32 = 0;
let shift: f32 = 0;
let lo: f32 = 0;
let hi: f32 = 0;

// Sums over a plane of g, as chosen above, and of g * (x - pivot).
let total: f64 = 0;
let product: f64 = 0;

// @ts-ignore: decorator
@inline
function deviation(variance: f32, epsilon: f32): f32 {
  return <f32>(1 / sqrt(<f64>variance + <f64>epsilon));
}

export function batchNorm(a: usize, tid: i32, nt: i32): void {
  const images = int(a, 6);
  const channels = int(a, 7);
  const size = int(a, 8);
  const count = <f64>images * <f64>size;
  const pitch = (<usize>channels * <usize>size) << 2;
  lo = actLo(a, 10);
  hi = actHi(a, 10);
  const end = unitStart(channels, tid + 1, nt);
  for (let c = unitStart(channels, tid, nt); c < end; c++) {
    const word = <usize>c << 2;
    const x = ptr(a, 0) + word * <usize>size;
    const y = ptr(a, 3) + word * <usize>size;
    pivot = 0;
    sumsOf(CENTRED, 0, x, size);
    pivot = <f32>(total / <f64>size);
    let sum: f64 = 0;
    let squares: f64 = 0;
    for (let n = 0; n < images; n++) {
      sumsOf(CENTRED, 0, x + <usize>n * pitch, size);
      sum += total;
      squares += product;
    }
    const distance = sum / count;
    const variance = <f32>max(0, squares / count - distance * distance);
    pivot = <f32>(<f64>pivot + distance);
    store<f32>(ptr(a, 4) + word, pivot);
    store<f32>(ptr(a, 5) + word, variance);
    scale = load<f32>(ptr(a, 1) + word) * deviation(variance, real(a, 9));
    shift = load<f32>(ptr(a, 2) + word);
    for (let n = 0; n < images; n++) normalize(x + <usize>n * pitch, y + <usize>n * pitch, size);
  }
}

export function batchNormGrad(a: usize, tid: i32, nt: i32): void {
  const images = int(a, 8);
  const channels = int(a, 9);
  const size = int(a, 10);
  const beta = ptr(a, 12);
  const count = <f64>images * <f64>size;
  const pitch = (<usize>channels * <usize>size) << 2;
  lo = real(a, 13);
  hi = real(a, 14);
  const end = unitStart(channels, tid + 1, nt);
  for (let c = unitStart(channels, tid, nt); c < end; c++) {
    const word = <usize>c << 2;
    const dy = ptr(a, 0) + word * <usize>size;
    const x = ptr(a, 1) + word * <usize>size;
    const invStd = deviation(load<f32>(ptr(a, 4) + word), real(a, 11));
    pivot = load<f32>(ptr(a, 3) + word);
    scale = load<f32>(ptr(a, 2) + word) * invStd;
    shift = beta ? load<f32>(beta + word) : 0;
    let dbeta: f64 = 0;
    let dgamma: f64 = 0;
    for (let n = 0; n < images; n++) {
      const at = <usize>n * pitch;
      if (beta) sumsOf(WITHIN, dy + at, x + at, size);
      else sumsOf(ALL, dy + at, x + at, size);
      dbeta += total;
      dgamma += product;
    }
    dgamma *= <f64>invStd;
    store<f32>(ptr(a, 6) + word, <f32>dgamma);
    store<f32>(ptr(a, 7) + word, <f32>dbeta);
    // dx = scale * dy - slope * (x - mean) - level
    const slope = <f32>((<f64>scale * <f64>invStd * dgamma) / count);
    const level = <f32>((<f64>scale * dbeta) / count);
    const dx = ptr(a, 5) + word * <usize>size;
    for (let n = 0; n < images; n++) {
      const at = <usize>n * pitch;
      if (beta) combine(WITHIN, dy + at, x + at, dx + at, size, slope, level);
      else combine(ALL, dy + at, x + at, dx + at, size, slope, level);
    }
  }
}

/** What is summed of four elements: `c` is x - pivot. */
// @ts-ignore: decorator
@inline
function chosen(what: i32, g: v128, c: v128, k: v128, b: v128, low: v128, high: v128): v128 {
  if (what == CENTRED) return c;
  if (what == ALL) return g;
  const y = madd(c, k, b);
  return v128.and(g, v128.and(f32x4.gt(y, low), f32x4.lt(y, high)));
}

// @ts-ignore: decorator
@inline
function sumsOf(what: i32, dy: usize, x: usize, size: i32): void {
  const m = f32x4.splat(pivot);
  const k = f32x4.splat(scale);
  const b = f32x4.splat(shift);
  const low = f32x4.splat(lo);
  const high = f32x4.splat(hi);
  let sum: f64 = 0;
  let sumProduct: f64 = 0;
  while (size > 0) {
    let s0 = f32x4.splat(0);
    let s1 = s0;
    let p0 = s0;
    let p1 = s0;
    let i = min(size, BLOCK);
    size -= i;
    // Two chains of sums: more would not leave registers for the five constants.
    for (; i >= 8; i -= 8, x += 32, dy += 32) {
      let c = f32x4.sub(v128.load(x), m);
      let g = chosen(what, v128.load(what == CENTRED ? x : dy), c, k, b, low, high);
      s0 = f32x4.add(s0, g);
      p0 = madd(g, c, p0);
      c = f32x4.sub(v128.load(x, 16), m);
      g = chosen(what, v128.load(what == CENTRED ? x : dy, 16), c, k, b, low, high);
      s1 = f32x4.add(s1, g);
      p1 = madd(g, c, p1);
    }
    for (; i > 0; i -= 4) {
      // What a last vector lacks is at the pivot, with gradient 0.
      const c = f32x4.sub(loadPart(x, i, pivot), m);
      const g = chosen(what, what == CENTRED ? c : loadPart(dy, i, 0), c, k, b, low, high);
      s0 = f32x4.add(s0, g);
      p0 = madd(g, c, p0);
      x += 16;
      dy += 16;
    }
    sum += <f64>sumLanes(f32x4.add(s0, s1));
    sumProduct += <f64>sumLanes(f32x4.add(p0, p1));
  }
  total = sum;
  product = sumProduct;
}

function normalize(x: usize, y: usize, size: i32): void {
  const m = f32x4.splat(pivot);
  const k = f32x4.splat(scale);
  const b = f32x4.splat(shift);
  const low = f32x4.splat(lo);
  const high = f32x4.splat(hi);
  for (; size >= 4; size -= 4, x += 16, y += 16) {
    v128.store(y, clamp4(madd(f32x4.sub(v128.load(x), m), k, b), low, high));
  }
  if (size > 0) storePart(y, clamp4(madd(f32x4.sub(loadPart(x, size, 0), m), k, b), low, high), size);
}

// @ts-ignore: decorator
@inline
function combine(what: i32, dy: usize, x: usize, dx: usize, size: i32, slope: f32, level: f32): void {
  const m = f32x4.splat(pivot);
  const k = f32x4.splat(scale);
  const b = f32x4.splat(shift);
  const low = f32x4.splat(lo);
  const high = f32x4.splat(hi);
  const minusSlope = f32x4.splat(-slope);
  const l = f32x4.splat(level);
  for (; size >= 4; size -= 4, x += 16, dy += 16, dx += 16) {
    const c = f32x4.sub(v128.load(x), m);
    const g = chosen(what, v128.load(dy), c, k, b, low, high);
    v128.store(dx, f32x4.sub(madd(c, minusSlope, f32x4.mul(g, k)), l));
  }
  if (size > 0) {
    const c = f32x4.sub(loadPart(x, size, 0), m);
    const g = chosen(what, loadPart(dy, size, 0), c, k, b, low, high);
    storePart(dx, f32x4.sub(madd(c, minusSlope, f32x4.mul(g, k)), l), size);
  }
}
