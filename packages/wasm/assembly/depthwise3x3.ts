// The common depthwise windows: 3x3, not dilated, one zero on either side of a row. They read the image where it lies: rows
// above and below it are a row of zeros, and the zero beside a row is shuffled in. Four rows (with stride 2: two) of outputs
// are summed at once, so that what is read serves all windows that it lies in. Blocks at the right and at the bottom
// overlap those before them, which writes the same values again.
import { scratch } from "./scratch";
import { clamp4, madd, zero } from "./simd";

/** The row of zeros in scratch; what is before belongs to the kernels. */
const ZEROS: usize = 65536;
/** Longest row for which the row of zeros fits. */
export const LONGEST_ROW = 65536;

/** Which side of the image a block of columns touches. */
const LEFT = 0;
const NONE = 1;
const RIGHT = 2;

// What happens to each sum.
let lo: f32 = -Infinity;
let hi: f32 = Infinity;

/** To be called once per command, before the others: `width` is that of the planes read, at most LONGEST_ROW. */
export function begin3x3(width: i32, low: f32, high: f32): void {
  zero(scratch + ZEROS, <usize>width << 2);
  lo = low;
  hi = high;
}

// @ts-ignore: decorator
@inline
function rowAt(plane: usize, y: i32, height: i32, pitch: usize): usize {
  return <u32>y < <u32>height ? plane + <usize>y * pitch : scratch + ZEROS;
}

// The three columns of taps of a block of four outputs; p is one column before the first output's own.

// @ts-ignore: decorator
@inline
function first(p: usize, side: i32): v128 {
  return side == LEFT ? v128.shuffle<f32>(f32x4.splat(0), v128.load(p, 4), 3, 4, 5, 6) : v128.load(p);
}

// @ts-ignore: decorator
@inline
function third(p: usize, side: i32): v128 {
  return side == RIGHT ? v128.shuffle<f32>(v128.load(p, 4), f32x4.splat(0), 1, 2, 3, 4) : v128.load(p, 8);
}

/** A row of taps: short chains of sums, as one chain of nine would wait for itself. */
// @ts-ignore: decorator
@inline
function dot(a: v128, b: v128, c: v128, x: v128, y: v128, z: v128): v128 {
  return madd(c, z, madd(b, y, f32x4.mul(a, x)));
}

/** Four rows of four outputs each, from six rows of input. */
// @ts-ignore: decorator
@inline
function block(
  p0: usize, p1: usize, p2: usize, p3: usize, p4: usize, p5: usize, to: usize, pitch: usize, side: i32, start: v128,
  w0: v128, w1: v128, w2: v128, w3: v128, w4: v128, w5: v128, w6: v128, w7: v128, w8: v128,
): void {
  const low = f32x4.splat(lo);
  const high = f32x4.splat(hi);
  let l = first(p0, side);
  let m = v128.load(p0, 4);
  let r = third(p0, side);
  let s0 = f32x4.add(start, dot(w0, w1, w2, l, m, r));
  l = first(p1, side);
  m = v128.load(p1, 4);
  r = third(p1, side);
  s0 = f32x4.add(s0, dot(w3, w4, w5, l, m, r));
  let s1 = f32x4.add(start, dot(w0, w1, w2, l, m, r));
  l = first(p2, side);
  m = v128.load(p2, 4);
  r = third(p2, side);
  s0 = f32x4.add(s0, dot(w6, w7, w8, l, m, r));
  s1 = f32x4.add(s1, dot(w3, w4, w5, l, m, r));
  let s2 = f32x4.add(start, dot(w0, w1, w2, l, m, r));
  v128.store(to, clamp4(s0, low, high));
  l = first(p3, side);
  m = v128.load(p3, 4);
  r = third(p3, side);
  s1 = f32x4.add(s1, dot(w6, w7, w8, l, m, r));
  s2 = f32x4.add(s2, dot(w3, w4, w5, l, m, r));
  let s3 = f32x4.add(start, dot(w0, w1, w2, l, m, r));
  v128.store(to + pitch, clamp4(s1, low, high));
  l = first(p4, side);
  m = v128.load(p4, 4);
  r = third(p4, side);
  s2 = f32x4.add(s2, dot(w6, w7, w8, l, m, r));
  s3 = f32x4.add(s3, dot(w3, w4, w5, l, m, r));
  v128.store(to + 2 * pitch, clamp4(s2, low, high));
  l = first(p5, side);
  m = v128.load(p5, 4);
  r = third(p5, side);
  s3 = f32x4.add(s3, dot(w6, w7, w8, l, m, r));
  v128.store(to + 3 * pitch, clamp4(s3, low, high));
}

/**
 * Stride 1: a plane of ho x w outputs from one of h x w, w > 4, ho >= 4. The window of output row 0 begins at row -`above`.
 */
export function plane3x3(
  x: usize, h: i32, w: i32, above: i32, ho: i32, weights: usize, bias: f32, y: usize,
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
  const pitch = <usize>w << 2;
  const last = pitch - 16;
  for (let i = 0; i < ho; i += 4) {
    i = min(i, ho - 4);
    let p0 = rowAt(x, i - above, h, pitch) - 4;
    let p1 = rowAt(x, i - above + 1, h, pitch) - 4;
    let p2 = rowAt(x, i - above + 2, h, pitch) - 4;
    let p3 = rowAt(x, i - above + 3, h, pitch) - 4;
    let p4 = rowAt(x, i - above + 4, h, pitch) - 4;
    let p5 = rowAt(x, i - above + 5, h, pitch) - 4;
    const to = y + <usize>i * pitch;
    block(p0, p1, p2, p3, p4, p5, to, pitch, LEFT, start, w0, w1, w2, w3, w4, w5, w6, w7, w8);
    for (let j: usize = 16; j < last; j += 16) {
      block(
        p0 + j, p1 + j, p2 + j, p3 + j, p4 + j, p5 + j, to + j, pitch, NONE, start, w0, w1, w2, w3, w4, w5, w6, w7, w8,
      );
    }
    block(
      p0 + last, p1 + last, p2 + last, p3 + last, p4 + last, p5 + last, to + last, pitch, RIGHT, start,
      w0, w1, w2, w3, w4, w5, w6, w7, w8,
    );
  }
}

/** What lies before a block of columns. */
// @ts-ignore: decorator
@inline
function before(p: usize, side: i32): v128 {
  return side == LEFT ? f32x4.splat(0) : v128.load(p);
}

/** Two rows of four outputs each, two columns apart, from five rows of input; p is four columns before the first output's own. */
// @ts-ignore: decorator
@inline
function halfBlock(
  p0: usize, p1: usize, p2: usize, p3: usize, p4: usize, to: usize, pitch: usize, side: i32, start: v128,
  w0: v128, w1: v128, w2: v128, w3: v128, w4: v128, w5: v128, w6: v128, w7: v128, w8: v128,
): void {
  const low = f32x4.splat(lo);
  const high = f32x4.splat(hi);
  let a = v128.load(p0, 16);
  let b = v128.load(p0, 32);
  let m = v128.shuffle<f32>(a, b, 0, 2, 4, 6);
  let r = v128.shuffle<f32>(a, b, 1, 3, 5, 7);
  let l = v128.shuffle<f32>(before(p0, side), r, 3, 4, 5, 6);
  let s0 = f32x4.add(start, dot(w0, w1, w2, l, m, r));
  a = v128.load(p1, 16);
  b = v128.load(p1, 32);
  m = v128.shuffle<f32>(a, b, 0, 2, 4, 6);
  r = v128.shuffle<f32>(a, b, 1, 3, 5, 7);
  l = v128.shuffle<f32>(before(p1, side), r, 3, 4, 5, 6);
  s0 = f32x4.add(s0, dot(w3, w4, w5, l, m, r));
  a = v128.load(p2, 16);
  b = v128.load(p2, 32);
  m = v128.shuffle<f32>(a, b, 0, 2, 4, 6);
  r = v128.shuffle<f32>(a, b, 1, 3, 5, 7);
  l = v128.shuffle<f32>(before(p2, side), r, 3, 4, 5, 6);
  s0 = f32x4.add(s0, dot(w6, w7, w8, l, m, r));
  v128.store(to, clamp4(s0, low, high));
  let s1 = f32x4.add(start, dot(w0, w1, w2, l, m, r));
  a = v128.load(p3, 16);
  b = v128.load(p3, 32);
  m = v128.shuffle<f32>(a, b, 0, 2, 4, 6);
  r = v128.shuffle<f32>(a, b, 1, 3, 5, 7);
  l = v128.shuffle<f32>(before(p3, side), r, 3, 4, 5, 6);
  s1 = f32x4.add(s1, dot(w3, w4, w5, l, m, r));
  a = v128.load(p4, 16);
  b = v128.load(p4, 32);
  m = v128.shuffle<f32>(a, b, 0, 2, 4, 6);
  r = v128.shuffle<f32>(a, b, 1, 3, 5, 7);
  l = v128.shuffle<f32>(before(p4, side), r, 3, 4, 5, 6);
  s1 = f32x4.add(s1, dot(w6, w7, w8, l, m, r));
  v128.store(to + pitch, clamp4(s1, low, high));
}

/** Stride 2: a plane of ho x w/2 outputs from one of h x w, w even, w >= 12, ho >= 2. `above` as in plane3x3. */
export function halfPlane3x3(
  x: usize, h: i32, w: i32, above: i32, ho: i32, weights: usize, bias: f32, y: usize,
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
  const pitch = <usize>w << 2;
  const pitchOut = pitch >> 1;
  const last = pitchOut - 16;
  for (let i = 0; i < ho; i += 2) {
    i = min(i, ho - 2);
    const p0 = rowAt(x, 2 * i - above, h, pitch) - 16;
    const p1 = rowAt(x, 2 * i - above + 1, h, pitch) - 16;
    const p2 = rowAt(x, 2 * i - above + 2, h, pitch) - 16;
    const p3 = rowAt(x, 2 * i - above + 3, h, pitch) - 16;
    const p4 = rowAt(x, 2 * i - above + 4, h, pitch) - 16;
    const to = y + <usize>i * pitchOut;
    halfBlock(p0, p1, p2, p3, p4, to, pitchOut, LEFT, start, w0, w1, w2, w3, w4, w5, w6, w7, w8);
    let j: usize = 0;
    while (j < last) {
      j = min(j + 16, last);
      const k = j << 1;
      halfBlock(
        p0 + k, p1 + k, p2 + k, p3 + k, p4 + k, to + j, pitchOut, NONE, start, w0, w1, w2, w3, w4, w5, w6, w7, w8,
      );
    }
  }
}

// The input gradient of a window with stride 2 and one row and column of zeros before the image: a pixel's gradient comes
// from one, two or four outputs, as its row and column are even or odd.

/** Two rows of eight pixels from rows p and q of the output's gradient. */
// @ts-ignore: decorator
@inline
function doubleBlock(
  p: usize, q: usize, to: usize, pitch: usize, side: i32,
  w0: v128, w1: v128, w2: v128, w3: v128, w4: v128, w5: v128, w6: v128, w7: v128, w8: v128,
): void {
  const a = v128.load(p, 4);
  const aNext = third(p, side);
  const b = v128.load(q, 4);
  const bNext = third(q, side);
  let even = f32x4.mul(w4, a);
  let odd = madd(w3, aNext, f32x4.mul(w5, a));
  v128.store(to, v128.shuffle<f32>(even, odd, 0, 4, 1, 5));
  v128.store(to, v128.shuffle<f32>(even, odd, 2, 6, 3, 7), 16);
  even = madd(w1, b, f32x4.mul(w7, a));
  odd = madd(w6, aNext, f32x4.mul(w8, a));
  odd = madd(w0, bNext, madd(w2, b, odd));
  v128.store(to + pitch, v128.shuffle<f32>(even, odd, 0, 4, 1, 5));
  v128.store(to + pitch, v128.shuffle<f32>(even, odd, 2, 6, 3, 7), 16);
}

/** Stride 2: the gradient of a plane of 2 ho x 2 wo pixels from that of ho x wo outputs, wo >= 4. */
export function doublePlane3x3(dy: usize, ho: i32, wo: i32, weights: usize, dx: usize): void {
  const w0 = v128.load32_splat(weights);
  const w1 = v128.load32_splat(weights, 4);
  const w2 = v128.load32_splat(weights, 8);
  const w3 = v128.load32_splat(weights, 12);
  const w4 = v128.load32_splat(weights, 16);
  const w5 = v128.load32_splat(weights, 20);
  const w6 = v128.load32_splat(weights, 24);
  const w7 = v128.load32_splat(weights, 28);
  const w8 = v128.load32_splat(weights, 32);
  const pitch = <usize>wo << 2;
  const last = pitch - 16;
  for (let i = 0; i < ho; i++) {
    const p = rowAt(dy, i, ho, pitch) - 4;
    const q = rowAt(dy, i + 1, ho, pitch) - 4;
    const to = dx + <usize>i * 4 * pitch;
    for (let j: usize = 0; j < last; j += 16) {
      doubleBlock(p + j, q + j, to + 2 * j, 2 * pitch, NONE, w0, w1, w2, w3, w4, w5, w6, w7, w8);
    }
    doubleBlock(p + last, q + last, to + 2 * last, 2 * pitch, RIGHT, w0, w1, w2, w3, w4, w5, w6, w7, w8);
  }
}
