// layerNorm: y = (x - mean) * invStd * weight + bias, invStd = 1 / sqrt(variance + eps), of each row.
//  0 x [rows, n]   1 weight [n]   2 bias [n]   3 y   4 mean [rows]   5 invStd [rows]   6 rows   7 n   8 eps
//
// layerNormGrad: with xhat = (x - mean) * invStd and g = dy * weight, dx = invStd * (g - mean(g) - xhat * mean(g * xhat)).
// The sums over rows that the gradients of weight and bias are, are taken for each chunk of rows apart.
//  0 dy   1 x   2 weight   3 mean   4 invStd   5 dx   6 sums of dy * xhat [chunks, n]   7 sums of dy [chunks, n]
//  8 rows   9 n   10 rows of a chunk
//
// Threads split the rows, or the chunks. Sums along a row are taken in blocks of 512 floats, added up in float64.
import { int, ptr, real } from "./args";
import { ceilDiv, unitStart } from "./partition";
import { loadPart, madd, storePart, sumLanes, zero } from "./simd";

/** Bytes in a block of a sum. */
const BLOCK: usize = 2048;

export function layerNorm(a: usize, tid: i32, nt: i32): void {
  const rows = int(a, 6);
  const n = int(a, 7);
  const part = n & 3;
  const whole = <usize>(n - part) << 2;
  const weight = ptr(a, 1);
  const bias = ptr(a, 2);
  const end = unitStart(rows, tid + 1, nt);
  for (let r = unitStart(rows, tid, nt); r < end; r++) {
    const x = ptr(a, 0) + ((<usize>r * <usize>n) << 2);
    const y = ptr(a, 3) + ((<usize>r * <usize>n) << 2);
    const exact = sum(x, whole, part) / <f64>n;
    const mean = <f32>exact;
    // The squares are taken around the mean rounded to float32.
    const rounding = exact - <f64>mean;
    const variance = max(0, sumSquares(x, whole, part, mean) / <f64>n - rounding * rounding);
    const invStd = <f32>(1 / sqrt(variance + <f64>real(a, 8)));
    store<f32>(ptr(a, 4) + (<usize>r << 2), mean);
    store<f32>(ptr(a, 5) + (<usize>r << 2), invStd);
    const m = f32x4.splat(mean);
    const s = f32x4.splat(invStd);
    for (let i: usize = 0; i < whole; i += 16) {
      const normalized = f32x4.mul(f32x4.sub(v128.load(x + i), m), s);
      v128.store(y + i, madd(normalized, v128.load(weight + i), v128.load(bias + i)));
    }
    if (part) {
      const normalized = f32x4.mul(f32x4.sub(loadPart(x + whole, part, 0), m), s);
      storePart(y + whole, madd(normalized, loadPart(weight + whole, part, 0), loadPart(bias + whole, part, 0)), part);
    }
  }
}

function sum(x: usize, whole: usize, part: i32): f64 {
  let total: f64 = part ? <f64>sumLanes(loadPart(x + whole, part, 0)) : 0;
  for (let b: usize = 0; b < whole; b += BLOCK) {
    const stop = min(whole, b + BLOCK);
    let s0 = f32x4.splat(0);
    let s1 = s0;
    let i = b;
    for (; i + 32 <= stop; i += 32) {
      s0 = f32x4.add(s0, v128.load(x + i));
      s1 = f32x4.add(s1, v128.load(x + i, 16));
    }
    if (i < stop) s0 = f32x4.add(s0, v128.load(x + i));
    total += <f64>sumLanes(f32x4.add(s0, s1));
  }
  return total;
}

function sumSquares(x: usize, whole: usize, part: i32, mean: f32): f64 {
  const m = f32x4.splat(mean);
  let total: f64 = 0;
  if (part) {
    const d = f32x4.sub(loadPart(x + whole, part, mean), m);
    total = <f64>sumLanes(f32x4.mul(d, d));
  }
  for (let b: usize = 0; b < whole; b += BLOCK) {
    const stop = min(whole, b + BLOCK);
    let s0 = f32x4.splat(0);
    let s1 = s0;
    let i = b;
    for (; i + 32 <= stop; i += 32) {
      const d0 = f32x4.sub(v128.load(x + i), m);
      const d1 = f32x4.sub(v128.load(x + i, 16), m);
      s0 = madd(d0, d0, s0);
      s1 = madd(d1, d1, s1);
    }
    if (i < stop) {
      const d = f32x4.sub(v128.load(x + i), m);
      s0 = madd(d, d, s0);
    }
    total += <f64>sumLanes(f32x4.add(s0, s1));
  }
  return total;
}

export function layerNormGrad(a: usize, tid: i32, nt: i32): void {
  const rows = int(a, 8);
  const n = int(a, 9);
  const chunk = int(a, 10);
  // Without rows, the sums are zero all the same.
  const chunks = max(1, ceilDiv(rows, chunk));
  const pitch = <usize>n << 2;
  const end = unitStart(chunks, tid + 1, nt);
  for (let c = unitStart(chunks, tid, nt); c < end; c++) {
    const products = ptr(a, 6) + <usize>c * pitch;
    const sums = ptr(a, 7) + <usize>c * pitch;
    zero(products, pitch);
    zero(sums, pitch);
    const stop = min(rows, (c + 1) * chunk);
    for (let r = c * chunk; r < stop; r++) {
      const at = <usize>r * pitch;
      const word = <usize>r << 2;
      const m = v128.load32_splat(ptr(a, 3) + word);
      const s = v128.load32_splat(ptr(a, 4) + word);
      rowGrad(ptr(a, 0) + at, ptr(a, 1) + at, ptr(a, 2), m, s, ptr(a, 5) + at, products, sums, n);
    }
  }
}

function rowGrad(
  dy: usize, x: usize, weight: usize, m: v128, s: v128, dx: usize, products: usize, sums: usize, n: i32,
): void {
  const part = n & 3;
  const whole = <usize>(n - part) << 2;
  let first: f64 = 0;
  let second: f64 = 0;
  if (part) {
    const d = loadPart(dy + whole, part, 0);
    const normalized = f32x4.mul(f32x4.sub(loadPart(x + whole, part, 0), m), s);
    const g = f32x4.mul(d, loadPart(weight + whole, part, 0));
    first = <f64>sumLanes(g);
    second = <f64>sumLanes(f32x4.mul(g, normalized));
    storePart(products + whole, madd(d, normalized, loadPart(products + whole, part, 0)), part);
    storePart(sums + whole, f32x4.add(d, loadPart(sums + whole, part, 0)), part);
  }
  for (let b: usize = 0; b < whole; b += BLOCK) {
    const stop = min(whole, b + BLOCK);
    let f = f32x4.splat(0);
    let t = f;
    for (let i = b; i < stop; i += 16) {
      const d = v128.load(dy + i);
      const normalized = f32x4.mul(f32x4.sub(v128.load(x + i), m), s);
      const g = f32x4.mul(d, v128.load(weight + i));
      f = f32x4.add(f, g);
      t = madd(g, normalized, t);
      v128.store(products + i, madd(d, normalized, v128.load(products + i)));
      v128.store(sums + i, f32x4.add(d, v128.load(sums + i)));
    }
    first += <f64>sumLanes(f);
    second += <f64>sumLanes(t);
  }
  const f = f32x4.splat(<f32>(first / <f64>n));
  const t = f32x4.splat(<f32>(second / <f64>n));
  for (let i: usize = 0; i < whole; i += 16) {
    const normalized = f32x4.mul(f32x4.sub(v128.load(x + i), m), s);
    const centered = f32x4.sub(f32x4.mul(v128.load(dy + i), v128.load(weight + i)), f);
    v128.store(dx + i, f32x4.mul(s, f32x4.sub(centered, f32x4.mul(normalized, t))));
  }
  if (part) {
    const normalized = f32x4.mul(f32x4.sub(loadPart(x + whole, part, 0), m), s);
    const g = f32x4.mul(loadPart(dy + whole, part, 0), loadPart(weight + whole, part, 0));
    storePart(dx + whole, f32x4.mul(s, f32x4.sub(f32x4.sub(g, f), f32x4.mul(normalized, t))), part);
  }
}
