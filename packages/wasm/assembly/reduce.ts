// Sums, maxima, minima and products along the middle axis of [outer, length, inner], in chunks of fixed length:
// y[o, c, i] = sum (max, …) of x[o, r, i] over the r of chunk c. A second command over the chunks gives the total.
//
//  0 x   1 y [outer, ceil(length / chunk), inner]   2 outer   3 length   4 inner   5 chunk
//  6 operation (0 sum, 1 max, 2 min, 3 product)
//
// Threads split the chunks and, where inner is large, tiles of 16 columns. Sums stay accurate because they are taken in
// two levels: 32 terms at a time, then those. Products of a chunk are taken in float64.
import { int, ptr } from "./args";
import { sumLanes } from "./simd";
import { ceilDiv, unitStart } from "./partition";

const TILE = 16;
const GROUP = 32;
const MAX = 1;
const MIN = 2;
const PRODUCT = 3;

export function reduceFloat(a: usize, tid: i32, nt: i32): void {
  const length = int(a, 3);
  const inner = int(a, 4);
  const chunk = int(a, 5);
  const operation = int(a, 6);
  const chunks = ceilDiv(length, chunk);
  const tiles = inner == 1 ? 1 : ceilDiv(inner, TILE);
  const units = int(a, 2) * chunks * tiles;
  const end = unitStart(units, tid + 1, nt);
  const pitch = <usize>inner << 2;
  for (let u = unitStart(units, tid, nt); u < end; u++) {
    const tile = u % tiles;
    const row = u / tiles;
    const c = row % chunks;
    const first = (row / chunks) * length + c * chunk;
    const count = min(chunk, length - c * chunk);
    const x = ptr(a, 0) + <usize>first * pitch;
    const y = ptr(a, 1) + <usize>row * pitch;
    if (inner == 1 && operation < MIN) {
      store<f32>(y, operation == MAX ? maxRow(x, count) : sumRow(x, count));
      continue;
    }
    let column = tile * TILE;
    const stop = min(inner, column + TILE);
    for (; column + 8 <= stop && operation < PRODUCT; column += 8) {
      if (operation == MAX) maxColumns8(x + (column << 2), pitch, count, y + (column << 2));
      else if (operation == MIN) minColumns8(x + (column << 2), pitch, count, y + (column << 2));
      else sumColumns8(x + (column << 2), pitch, count, y + (column << 2));
    }
    for (; column < stop; column++) store<f32>(y + (column << 2), reduceColumn(x + (column << 2), pitch, count, operation));
  }
}

function reduceColumn(x: usize, pitch: usize, count: i32, operation: i32): f32 {
  if (operation == MAX) return maxColumn(x, pitch, count);
  if (operation == MIN) return minColumn(x, pitch, count);
  if (operation == PRODUCT) return productColumn(x, pitch, count);
  return sumColumn(x, pitch, count);
}

/** As reduceFloat, for int32 (sums and products wrap around). */
export function reduceInt(a: usize, tid: i32, nt: i32): void {
  const length = int(a, 3);
  const inner = int(a, 4);
  const chunk = int(a, 5);
  const operation = int(a, 6);
  const chunks = ceilDiv(length, chunk);
  const units = int(a, 2) * chunks * inner;
  const end = unitStart(units, tid + 1, nt);
  const pitch = <usize>inner << 2;
  for (let u = unitStart(units, tid, nt); u < end; u++) {
    const row = u / inner;
    const c = row % chunks;
    const count = min(chunk, length - c * chunk);
    let x = ptr(a, 0) + (<usize>((row / chunks) * length + c * chunk) * pitch) + (<usize>(u % inner) << 2);
    let total = load<i32>(x);
    for (let i = 1; i < count; i++) {
      x += pitch;
      const value = load<i32>(x);
      if (operation == MAX) total = max(total, value);
      else if (operation == MIN) total = min(total, value);
      else if (operation == PRODUCT) total *= value;
      else total += value;
    }
    store<i32>(ptr(a, 1) + (<usize>u << 2), total);
  }
}

function sumRow(x: usize, count: i32): f32 {
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  let end = x + (<usize>(count & ~15) << 2);
  for (; x < end; x += 64) {
    s0 = f32x4.add(s0, v128.load(x));
    s1 = f32x4.add(s1, v128.load(x, 16));
    s2 = f32x4.add(s2, v128.load(x, 32));
    s3 = f32x4.add(s3, v128.load(x, 48));
  }
  end = x + (<usize>(count & 12) << 2);
  for (; x < end; x += 16) s0 = f32x4.add(s0, v128.load(x));
  let total: f32 = 0;
  end = x + (<usize>(count & 3) << 2);
  for (; x < end; x += 4) total += load<f32>(x);
  return total + sumLanes(f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3)));
}

function maxRow(x: usize, count: i32): f32 {
  let m = f32x4.splat(-Infinity);
  let end = x + (<usize>(count & ~3) << 2);
  for (; x < end; x += 16) m = f32x4.max(m, v128.load(x));
  let largest = max<f32>(
    max<f32>(f32x4.extract_lane(m, 0), f32x4.extract_lane(m, 1)),
    max<f32>(f32x4.extract_lane(m, 2), f32x4.extract_lane(m, 3)),
  );
  end = x + (<usize>(count & 3) << 2);
  for (; x < end; x += 4) largest = max<f32>(largest, load<f32>(x));
  return largest;
}

// @ts-ignore: decorator
@inline
function sumColumns8(x: usize, pitch: usize, count: i32, y: usize): void {
  let t0 = f32x4.splat(0);
  let t1 = t0;
  for (let i = 0; i < count; i += GROUP) {
    const end = x + <usize>min(GROUP, count - i) * pitch;
    let s0 = v128.load(x);
    let s1 = v128.load(x, 16);
    for (x += pitch; x < end; x += pitch) {
      s0 = f32x4.add(s0, v128.load(x));
      s1 = f32x4.add(s1, v128.load(x, 16));
    }
    t0 = f32x4.add(t0, s0);
    t1 = f32x4.add(t1, s1);
  }
  v128.store(y, t0);
  v128.store(y, t1, 16);
}

// @ts-ignore: decorator
@inline
function maxColumns8(x: usize, pitch: usize, count: i32, y: usize): void {
  let m0 = f32x4.splat(-Infinity);
  let m1 = m0;
  for (let i = 0; i < count; i++, x += pitch) {
    m0 = f32x4.max(m0, v128.load(x));
    m1 = f32x4.max(m1, v128.load(x, 16));
  }
  v128.store(y, m0);
  v128.store(y, m1, 16);
}

// @ts-ignore: decorator
@inline
function sumColumn(x: usize, pitch: usize, count: i32): f32 {
  let total: f32 = 0;
  for (let i = 0; i < count; i += GROUP) {
    const end = x + <usize>min(GROUP, count - i) * pitch;
    let sum = load<f32>(x);
    for (x += pitch; x < end; x += pitch) sum += load<f32>(x);
    total += sum;
  }
  return total;
}

// @ts-ignore: decorator
@inline
function maxColumn(x: usize, pitch: usize, count: i32): f32 {
  let largest: f32 = -Infinity;
  for (let i = 0; i < count; i++, x += pitch) largest = max<f32>(largest, load<f32>(x));
  return largest;
}

// @ts-ignore: decorator
@inline
function minColumns8(x: usize, pitch: usize, count: i32, y: usize): void {
  let m0 = f32x4.splat(Infinity);
  let m1 = m0;
  for (let i = 0; i < count; i++, x += pitch) {
    m0 = f32x4.min(m0, v128.load(x));
    m1 = f32x4.min(m1, v128.load(x, 16));
  }
  v128.store(y, m0);
  v128.store(y, m1, 16);
}

function minColumn(x: usize, pitch: usize, count: i32): f32 {
  let smallest: f32 = Infinity;
  for (let i = 0; i < count; i++, x += pitch) smallest = min<f32>(smallest, load<f32>(x));
  return smallest;
}

function productColumn(x: usize, pitch: usize, count: i32): f32 {
  let product: f64 = 1;
  for (let i = 0; i < count; i++, x += pitch) product *= <f64>load<f32>(x);
  return <f32>product;
}
