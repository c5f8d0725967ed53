// depthwiseWeightGrad: dW[o, r, s] = sum over images and output pixels of dY[n, o, pixel] * X[n, c, pixel*stride + tap] with
// c = o / multiplier.
// Words 3..20 are the geometry (geometry.ts), that of the forward convolution. Limit as in depthwise.ts.
//  0 dY [N, O, Ho, Wo]   1 X [N, C, H, W]   2 dW [O, 1, kh, kw]
//
// Threads split the output channels. Sums of a band of padded rows are taken in float32, added up in float64.
import { int, ptr } from "./args";
import { C, DIL_H, DIL_W, H, HO, KH, KW, N, O, PAD_LEFT, PAD_TOP, STRIDE_H, STRIDE_W, W, WO } from "./geometry";
import { bandStart, fillBand, layOut, rowPitch, tapOffset } from "./paddedBand";
import { unitStart } from "./partition";
import { scratch } from "./scratch";
import { loadPart, madd, sumLanes } from "./simd";

/** Scratch before the bands: the float64 totals of the taps. */
const TOTALS: usize = 0;

export function depthwiseWeightGrad(a: usize, tid: i32, nt: i32): void {
  const channels = int(a, C);
  const outputs = int(a, O);
  const multiplier = outputs / channels;
  const h = int(a, H);
  const w = int(a, W);
  const kh = int(a, KH);
  const kw = int(a, KW);
  const sh = int(a, STRIDE_H);
  const dilH = int(a, DIL_H);
  const dilW = int(a, DIL_W);
  const ho = int(a, HO);
  const wo = int(a, WO);
  const window = (kh - 1) * dilH + 1;
  const band = layOut(h, w, int(a, PAD_LEFT), int(a, STRIDE_W), wo, (kw - 1) * dilW, window, sh, ho);
  const step = rowPitch * <usize>sh;
  const totals = scratch + TOTALS;
  const end = unitStart(outputs, tid + 1, nt);
  for (let o = unitStart(outputs, tid, nt); o < end; o++) {
    memory.fill(totals, 0, <usize>(kh * kw) << 3);
    for (let n = 0; n < int(a, N); n++) {
      const x = ptr(a, 1) + ((<usize>(n * channels + o / multiplier) * <usize>(h * w)) << 2);
      const dy = ptr(a, 0) + ((<usize>(n * outputs + o) * <usize>(ho * wo)) << 2);
      for (let i = 0; i < ho; i += band) {
        const rows = min(band, ho - i);
        fillBand(x, i * sh - int(a, PAD_TOP), (rows - 1) * sh + window);
        const g = dy + (<usize>(i * wo) << 2);
        if (kh == 3 && kw == 3) {
          const pitch = rowPitch * <usize>dilH;
          if (tapOffset(0, dilW) == 4) nineTaps(g, bandStart, pitch, step, 4, 8, rows, wo, totals);
          else nineTaps(g, bandStart, pitch, step, tapOffset(0, dilW), tapOffset(0, 2 * dilW), rows, wo, totals);
        } else {
          // Five taps of a row at a time, then one by one.
          for (let r = 0; r < kh && kw >= 5; r++) {
            fiveTaps(g, bandStart, r * dilH, dilW, step, rows, wo, totals + (<usize>(r * kw) << 3));
          }
          for (let t = 0; t < kh * kw; t++) {
            if (kw >= 5 && t % kw < 5) continue;
            const at = totals + (<usize>t << 3);
            const sum = oneTap(g, bandStart + tapOffset((t / kw) * dilH, (t % kw) * dilW), step, rows, wo);
            store<f64>(at, load<f64>(at) + sum);
          }
        }
      }
    }
    const dw = ptr(a, 2) + (<usize>(o * kh * kw) << 2);
    for (let t: usize = 0; t < <usize>(kh * kw); t++) store<f32>(dw + (t << 2), <f32>load<f64>(totals + (t << 3)));
  }
}

/** All ones in the first `count` lanes. Needed where a row ends: the image may hold anything beyond, even infinity. */
// @ts-ignore: decorator
@inline
function lanesBelow(count: i32): v128 {
  return i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(count));
}

function oneTap(dy: usize, x: usize, step: usize, rows: i32, n: i32): f64 {
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  for (let r = 0; r < rows; r++, x += step) {
    let from = x;
    let j = 0;
    for (; j + 16 <= n; j += 16, dy += 64, from += 64) {
      s0 = madd(v128.load(dy), v128.load(from), s0);
      s1 = madd(v128.load(dy, 16), v128.load(from, 16), s1);
      s2 = madd(v128.load(dy, 32), v128.load(from, 32), s2);
      s3 = madd(v128.load(dy, 48), v128.load(from, 48), s3);
    }
    for (; j + 4 <= n; j += 4, dy += 16, from += 16) s0 = madd(v128.load(dy), v128.load(from), s0);
    if (j < n) {
      s1 = madd(loadPart(dy, n - j, 0), v128.and(v128.load(from), lanesBelow(n - j)), s1);
      dy += <usize>(n - j) << 2;
    }
  }
  return <f64>sumLanes(f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3)));
}

// @ts-ignore: decorator
@inline
function addTotal(totals: usize, t: usize, sum: v128): void {
  store<f64>(totals + t * 8, load<f64>(totals + t * 8) + <f64>sumLanes(sum));
}

/** As oneTap for the first five taps of a row. */
function fiveTaps(dy: usize, band: usize, row: i32, dilW: i32, step: usize, rows: i32, n: i32, totals: usize): void {
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  let s4 = s0;
  const first = band + tapOffset(row, 0);
  const c1 = tapOffset(row, dilW) - tapOffset(row, 0);
  const c2 = tapOffset(row, 2 * dilW) - tapOffset(row, 0);
  const c3 = tapOffset(row, 3 * dilW) - tapOffset(row, 0);
  const c4 = tapOffset(row, 4 * dilW) - tapOffset(row, 0);
  for (let r = 0; r < rows; r++) {
    let p = first + step * <usize>r;
    let j = 0;
    for (; j + 4 <= n; j += 4, p += 16, dy += 16) {
      const g = v128.load(dy);
      s0 = madd(g, v128.load(p), s0);
      s1 = madd(g, v128.load(p + c1), s1);
      s2 = madd(g, v128.load(p + c2), s2);
      s3 = madd(g, v128.load(p + c3), s3);
      s4 = madd(g, v128.load(p + c4), s4);
    }
    if (j < n) {
      const g = loadPart(dy, n - j, 0);
      const lanes = lanesBelow(n - j);
      s0 = madd(g, v128.and(lanes, v128.load(p)), s0);
      s1 = madd(g, v128.and(lanes, v128.load(p + c1)), s1);
      s2 = madd(g, v128.and(lanes, v128.load(p + c2)), s2);
      s3 = madd(g, v128.and(lanes, v128.load(p + c3)), s3);
      s4 = madd(g, v128.and(lanes, v128.load(p + c4)), s4);
      dy += <usize>(n - j) << 2;
    }
  }
  addTotal(totals, 0, s0);
  addTotal(totals, 1, s1);
  addTotal(totals, 2, s2);
  addTotal(totals, 3, s3);
  addTotal(totals, 4, s4);
}

/** As oneTap for a whole 3x3 window; arguments as for the forward kernel. */
// @ts-ignore: decorator
@inline
function nineTaps(
  dy: usize, from: usize, pitch: usize, step: usize, c1: usize, c2: usize, rows: i32, n: i32, totals: usize,
): void {
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  let s4 = s0;
  let s5 = s0;
  let s6 = s0;
  let s7 = s0;
  let s8 = s0;
  for (let r = 0; r < rows; r++, from += step) {
    let p = from;
    let q = from + pitch;
    let u = from + 2 * pitch;
    let j = 0;
    for (; j + 4 <= n; j += 4, p += 16, q += 16, u += 16, dy += 16) {
      const g = v128.load(dy);
      s0 = madd(g, v128.load(p), s0);
      s1 = madd(g, v128.load(p + c1), s1);
      s2 = madd(g, v128.load(p + c2), s2);
      s3 = madd(g, v128.load(q), s3);
      s4 = madd(g, v128.load(q + c1), s4);
      s5 = madd(g, v128.load(q + c2), s5);
      s6 = madd(g, v128.load(u), s6);
      s7 = madd(g, v128.load(u + c1), s7);
      s8 = madd(g, v128.load(u + c2), s8);
    }
    if (j < n) {
      const g = loadPart(dy, n - j, 0);
      const lanes = lanesBelow(n - j);
      s0 = madd(g, v128.and(lanes, v128.load(p)), s0);
      s1 = madd(g, v128.and(lanes, v128.load(p + c1)), s1);
      s2 = madd(g, v128.and(lanes, v128.load(p + c2)), s2);
      s3 = madd(g, v128.and(lanes, v128.load(q)), s3);
      s4 = madd(g, v128.and(lanes, v128.load(q + c1)), s4);
      s5 = madd(g, v128.and(lanes, v128.load(q + c2)), s5);
      s6 = madd(g, v128.and(lanes, v128.load(u)), s6);
      s7 = madd(g, v128.and(lanes, v128.load(u + c1)), s7);
      s8 = madd(g, v128.and(lanes, v128.load(u + c2)), s8);
      dy += <usize>(n - j) << 2;
    }
  }
  addTotal(totals, 0, s0);
  addTotal(totals, 1, s1);
  addTotal(totals, 2, s2);
  addTotal(totals, 3, s3);
  addTotal(totals, 4, s4);
  addTotal(totals, 5, s5);
  addTotal(totals, 6, s6);
  addTotal(totals, 7, s7);
  addTotal(totals, 8, s8);
}
