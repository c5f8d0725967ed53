// Depthwise convolution: groups = C, O = C * multiplier; output channel o reads input channel o / multiplier. Words 3..20
// are the geometry (geometry.ts).
//
// depthwise: Y = act(conv(X, W) + bias + residual)
//  0 X   1 W [O, 1, kh, kw]   2 Y   21 bias[O] (optional)   22 residual (optional, shape of Y)
// 23 act (0 none, 1 relu, 2 clamp)   24 lo   25 hi
// depthwiseInputGrad:
//  0 dY   1 W   2 dX
// The gradient in W is in depthwiseWeightGrad.ts. Limit for all three: ((kh - 1) * dilH + 1) padded rows of the image (for
// the input gradient of dY) fit in 950 KB; otherwise use conv2d, which takes any number of groups.
//
// Threads split the planes. The usual 3x3 windows have loops of their own (depthwise3x3.ts). Otherwise a plane is worked on
// in bands of padded rows (paddedBand.ts); 3x3 windows keep their nine weights in registers, others walk a table of taps.
import { actHi, actLo, int, ptr } from "./args";
import { begin3x3, doublePlane3x3, halfPlane3x3, LONGEST_ROW, plane3x3 } from "./depthwise3x3";
import { C, DIL_H, DIL_W, H, HO, KH, KW, N, O, PAD_LEFT, PAD_TOP, STRIDE_H, STRIDE_W, W, WO } from "./geometry";
import { bandStart, fillBand, layOut, rowPitch, tapOffset } from "./paddedBand";
import { ceilDiv, unitStart } from "./partition";
import { scratch } from "./scratch";
import { clamp4, loadPart, madd, storePart } from "./simd";

/** Scratch before the bands: table of taps (byte offset, weight), then nine weights. */
const TAPS: usize = 0;
const NINE: usize = 65536 - 64;

// What happens to each sum: + bias, + residual (at this distance from the output), then the bounds.
let bias: f32 = 0;
let hasResidual: bool = false;
let residual: usize = 0;
let lo: f32 = -Infinity;
let hi: f32 = Infinity;

export function depthwise(a: usize, tid: i32, nt: i32): void {
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
  hasResidual = ptr(a, 22) != 0;
  residual = ptr(a, 22) - ptr(a, 2);
  lo = actLo(a, 23);
  hi = actHi(a, 23);
  const three = kh == 3 && kw == 3;
  const usual = usual3x3(a, w) && !hasResidual;
  const whole = usual && sh == 1 && wo == w && w > 4 && ho >= 4;
  const half = usual && sh == 2 && 2 * wo == w && wo >= 6 && ho >= 2;
  let band = 0;
  if (whole || half) begin3x3(w, lo, hi);
  else band = layOut(h, w, int(a, PAD_LEFT), int(a, STRIDE_W), wo, (kw - 1) * dilW, window, sh, ho);
  const end = unitStart(int(a, N) * outputs, tid + 1, nt);
  for (let plane = unitStart(int(a, N) * outputs, tid, nt); plane < end; plane++) {
    const n = plane / outputs;
    const o = plane % outputs;
    const x = ptr(a, 0) + ((<usize>(n * channels + o / multiplier) * <usize>(h * w)) << 2);
    const y = ptr(a, 2) + ((<usize>plane * <usize>(ho * wo)) << 2);
    const weights = ptr(a, 1) + (<usize>(o * kh * kw) << 2);
    bias = ptr(a, 21) ? load<f32>(ptr(a, 21) + (<usize>o << 2)) : 0;
    if (whole) {
      plane3x3(x, h, w, int(a, PAD_TOP), ho, weights, bias, y);
      continue;
    }
    if (half) {
      halfPlane3x3(x, h, w, int(a, PAD_TOP), ho, weights, bias, y);
      continue;
    }
    if (!three) {
      for (let r = 0; r < kh; r++) {
        for (let s = 0; s < kw; s++) {
          setTap(r * kw + s, tapOffset(r * dilH, s * dilW), load<f32>(weights + (<usize>(r * kw + s) << 2)));
        }
      }
    }
    for (let i = 0; i < ho; i += band) {
      const rows = min(band, ho - i);
      fillBand(x, i * sh - int(a, PAD_TOP), (rows - 1) * sh + window);
      const to = y + (<usize>(i * wo) << 2);
      if (three) {
        const pitch = rowPitch * <usize>dilH;
        const step = rowPitch * <usize>sh;
        if (tapOffset(0, dilW) == 4) bandOf3x3(bandStart, pitch, step, 4, 8, weights, rows, wo, to);
        else bandOf3x3(bandStart, pitch, step, tapOffset(0, dilW), tapOffset(0, 2 * dilW), weights, rows, wo, to);
      } else {
        for (let r = 0; r < rows; r++) {
          rowOfTaps(bandStart + rowPitch * <usize>(r * sh), kh * kw, wo, to + (<usize>(r * wo) << 2), true);
        }
      }
    }
  }
}

export function depthwiseInputGrad(a: usize, tid: i32, nt: i32): void {
  const channels = int(a, C);
  const outputs = int(a, O);
  const multiplier = outputs / channels;
  const h = int(a, H);
  const w = int(a, W);
  const kh = int(a, KH);
  const kw = int(a, KW);
  const sh = int(a, STRIDE_H);
  const sw = int(a, STRIDE_W);
  const dilH = int(a, DIL_H);
  const dilW = int(a, DIL_W);
  const ho = int(a, HO);
  const wo = int(a, WO);
  // dX row sh*i + py reads rows i + (py + padTop - r*dilH) / sh of dY, for each r for which that divides; same for columns.
  const before = floorDiv((kh - 1) * dilH - int(a, PAD_TOP), sh);
  const beforeW = max(0, floorDiv((kw - 1) * dilW - int(a, PAD_LEFT), sw));
  const after = (sh - 1 + int(a, PAD_TOP)) / sh;
  const afterW = (sw - 1 + int(a, PAD_LEFT)) / sw;
  const gridH = ceilDiv(h, sh);
  const gridW = ceilDiv(w, sw);
  const window = before + after + 1;
  bias = 0;
  residual = 0;
  lo = -Infinity;
  hi = Infinity;
  const three = kh == 3 && kw == 3 && sh == 1 && sw == 1;
  const usual = usual3x3(a, wo) && multiplier == 1;
  const whole = usual && sh == 1 && wo == w && w > 4 && h >= 4;
  const double = usual && sh == 2 && int(a, PAD_TOP) == 1 && 2 * wo == w && 2 * ho == h && wo >= 4;
  let band = 1;
  if (whole || double) begin3x3(wo, lo, hi);
  else band = layOut(ho, wo, beforeW, 1, gridW, beforeW + afterW, window, 1, gridH);
  const line = bandStart + rowPitch * <usize>(band - 1 + window);
  const end = unitStart(int(a, N) * channels, tid + 1, nt);
  for (let plane = unitStart(int(a, N) * channels, tid, nt); plane < end; plane++) {
    const dx = ptr(a, 2) + ((<usize>plane * <usize>(h * w)) << 2);
    for (let m = 0; m < multiplier; m++) {
      const o = (plane % channels) * multiplier + m;
      const dy = ptr(a, 0) + ((<usize>((plane / channels) * outputs + o) * <usize>(ho * wo)) << 2);
      const weights = ptr(a, 1) + (<usize>(o * kh * kw) << 2);
      hasResidual = m > 0;
      if (three) for (let t: usize = 0; t < 36; t += 4) store<f32>(scratch + NINE + t, load<f32>(weights + 32 - t));
      if (whole) {
        plane3x3(dy, ho, w, 2 - int(a, PAD_TOP), h, scratch + NINE, 0, dx);
        continue;
      }
      if (double) {
        doublePlane3x3(dy, ho, wo, weights, dx);
        continue;
      }
      for (let i = 0; i < gridH; i += band) {
        const rows = min(band, gridH - i);
        fillBand(dy, i - before, rows - 1 + window);
        if (three) {
          const from = bandStart + (<usize>(beforeW - (2 * dilW - int(a, PAD_LEFT))) << 2);
          const pitch = rowPitch * <usize>dilH;
          const to = dx + (<usize>(i * w) << 2);
          const column = <usize>dilW << 2;
          if (dilW == 1) bandOf3x3(from, pitch, rowPitch, 4, 8, scratch + NINE, rows, w, to);
          else bandOf3x3(from, pitch, rowPitch, column, 2 * column, scratch + NINE, rows, w, to);
          continue;
        }
        for (let py = 0; py < sh; py++) {
          const evenTaps = phaseTaps(a, weights, py, 0, before, beforeW, 0);
          const bothTaps = sw == 2 ? phaseTaps(a, weights, py, 1, before, beforeW, evenTaps) : 0;
          for (let g = 0; g < rows; g++) {
            const y = (i + g) * sh + py;
            if (y >= h) break;
            const from = bandStart + rowPitch * <usize>g;
            const to = dx + (<usize>(y * w) << 2);
            if (sw == 1) rowOfTaps(from, evenTaps, w, to, true);
            else if (sw == 2) rowOfTwoPhases(from, evenTaps, bothTaps, w, to);
          }
          for (let px = 0; sw > 2 && px < sw; px++) {
            const taps = phaseTaps(a, weights, py, px, before, beforeW, 0);
            const count = ceilDiv(w - px, sw);
            for (let g = 0; g < rows; g++) {
              const y = (i + g) * sh + py;
              if (y >= h) break;
              rowOfTaps(bandStart + rowPitch * <usize>g, taps, count, line, false);
              spread(line, dx + (<usize>(y * w + px) << 2), count, sw, hasResidual);
            }
          }
        }
      }
    }
  }
}

/** Whether the loops of depthwise3x3.ts may do; `width` is that of the planes read. */
function usual3x3(a: usize, width: i32): bool {
  if (int(a, KH) != 3 || int(a, KW) != 3 || int(a, DIL_H) != 1 || int(a, DIL_W) != 1) return false;
  return int(a, STRIDE_H) == int(a, STRIDE_W) && int(a, PAD_LEFT) == 1 && width <= LONGEST_ROW;
}

/** Puts the taps of a phase of the input gradient into the table, from entry `t` on; returns where they end. */
function phaseTaps(a: usize, weights: usize, py: i32, px: i32, before: i32, beforeW: i32, t: i32): i32 {
  const kw = int(a, KW);
  const sh = int(a, STRIDE_H);
  const sw = int(a, STRIDE_W);
  for (let r = 0; r < int(a, KH); r++) {
    const fromY = py + int(a, PAD_TOP) - r * int(a, DIL_H);
    if (fromY % sh) continue;
    for (let s = 0; s < kw; s++) {
      const fromX = px + int(a, PAD_LEFT) - s * int(a, DIL_W);
      if (fromX % sw) continue;
      const weight = load<f32>(weights + (<usize>(r * kw + s) << 2));
      setTap(t++, tapOffset(before + fromY / sh, beforeW + fromX / sw), weight);
    }
  }
  return t;
}

// @ts-ignore: decorator
@inline
function floorDiv(a: i32, b: i32): i32 {
  return a >= 0 ? a / b : -ceilDiv(-a, b);
}

/** Puts (or adds) `count` floats `stride` apart. */
function spread(from: usize, to: usize, count: i32, stride: i32, add: bool): void {
  const step = <usize>stride << 2;
  for (let i = 0; i < count; i++, from += 4, to += step) {
    store<f32>(to, add ? load<f32>(to) + load<f32>(from) : load<f32>(from));
  }
}

// @ts-ignore: decorator
@inline
function setTap(t: i32, offset: usize, weight: f32): void {
  const at = scratch + TAPS + (<usize>t << 3);
  store<u32>(at, offset);
  store<f32>(at, weight, 4);
}

/** Stores the first `count` of four sums, finished. */
// @ts-ignore: decorator
@inline
function put(sum: v128, to: usize, count: i32): void {
  if (hasResidual) sum = f32x4.add(sum, loadPart(to + residual, count, 0));
  storePart(to, clamp4(sum, f32x4.splat(lo), f32x4.splat(hi)), count);
}

/** Sums over the table of taps for `n` neighbouring outputs. Unfinished ones, in scratch, may run on to whole vectors. */
function rowOfTaps(from: usize, taps: i32, n: i32, to: usize, finished: bool): void {
  const first = scratch + TAPS;
  const last = first + (<usize>taps << 3);
  const start = f32x4.splat(bias);
  let j = 0;
  for (; j + 16 <= n; j += 16, from += 64, to += 64) {
    let s0 = start;
    let s1 = start;
    let s2 = start;
    let s3 = start;
    for (let t = first; t < last; t += 8) {
      const p = from + load<u32>(t);
      const weight = v128.load32_splat(t, 4);
      s0 = madd(weight, v128.load(p), s0);
      s1 = madd(weight, v128.load(p, 16), s1);
      s2 = madd(weight, v128.load(p, 32), s2);
      s3 = madd(weight, v128.load(p, 48), s3);
    }
    if (finished) {
      put(s0, to, 4);
      put(s1, to + 16, 4);
      put(s2, to + 32, 4);
      put(s3, to + 48, 4);
    } else {
      v128.store(to, s0);
      v128.store(to, s1, 16);
      v128.store(to, s2, 32);
      v128.store(to, s3, 48);
    }
  }
  for (; j < n; j += 8, from += 32, to += 32) {
    let s0 = start;
    let s1 = start;
    for (let t = first; t < last; t += 8) {
      const p = from + load<u32>(t);
      const weight = v128.load32_splat(t, 4);
      s0 = madd(weight, v128.load(p), s0);
      s1 = madd(weight, v128.load(p, 16), s1);
    }
    if (finished) {
      put(s0, to, n - j);
      if (j + 4 < n) put(s1, to + 16, n - j - 4);
    } else {
      v128.store(to, s0);
      v128.store(to, s1, 16);
    }
  }
}

/**
 * A row of `n` outputs, even ones summed over the taps before entry `middle` of the table, odd ones over those from there
 * to `last`.
 */
function rowOfTwoPhases(from: usize, middle: i32, last: i32, n: i32, to: usize): void {
  const first = scratch + TAPS;
  const mid = first + (<usize>middle << 3);
  const end = first + (<usize>last << 3);
  for (; n > 0; n -= 16, from += 32, to += 64) {
    let e0 = f32x4.splat(0);
    let e1 = e0;
    let o0 = e0;
    let o1 = e0;
    let t = first;
    for (; t < mid; t += 8) {
      const p = from + load<u32>(t);
      const weight = v128.load32_splat(t, 4);
      e0 = madd(weight, v128.load(p), e0);
      e1 = madd(weight, v128.load(p, 16), e1);
    }
    for (; t < end; t += 8) {
      const p = from + load<u32>(t);
      const weight = v128.load32_splat(t, 4);
      o0 = madd(weight, v128.load(p), o0);
      o1 = madd(weight, v128.load(p, 16), o1);
    }
    put(v128.shuffle<f32>(e0, o0, 0, 4, 1, 5), to, n);
    if (n > 4) put(v128.shuffle<f32>(e0, o0, 2, 6, 3, 7), to + 16, n - 4);
    if (n > 8) put(v128.shuffle<f32>(e1, o1, 0, 4, 1, 5), to + 32, n - 8);
    if (n > 12) put(v128.shuffle<f32>(e1, o1, 2, 6, 3, 7), to + 48, n - 12);
  }
}

/**
 * A band of 3x3 windows. `pitch`: from one row of taps to the next, `step`: from one output row to the next, `c1`, `c2`:
 * from the first column of taps to the others (all bytes).
 */
// @ts-ignore: decorator
@inline
function bandOf3x3(
  from: usize, pitch: usize, step: usize, c1: usize, c2: usize, weights: usize, rows: i32, n: i32, to: usize,
): void {
  const w0 = v128.load32_splat(weights);
  const w1 = v128.load32_splat(weights, 4);
  const w2 = v128.load32_splat(weights, 8);
  const w3 = v128.load32_splat(weights, 12);
  const w4 = v128.load32_splat(weights, 16);
  const w5 = v128.load32_splat(weights, 20);
  const w6 = v128.load32_splat(weights, 24);
  const w7 = v128.load32_splat(weights, 28);
  const w8 = v128.load32_splat(weights, 32);
  const start = f32x4.splat(bias);
  const low = f32x4.splat(lo);
  const high = f32x4.splat(hi);
  const more = hasResidual;
  const shift = residual;
  for (let r = 0; r < rows; r++, from += step) {
    let p = from;
    let q = from + pitch;
    let u = from + 2 * pitch;
    let left = n;
    while (left > 0) {
      if (left < 4 && n >= 4 && !more) {
        // The last vector overlaps the one before.
        const back = <usize>(4 - left) << 2;
        p -= back;
        q -= back;
        u -= back;
        to -= back;
        left = 4;
      }
      // A chain of sums a row of taps: one chain of nine would wait for itself.
      let sum = madd(w0, v128.load(p), start);
      let second = f32x4.mul(w3, v128.load(q));
      let third = f32x4.mul(w6, v128.load(u));
      sum = madd(w1, v128.load(p + c1), sum);
      second = madd(w4, v128.load(q + c1), second);
      third = madd(w7, v128.load(u + c1), third);
      sum = madd(w2, v128.load(p + c2), sum);
      second = madd(w5, v128.load(q + c2), second);
      third = madd(w8, v128.load(u + c2), third);
      sum = f32x4.add(f32x4.add(sum, second), third);
      if (left < 4) {
        put(sum, to, left);
        to += <usize>left << 2;
        break;
      }
      if (more) sum = f32x4.add(sum, v128.load(to + shift));
      v128.store(to, clamp4(sum, low, high));
      p += 16;
      q += 16;
      u += 16;
      to += 16;
      left -= 4;
    }
  }
}
