// softmax: y = e^(x - max) / sum of e^(x - max) along the middle axis of [outer, n, inner].
// logSoftmax: y = x - max - ln(sum of e^(x - max)).
//  0 x   1 y (may be x)   2 outer   3 n   4 inner
// softmaxGrad: dx = y * (dy - sum(dy * y)).   logSoftmaxGrad: dx = dy - e^y * sum(dy).
//  0 y   1 dy   2 dx (may be dy)   3 outer   4 n   5 inner
//
// inner = 1: threads split the rows, lanes run along them. Otherwise four neighbours along inner are one unit of work,
// lanes are separate sums. Sums go through blocks of 256 steps, so that their error does not grow with n.
import { int, ptr } from "./args";
import { exp4, log4 } from "./math";
import { ceilDiv, unitStart } from "./partition";
import { loadPart, storePart, sumLanes } from "./simd";

/** Steps in a block of a sum. */
const BLOCK = 256;

export function softmax(a: usize, tid: i32, nt: i32): void {
  forward(a, tid, nt, false);
}

export function logSoftmax(a: usize, tid: i32, nt: i32): void {
  forward(a, tid, nt, true);
}

export function softmaxGrad(a: usize, tid: i32, nt: i32): void {
  backward(a, tid, nt, false);
}

export function logSoftmaxGrad(a: usize, tid: i32, nt: i32): void {
  backward(a, tid, nt, true);
}

/** Largest lane. */
// @ts-ignore: decorator
@inline
export function maxLanes(x: v128): f32 {
  x = f32x4.pmax(x, v128.shuffle<f32>(x, x, 2, 3, 0, 1));
  return f32x4.extract_lane(f32x4.pmax(x, v128.shuffle<f32>(x, x, 1, 0, 3, 2)), 0);
}

function forward(a: usize, tid: i32, nt: i32, log: bool): void {
  const outer = int(a, 2);
  const n = int(a, 3);
  const inner = int(a, 4);
  const units = inner == 1 ? outer : outer * ceilDiv(inner, 4);
  const end = unitStart(units, tid + 1, nt);
  for (let u = unitStart(units, tid, nt); u < end; u++) {
    if (inner == 1) {
      const shift = <usize>u * <usize>n * 4;
      row(ptr(a, 0) + shift, ptr(a, 1) + shift, n, log);
    } else {
      const columns = ceilDiv(inner, 4);
      const i = (u % columns) * 4;
      const shift = (<usize>(u / columns) * <usize>n * <usize>inner + <usize>i) << 2;
      column(ptr(a, 0) + shift, ptr(a, 1) + shift, n, <usize>inner << 2, min(4, inner - i), log);
    }
  }
}

/** A NaN is not found by pmax, but reaches every output through the sum. */
export function row(x: usize, y: usize, n: i32, log: bool): void {
  const part = n & 3;
  const whole = <usize>(n - part) << 2;
  const highest = f32x4.splat(maxLanes(rowMax(x, whole, part)));
  if (log) {
    const shift = log4(f32x4.splat(<f32>expSum(x, whole, part, highest)));
    for (let i: usize = 0; i < whole; i += 16) {
      v128.store(y + i, f32x4.sub(f32x4.sub(v128.load(x + i), highest), shift));
    }
    if (part) storePart(y + whole, f32x4.sub(f32x4.sub(loadPart(x + whole, part, 0), highest), shift), part);
    return;
  }
  let total: f64 = 0;
  for (let b: usize = 0; b < whole; b += 16 * BLOCK) {
    const stop = min(whole, b + 16 * BLOCK);
    let sum = f32x4.splat(0);
    for (let i = b; i < stop; i += 16) {
      const e = exp4(f32x4.sub(v128.load(x + i), highest));
      sum = f32x4.add(sum, e);
      v128.store(y + i, e);
    }
    total += <f64>sumLanes(sum);
  }
  if (part) {
    const e = exp4(f32x4.sub(loadPart(x + whole, part, -Infinity), highest));
    total += <f64>sumLanes(e);
    storePart(y + whole, e, part);
  }
  const scale = f32x4.splat(<f32>(1 / total));
  for (let i: usize = 0; i < whole; i += 16) v128.store(y + i, f32x4.mul(v128.load(y + i), scale));
  if (part) storePart(y + whole, f32x4.mul(loadPart(y + whole, part, 0), scale), part);
}

/** Sum of e^(x - highest) over a row of `whole` bytes of vectors and `part` more floats. */
export function expSum(x: usize, whole: usize, part: i32, highest: v128): f64 {
  let total: f64 = 0;
  for (let b: usize = 0; b < whole; b += 16 * BLOCK) {
    const stop = min(whole, b + 16 * BLOCK);
    let sum = f32x4.splat(0);
    for (let i = b; i < stop; i += 16) sum = f32x4.add(sum, exp4(f32x4.sub(v128.load(x + i), highest)));
    total += <f64>sumLanes(sum);
  }
  if (part) total += <f64>sumLanes(exp4(f32x4.sub(loadPart(x + whole, part, -Infinity), highest)));
  return total;
}

/** The largest of a row of `whole` bytes of vectors and `part` more floats; of four in a lane. */
// @ts-ignore: decorator
@inline
export function rowMax(x: usize, whole: usize, part: i32): v128 {
  let a = f32x4.splat(-Infinity);
  let b = a;
  let i: usize = 0;
  for (; i + 32 <= whole; i += 32) {
    a = f32x4.pmax(a, v128.load(x + i));
    b = f32x4.pmax(b, v128.load(x + i, 16));
  }
  if (i < whole) a = f32x4.pmax(a, v128.load(x + i));
  if (part) b = f32x4.pmax(b, loadPart(x + whole, part, -Infinity));
  return f32x4.pmax(a, b);
}

function column(x: usize, y: usize, n: i32, pitch: usize, width: i32, log: bool): void {
  const size = <usize>n * pitch;
  let highest = f32x4.splat(-Infinity);
  for (let i: usize = 0; i < size; i += pitch) highest = f32x4.pmax(highest, loadPart(x + i, width, 0));
  let total = f32x4.splat(0);
  for (let i: usize = 0; i < size; ) {
    const stop = min(size, i + <usize>BLOCK * pitch);
    let sum = f32x4.splat(0);
    for (; i < stop; i += pitch) {
      const e = exp4(f32x4.sub(loadPart(x + i, width, 0), highest));
      sum = f32x4.add(sum, e);
      if (!log) storePart(y + i, e, width);
    }
    total = f32x4.add(total, sum);
  }
  if (log) {
    const shift = log4(total);
    for (let i: usize = 0; i < size; i += pitch) {
      storePart(y + i, f32x4.sub(f32x4.sub(loadPart(x + i, width, 0), highest), shift), width);
    }
  } else {
    for (let i: usize = 0; i < size; i += pitch) storePart(y + i, f32x4.div(loadPart(y + i, width, 0), total), width);
  }
}

function backward(a: usize, tid: i32, nt: i32, log: bool): void {
  const outer = int(a, 3);
  const n = int(a, 4);
  const inner = int(a, 5);
  const columns = inner == 1 ? 1 : ceilDiv(inner, 4);
  const end = unitStart(outer * columns, tid + 1, nt);
  for (let u = unitStart(outer * columns, tid, nt); u < end; u++) {
    const i = (u % columns) * 4;
    const shift = (<usize>(u / columns) * <usize>n * <usize>inner + <usize>i) << 2;
    const y = ptr(a, 0) + shift;
    const dy = ptr(a, 1) + shift;
    const dx = ptr(a, 2) + shift;
    if (inner == 1) rowGrad(y, dy, dx, n, log);
    else columnGrad(y, dy, dx, n, <usize>inner << 2, min(4, inner - i), log);
  }
}

// @ts-ignore: decorator
@inline
function gradient(y: v128, dy: v128, sum: v128, log: bool): v128 {
  return log ? f32x4.sub(dy, f32x4.mul(exp4(y), sum)) : f32x4.mul(y, f32x4.sub(dy, sum));
}

function rowGrad(y: usize, dy: usize, dx: usize, n: i32, log: bool): void {
  let total: f64 = 0;
  for (let b = 0; b < n; b += 4 * BLOCK) {
    const stop = min(n, b + 4 * BLOCK);
    let sum = f32x4.splat(0);
    for (let i = b; i < stop; i += 4) {
      const g = loadPart(dy + (<usize>i << 2), n - i, 0);
      sum = f32x4.add(sum, log ? g : f32x4.mul(g, loadPart(y + (<usize>i << 2), n - i, 0)));
    }
    total += <f64>sumLanes(sum);
  }
  const sum = f32x4.splat(<f32>total);
  for (let i = 0; i < n; i += 4) {
    const at = <usize>i << 2;
    storePart(dx + at, gradient(loadPart(y + at, n - i, 0), loadPart(dy + at, n - i, 0), sum, log), n - i);
  }
}

function columnGrad(y: usize, dy: usize, dx: usize, n: i32, pitch: usize, width: i32, log: bool): void {
  const size = <usize>n * pitch;
  let total = f32x4.splat(0);
  for (let i: usize = 0; i < size; ) {
    const stop = min(size, i + <usize>BLOCK * pitch);
    let sum = f32x4.splat(0);
    for (; i < stop; i += pitch) {
      const g = loadPart(dy + i, width, 0);
      sum = f32x4.add(sum, log ? g : f32x4.mul(g, loadPart(y + i, width, 0)));
    }
    total = f32x4.add(total, sum);
  }
  for (let i: usize = 0; i < size; i += pitch) {
    storePart(dx + i, gradient(loadPart(y + i, width, 0), loadPart(dy + i, width, 0), total, log), width);
  }
}
