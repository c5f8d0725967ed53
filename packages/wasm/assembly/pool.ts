// 2-D pooling as in PyTorch. Words 3..20 of the windowed pools are the geometry (geometry.ts; O = C, groups = 1).
//
// maxPool2d: padding counts as -infinity, the first maximum wins, NaN beats everything, the last NaN the others.
//  0 X [N, C, H, W]   1 Y [N, C, Ho, Wo]   2 indices, int32 h*W + w of each maximum (optional)
// maxPool2dGrad: dX = dY added up where the maxima were, 0 elsewhere.
//  0 dY   1 indices   2 dX
// avgPool2d: sum of the window over its size.
//  0 X   1 Y   2 countIncludePad (0, 1)   21 divisorOverride (0 = none)
// avgPool2dGrad:
//  0 dY   1 dX   2 countIncludePad   21 divisorOverride
// adaptiveAvgPool2d: bin i covers rows floor(i*H/Ho) to ceil((i+1)*H/Ho).
//  0 X   1 Y   2 planes (N*C)   3 H   4 W   5 Ho   6 Wo
// adaptiveAvgPool2dGrad:
//  0 dY   1 dX   2 planes   3 H   4 W   5 Ho   6 Wo
//
// Threads split the planes, so overlapping windows of a gradient are added in one order. Along a row, outputs whose window
// lies inside the image are taken four at a time.
import { int, ptr } from "./args";
import {
  C, DIL_H, DIL_W, H, HO, KH, KW, N, PAD_BOTTOM, PAD_LEFT, PAD_RIGHT, PAD_TOP, STRIDE_H, STRIDE_W, W, WO,
} from "./geometry";
import { maxPlane2x2 } from "./maxPool2x2";
import { ceilDiv, unitStart } from "./partition";
import { select, sumLanes, zero } from "./simd";

// The window along one axis, for output position i: taps [first, last), the first of them at input position `at`.
let first: i32 = 0;
let last: i32 = 0;
let at: i32 = 0;
/** Number of positions it has in the padded image. */
let padded: i32 = 0;

// @ts-ignore: decorator
@inline
function window(i: i32, stride: i32, padBefore: i32, padAfter: i32, dilation: i32, taps: i32, size: i32): void {
  const start = i * stride - padBefore;
  if (dilation == 1) {
    first = max(0, -start);
    last = min(taps, size - start);
    padded = min(taps, size + padAfter - start);
  } else {
    first = start < 0 ? ceilDiv(-start, dilation) : 0;
    last = min(taps, start < size ? (size - 1 - start) / dilation + 1 : 0);
    padded = min(taps, ceilDiv(size + padAfter - start, dilation));
  }
  at = start + first * dilation;
}

/** First output column whose window starts inside the image. */
// @ts-ignore: decorator
@inline
function interiorStart(a: usize): i32 {
  return min(int(a, WO), ceilDiv(int(a, PAD_LEFT), int(a, STRIDE_W)));
}

/** First output column, from `start` on, whose window does not end inside the image. */
// @ts-ignore: decorator
@inline
function interiorEnd(a: usize, start: i32): i32 {
  const room = int(a, W) - 1 + int(a, PAD_LEFT) - (int(a, KW) - 1) * int(a, DIL_W);
  return max(start, min(int(a, WO), room < 0 ? 0 : room / int(a, STRIDE_W) + 1));
}

/** Four floats, `stride` apart. */
// @ts-ignore: decorator
@inline
function loadStrided(src: usize, stride: i32): v128 {
  if (stride == 1) return v128.load(src);
  if (stride == 2) return v128.shuffle<f32>(v128.load(src), v128.load(src + 12), 0, 2, 5, 7);
  const step = <usize>stride << 2;
  let x = v128.load32_zero(src);
  x = v128.load32_lane(src + step, x, 1);
  x = v128.load32_lane(src + 2 * step, x, 2);
  return v128.load32_lane(src + 3 * step, x, 3);
}

/** Maxima of four windows that lie inside the row; the first begins at index `start` of plane `x`. Steps in floats. */
// @ts-ignore: decorator
@inline
function fourMaxima(
  stride: i32, x: usize, rowStep: i32, colStep: i32, rows: i32, cols: i32, start: i32, y: usize, indices: usize,
): void {
  let best = f32x4.splat(-Infinity);
  let where = i32x4.splat(0);
  let row = 0;
  for (let r = 0; r < rows; r++, row += rowStep) {
    let tap = row;
    for (let s = 0; s < cols; s++, tap += colStep) {
      const value = loadStrided(x + (<usize>(start + tap) << 2), stride);
      const better = v128.or(f32x4.gt(value, best), f32x4.ne(value, value));
      best = select(value, best, better);
      where = select(i32x4.splat(tap), where, better);
    }
  }
  v128.store(y, best);
  if (!indices) return;
  const steps = i32x4.mul(i32x4.splat(stride), i32x4(0, 1, 2, 3));
  v128.store(indices, i32x4.add(where, i32x4.add(i32x4.splat(start), steps)));
}

export function maxPool2d(a: usize, tid: i32, nt: i32): void {
  const planes = int(a, N) * int(a, C);
  const h = int(a, H);
  const w = int(a, W);
  const ho = int(a, HO);
  const wo = int(a, WO);
  const sw = int(a, STRIDE_W);
  const dilH = int(a, DIL_H);
  const dilW = int(a, DIL_W);
  const kw = int(a, KW);
  const padLeft = int(a, PAD_LEFT);
  const indices = ptr(a, 2);
  const inner = interiorStart(a);
  const innerEnd = interiorEnd(a, inner);
  const usual =
    int(a, KH) == 2 && kw == 2 && int(a, STRIDE_H) == 2 && sw == 2 && dilH == 1 && dilW == 1 && wo >= 4 &&
    (int(a, PAD_TOP) | padLeft) == 0 && 2 * ho <= h && 2 * wo <= w;
  const end = unitStart(planes, tid + 1, nt);
  for (let plane = unitStart(planes, tid, nt); plane < end; plane++) {
    const x = ptr(a, 0) + ((<usize>plane * <usize>(h * w)) << 2);
    if (usual) {
      const to = (<usize>plane * <usize>(ho * wo)) << 2;
      maxPlane2x2(x, w, ho, wo, ptr(a, 1) + to, indices ? indices + to : 0);
      continue;
    }
    for (let i = 0; i < ho; i++) {
      window(i, int(a, STRIDE_H), int(a, PAD_TOP), 0, dilH, int(a, KH), h);
      const rows = last - first;
      const top = at * w;
      const row = <usize>(plane * ho + i) * <usize>wo;
      for (let j = 0; j < wo; ) {
        // The last four may overlap those before.
        if (j >= inner && j < innerEnd && innerEnd - inner >= 4) j = min(j, innerEnd - 4);
        const to = (row + <usize>j) << 2;
        if (j >= inner && j + 4 <= innerEnd) {
          const start = top + j * sw - padLeft;
          const y = ptr(a, 1) + to;
          const where = indices ? indices + to : 0;
          if (sw == 2) fourMaxima(2, x, w * dilH, dilW, rows, kw, start, y, where);
          else if (sw == 1) fourMaxima(1, x, w * dilH, dilW, rows, kw, start, y, where);
          else fourMaxima(sw, x, w * dilH, dilW, rows, kw, start, y, where);
          j += 4;
          continue;
        }
        window(j, sw, padLeft, 0, dilW, kw, w);
        let best: f32 = -Infinity;
        let where = top + at;
        for (let r = 0; r < rows; r++) {
          for (let s = 0; s < last - first; s++) {
            const index = top + at + r * dilH * w + s * dilW;
            const value = load<f32>(x + (<usize>index << 2));
            if (value > best || value != value) {
              best = value;
              where = index;
            }
          }
        }
        store<f32>(ptr(a, 1) + to, best);
        if (indices) store<i32>(indices + to, where);
        j++;
      }
    }
  }
}

export function maxPool2dGrad(a: usize, tid: i32, nt: i32): void {
  const planes = int(a, N) * int(a, C);
  const size = <usize>(int(a, H) * int(a, W)) << 2;
  const count = <usize>(int(a, HO) * int(a, WO)) << 2;
  const end = unitStart(planes, tid + 1, nt);
  for (let plane = unitStart(planes, tid, nt); plane < end; plane++) {
    const dx = ptr(a, 2) + <usize>plane * size;
    const dy = ptr(a, 0) + <usize>plane * count;
    const indices = ptr(a, 1) + <usize>plane * count;
    zero(dx, size);
    for (let i: usize = 0; i < count; i += 4) {
      const to = dx + (<usize>load<u32>(indices + i) << 2);
      store<f32>(to, load<f32>(to) + load<f32>(dy + i));
    }
  }
}

export function avgPool2d(a: usize, tid: i32, nt: i32): void {
  const planes = int(a, N) * int(a, C);
  const h = int(a, H);
  const w = int(a, W);
  const ho = int(a, HO);
  const wo = int(a, WO);
  const kw = int(a, KW);
  const sw = int(a, STRIDE_W);
  const dilH = int(a, DIL_H);
  const dilW = int(a, DIL_W);
  const includePad = int(a, 2) != 0;
  const divisor = int(a, 21);
  const inner = interiorStart(a);
  const innerEnd = interiorEnd(a, inner);
  const end = unitStart(planes, tid + 1, nt);
  for (let plane = unitStart(planes, tid, nt); plane < end; plane++) {
    const x = ptr(a, 0) + ((<usize>plane * <usize>(h * w)) << 2);
    for (let i = 0; i < ho; i++) {
      window(i, int(a, STRIDE_H), int(a, PAD_TOP), int(a, PAD_BOTTOM), dilH, int(a, KH), h);
      const rows = last - first;
      const size = includePad ? padded : rows;
      const top = x + (<usize>(at * w) << 2);
      const row = ptr(a, 1) + ((<usize>(plane * ho + i) * <usize>wo) << 2);
      for (let j = 0; j < wo; ) {
        if (j >= inner && j < innerEnd && innerEnd - inner >= 4) j = min(j, innerEnd - 4);
        const to = row + (<usize>j << 2);
        if (j >= inner && j + 4 <= innerEnd) {
          const start = top + (<usize>(j * sw - int(a, PAD_LEFT)) << 2);
          let sum = f32x4.splat(0);
          for (let r = 0; r < rows; r++) {
            const from = start + (<usize>(r * dilH * w) << 2);
            for (let s = 0; s < kw; s++) sum = f32x4.add(sum, loadStrided(from + (<usize>(s * dilW) << 2), sw));
          }
          v128.store(to, f32x4.div(sum, f32x4.splat(<f32>(divisor ? divisor : size * kw))));
          j += 4;
          continue;
        }
        window(j, sw, int(a, PAD_LEFT), int(a, PAD_RIGHT), dilW, kw, w);
        const cols = last - first;
        let sum: f64 = 0;
        for (let r = 0; r < rows; r++) {
          const from = top + (<usize>(r * dilH * w + at) << 2);
          for (let s = 0; s < cols; s++) sum += <f64>load<f32>(from + (<usize>(s * dilW) << 2));
        }
        const count = divisor ? divisor : size * (includePad ? padded : cols);
        store<f32>(to, <f32>(sum / <f64>count));
        j++;
      }
    }
  }
}

export function avgPool2dGrad(a: usize, tid: i32, nt: i32): void {
  const planes = int(a, N) * int(a, C);
  const h = int(a, H);
  const w = int(a, W);
  const ho = int(a, HO);
  const wo = int(a, WO);
  const dilH = int(a, DIL_H);
  const dilW = int(a, DIL_W);
  const includePad = int(a, 2) != 0;
  const divisor = int(a, 21);
  const end = unitStart(planes, tid + 1, nt);
  for (let plane = unitStart(planes, tid, nt); plane < end; plane++) {
    const dx = ptr(a, 1) + ((<usize>plane * <usize>(h * w)) << 2);
    zero(dx, <usize>(h * w) << 2);
    for (let i = 0; i < ho; i++) {
      window(i, int(a, STRIDE_H), int(a, PAD_TOP), int(a, PAD_BOTTOM), dilH, int(a, KH), h);
      const rows = last - first;
      const size = includePad ? padded : rows;
      const top = dx + (<usize>(at * w) << 2);
      const from = ptr(a, 0) + ((<usize>(plane * ho + i) * <usize>wo) << 2);
      for (let j = 0; j < wo; j++) {
        window(j, int(a, STRIDE_W), int(a, PAD_LEFT), int(a, PAD_RIGHT), dilW, int(a, KW), w);
        const cols = last - first;
        const count = divisor ? divisor : size * (includePad ? padded : cols);
        const share = load<f32>(from + (<usize>j << 2)) / <f32>count;
        const to = top + (<usize>at << 2);
        if (dilW == 1) addBlock(to, w * dilH, rows, cols, share);
        else for (let s = 0; s < cols; s++) addBlock(to + (<usize>(s * dilW) << 2), w * dilH, rows, 1, share);
      }
    }
  }
}

/** Adds `value` to a block whose rows are `w` apart. */
// @ts-ignore: decorator
@inline
function addBlock(to: usize, w: i32, rows: i32, cols: i32, value: f32): void {
  const four = f32x4.splat(value);
  for (let r = 0; r < rows; r++, to += <usize>w << 2) {
    let s: usize = 0;
    for (; s < <usize>(cols & ~3) << 2; s += 16) v128.store(to + s, f32x4.add(v128.load(to + s), four));
    for (; s < <usize>cols << 2; s += 4) store<f32>(to + s, load<f32>(to + s) + value);
  }
}

/** Sum of a block of a plane that is `w` wide. */
// @ts-ignore: decorator
@inline
function sumBlock(from: usize, w: i32, rows: i32, cols: i32): f64 {
  let total: f64 = 0;
  for (let r = 0; r < rows; r++, from += <usize>w << 2) {
    let four = f32x4.splat(0);
    let s: usize = 0;
    for (; s < <usize>(cols & ~3) << 2; s += 16) four = f32x4.add(four, v128.load(from + s));
    if (s) total += <f64>sumLanes(four);
    for (; s < <usize>cols << 2; s += 4) total += <f64>load<f32>(from + s);
  }
  return total;
}

export function adaptiveAvgPool2d(a: usize, tid: i32, nt: i32): void {
  const planes = int(a, 2);
  const h = int(a, 3);
  const w = int(a, 4);
  const ho = int(a, 5);
  const wo = int(a, 6);
  const end = unitStart(planes, tid + 1, nt);
  for (let plane = unitStart(planes, tid, nt); plane < end; plane++) {
    const x = ptr(a, 0) + ((<usize>plane * <usize>(h * w)) << 2);
    let to = ptr(a, 1) + ((<usize>plane * <usize>(ho * wo)) << 2);
    if (ho == 1 && wo == 1) {
      // The plane as rows of 256 floats and a rest.
      const whole = (h * w) / 256;
      const sum = sumBlock(x, 256, whole, 256) + sumBlock(x + (<usize>whole << 10), 0, 1, (h * w) % 256);
      store<f32>(to, <f32>(sum / <f64>(h * w)));
      continue;
    }
    for (let i = 0; i < ho; i++) {
      const top = (i * h) / ho;
      const rows = ceilDiv((i + 1) * h, ho) - top;
      for (let j = 0; j < wo; j++, to += 4) {
        const left = (j * w) / wo;
        const cols = ceilDiv((j + 1) * w, wo) - left;
        store<f32>(to, <f32>(sumBlock(x + (<usize>(top * w + left) << 2), w, rows, cols) / <f64>(rows * cols)));
      }
    }
  }
}

export function adaptiveAvgPool2dGrad(a: usize, tid: i32, nt: i32): void {
  const planes = int(a, 2);
  const h = int(a, 3);
  const w = int(a, 4);
  const ho = int(a, 5);
  const wo = int(a, 6);
  const end = unitStart(planes, tid + 1, nt);
  for (let plane = unitStart(planes, tid, nt); plane < end; plane++) {
    const dx = ptr(a, 1) + ((<usize>plane * <usize>(h * w)) << 2);
    let from = ptr(a, 0) + ((<usize>plane * <usize>(ho * wo)) << 2);
    zero(dx, <usize>(h * w) << 2);
    for (let i = 0; i < ho; i++) {
      const top = (i * h) / ho;
      const rows = ceilDiv((i + 1) * h, ho) - top;
      for (let j = 0; j < wo; j++, from += 4) {
        const left = (j * w) / wo;
        const cols = ceilDiv((j + 1) * w, wo) - left;
        addBlock(dx + (<usize>(top * w + left) << 2), w, rows, cols, load<f32>(from) / <f32>(rows * cols));
      }
    }
  }
}
