// batchNorm (training): mean and variance of each channel over [N, HW]; y = act(gamma * (x - mean) * invStd + beta) with
// invStd = 1 / sqrt(variance + eps), the variance biased (divided by N*HW).
//  0 x [N, C, HW]   1 gamma (optional: 1)   2 beta (optional: 0)   3 y   4 mean[C]   5 invStd[C]   6 variance[C] (optional)
//  7 N   8 C   9 HW   10 eps   11 act (0 none, 1 relu, 2 clamp)   12 lo   13 hi
//
// batchNormGrad: dbeta = sum(dy), dgamma = sum(dy * xhat) with xhat = (x - mean) * invStd, and
// dx = gamma * invStd * (dy - dbeta / (N*HW) - xhat * dgamma / (N*HW)).
//  0 dy   1 x   2 gamma (optional)   3 mean   4 invStd   5 dx (optional; may be dy)   6 dgamma (optional)   7 dbeta (optional)
//  8 N   9 C   10 HW
//
// Threads split the channels. Sums are taken in blocks of 512 floats, added up in float64; the variance in a second pass.
import { actHi, actLo, int, ptr, real } from "./args";
import { unitStart } from "./partition";
import { clamp1, clamp4, madd, sumLanes } from "./simd";

/** Floats in a block of a sum. */
const BLOCK = 512;

export function batchNorm(a: usize, tid: i32, nt: i32): void {
  const images = int(a, 7);
  const channels = int(a, 8);
  const size = int(a, 9);
  const gamma = ptr(a, 1);
  const beta = ptr(a, 2);
  const lo = actLo(a, 11);
  const hi = actHi(a, 11);
  const count = <f64>images * <f64>size;
  const pitch = (<usize>channels * <usize>size) << 2;
  const end = unitStart(channels, tid + 1, nt);
  for (let c = unitStart(channels, tid, nt); c < end; c++) {
    const word = <usize>c << 2;
    const x = ptr(a, 0) + word * <usize>size;
    const y = ptr(a, 3) + word * <usize>size;
    let total: f64 = 0;
    for (let n = 0; n < images; n++) total += sum(x + <usize>n * pitch, size);
    const exact = total / count;
    const mean = <f32>exact;
    total = 0;
    for (let n = 0; n < images; n++) total += sumSquares(x + <usize>n * pitch, size, mean);
    // The squares were taken around the mean rounded to float32.
    const rounding = exact - <f64>mean;
    const variance = max(0, total / count - rounding * rounding);
    const invStd = <f32>(1 / sqrt(variance + <f64>real(a, 10)));
    store<f32>(ptr(a, 4) + word, mean);
    store<f32>(ptr(a, 5) + word, invStd);
    if (ptr(a, 6)) store<f32>(ptr(a, 6) + word, <f32>variance);
    const scale = (gamma ? load<f32>(gamma + word) : 1) * invStd;
    const shift = beta ? load<f32>(beta + word) : 0;
    for (let n = 0; n < images; n++) {
      normalize(x + <usize>n * pitch, y + <usize>n * pitch, size, mean, scale, shift, lo, hi);
    }
  }
}

function sum(x: usize, size: i32): f64 {
  let total: f64 = 0;
  for (let b = 0; b < size; b += BLOCK) {
    const stop = min(size, b + BLOCK);
    let i = b;
    let s0 = f32x4.splat(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    for (; i + 16 <= stop; i += 16) {
      const at = x + (<usize>i << 2);
      s0 = f32x4.add(s0, v128.load(at));
      s1 = f32x4.add(s1, v128.load(at, 16));
      s2 = f32x4.add(s2, v128.load(at, 32));
      s3 = f32x4.add(s3, v128.load(at, 48));
    }
    total += <f64>sumLanes(f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3)));
    for (; i < stop; i++) total += <f64>load<f32>(x + (<usize>i << 2));
  }
  return total;
}

function sumSquares(x: usize, size: i32, mean: f32): f64 {
  const m = f32x4.splat(mean);
  let total: f64 = 0;
  for (let b = 0; b < size; b += BLOCK) {
    const stop = min(size, b + BLOCK);
    let i = b;
    let s0 = f32x4.splat(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    for (; i + 16 <= stop; i += 16) {
      const at = x + (<usize>i << 2);
      const d0 = f32x4.sub(v128.load(at), m);
      const d1 = f32x4.sub(v128.load(at, 16), m);
      const d2 = f32x4.sub(v128.load(at, 32), m);
      const d3 = f32x4.sub(v128.load(at, 48), m);
      s0 = madd(d0, d0, s0);
      s1 = madd(d1, d1, s1);
      s2 = madd(d2, d2, s2);
      s3 = madd(d3, d3, s3);
    }
    total += <f64>sumLanes(f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3)));
    for (; i < stop; i++) {
      const d = <f64>(load<f32>(x + (<usize>i << 2)) - mean);
      total += d * d;
    }
  }
  return total;
}

// @ts-ignore: decorator
@inline
function normalize(x: usize, y: usize, size: i32, mean: f32, scale: f32, shift: f32, lo: f32, hi: f32): void {
  const m = f32x4.splat(mean);
  const k = f32x4.splat(scale);
  const b = f32x4.splat(shift);
  const low = f32x4.splat(lo);
  const high = f32x4.splat(hi);
  let i: usize = 0;
  for (; i < <usize>(size & ~3) << 2; i += 16) {
    v128.store(y + i, clamp4(madd(f32x4.sub(v128.load(x + i), m), k, b), low, high));
  }
  for (; i < <usize>size << 2; i += 4) store<f32>(y + i, clamp1((load<f32>(x + i) - mean) * scale + shift, lo, hi));
}

// Sums of dy and dy * (x - mean) over one image's plane.
let sumDy: f64 = 0;
let sumProduct: f64 = 0;

export function batchNormGrad(a: usize, tid: i32, nt: i32): void {
  const images = int(a, 8);
  const channels = int(a, 9);
  const size = int(a, 10);
  const gamma = ptr(a, 2);
  const dx = ptr(a, 5);
  const count = <f64>images * <f64>size;
  const pitch = (<usize>channels * <usize>size) << 2;
  const end = unitStart(channels, tid + 1, nt);
  for (let c = unitStart(channels, tid, nt); c < end; c++) {
    const word = <usize>c << 2;
    const offset = word * <usize>size;
    const mean = load<f32>(ptr(a, 3) + word);
    const invStd = <f64>load<f32>(ptr(a, 4) + word);
    let dbeta: f64 = 0;
    let product: f64 = 0;
    for (let n = 0; n < images; n++) {
      sums(ptr(a, 0) + offset + <usize>n * pitch, ptr(a, 1) + offset + <usize>n * pitch, size, mean);
      dbeta += sumDy;
      product += sumProduct;
    }
    const dgamma = product * invStd;
    if (ptr(a, 6)) store<f32>(ptr(a, 6) + word, <f32>dgamma);
    if (ptr(a, 7)) store<f32>(ptr(a, 7) + word, <f32>dbeta);
    if (!dx) continue;
    // dx = scale * dy - slope * (x - mean) - level
    const scale = (gamma ? <f64>load<f32>(gamma + word) : 1) * invStd;
    const slope = (scale * invStd * dgamma) / count;
    const level = (scale * dbeta) / count;
    for (let n = 0; n < images; n++) {
      const at = offset + <usize>n * pitch;
      combine(ptr(a, 0) + at, ptr(a, 1) + at, dx + at, size, mean, <f32>scale, <f32>slope, <f32>level);
    }
  }
}

function sums(dy: usize, x: usize, size: i32, mean: f32): void {
  const m = f32x4.splat(mean);
  let total: f64 = 0;
  let totalProduct: f64 = 0;
  for (let b = 0; b < size; b += BLOCK) {
    const stop = min(size, b + BLOCK);
    let i = b;
    let s0 = f32x4.splat(0);
    let s1 = s0;
    let p0 = s0;
    let p1 = s0;
    for (; i + 8 <= stop; i += 8) {
      const at = <usize>i << 2;
      const g0 = v128.load(dy + at);
      const g1 = v128.load(dy + at, 16);
      s0 = f32x4.add(s0, g0);
      s1 = f32x4.add(s1, g1);
      p0 = madd(g0, f32x4.sub(v128.load(x + at), m), p0);
      p1 = madd(g1, f32x4.sub(v128.load(x + at, 16), m), p1);
    }
    total += <f64>sumLanes(f32x4.add(s0, s1));
    totalProduct += <f64>sumLanes(f32x4.add(p0, p1));
    for (; i < stop; i++) {
      const g = <f64>load<f32>(dy + (<usize>i << 2));
      total += g;
      totalProduct += g * <f64>(load<f32>(x + (<usize>i << 2)) - mean);
    }
  }
  sumDy = total;
  sumProduct = totalProduct;
}

// @ts-ignore: decorator
@inline
function combine(dy: usize, x: usize, dx: usize, size: i32, mean: f32, scale: f32, slope: f32, level: f32): void {
  const m = f32x4.splat(mean);
  const k = f32x4.splat(scale);
  const minusSlope = f32x4.splat(-slope);
  const l = f32x4.splat(level);
  let i: usize = 0;
  for (; i < <usize>(size & ~3) << 2; i += 16) {
    const centred = f32x4.sub(v128.load(x + i), m);
    v128.store(dx + i, f32x4.sub(madd(centred, minusSlope, f32x4.mul(v128.load(dy + i), k)), l));
  }
  for (; i < <usize>size << 2; i += 4) {
    store<f32>(dx + i, load<f32>(dy + i) * scale - (load<f32>(x + i) - mean) * slope - level);
  }
}
