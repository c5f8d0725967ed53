// The micro-kernels: register tiles of the matrix products. Everything else only brings panels to them.
//
// tile6 and tile4 compute C[r, 0..8) (+)= sum over k of a[k, r] * b[k, 0..8): 12 (8) accumulators, two vectors of b and a
// broadcast of a, which fills the 15 vector registers that engines leave us on x86. The loop is not unrolled on
// purpose: unrolled versions spill. The panel of A is packed (MR floats a step), b may be a packed panel or any
// row-major matrix. dot2x6 is for operands that are both contiguous along k.
import { clamp1, clamp4, madd, sumLanes4 } from "./simd";

/** Tile modes: add to what C holds; then apply bias, residual and bounds. */
export const ACCUMULATE = 1;
export const FINISH = 2;
export const BIAS_PER_ROW = 4;
export const BIAS_PER_COLUMN = 8;
export const RESIDUAL = 16;

/** Rows of a packed panel of A (without fused multiply-add, 12 accumulators would spill), columns of a packed panel of B. */
export const MR: i32 = ASC_FEATURE_RELAXED_SIMD ? 6 : 4;
export const NR = 8;

let lo: f32 = -Infinity;
let hi: f32 = Infinity;

/** Sets the bounds that FINISH clamps to (none: the infinities). */
export function setBounds(low: f32, high: f32): void {
  lo = low;
  hi = high;
}

// @ts-ignore: decorator
@inline
function finish(row: usize, x0: v128, x1: v128, mode: i32, bias: usize, residual: usize): void {
  if (mode & ACCUMULATE) {
    x0 = f32x4.add(x0, v128.load(row));
    x1 = f32x4.add(x1, v128.load(row, 16));
  }
  if (mode & FINISH) {
    if (mode & BIAS_PER_ROW) {
      const b = v128.load32_splat(bias);
      x0 = f32x4.add(x0, b);
      x1 = f32x4.add(x1, b);
    } else if (mode & BIAS_PER_COLUMN) {
      x0 = f32x4.add(x0, v128.load(bias));
      x1 = f32x4.add(x1, v128.load(bias, 16));
    }
    if (mode & RESIDUAL) {
      x0 = f32x4.add(x0, v128.load(row + residual));
      x1 = f32x4.add(x1, v128.load(row + residual, 16));
    }
    const low = f32x4.splat(lo);
    const high = f32x4.splat(hi);
    x0 = clamp4(x0, low, high);
    x1 = clamp4(x1, low, high);
  }
  v128.store(row, x0);
  v128.store(row, x1, 16);
}

/** A tile of at most `height` rows, 6 or 4: in the second case, the other accumulators are never there. */
// @ts-ignore: decorator
@inline
function body(
  height: i32, listed: bool, kc: i32, pa: usize, pb: usize, ldb: usize, pc: usize, ldc: usize, rows: i32, mode: i32, bias: usize,
  residual: usize,
): void {
  let c00 = f32x4.splat(0);
  let c01 = f32x4.splat(0);
  let c10 = f32x4.splat(0);
  let c11 = f32x4.splat(0);
  let c20 = f32x4.splat(0);
  let c21 = f32x4.splat(0);
  let c30 = f32x4.splat(0);
  let c31 = f32x4.splat(0);
  let c40 = f32x4.splat(0);
  let c41 = f32x4.splat(0);
  let c50 = f32x4.splat(0);
  let c51 = f32x4.splat(0);
  const end = pa + <usize>kc * (MR * 4);
  while (pa < end) {
    const row = listed ? pb + load<u32>(ldb) : pb;
    const b0 = v128.load(row);
    const b1 = v128.load(row, 16);
    let a = v128.load32_splat(pa);
    c00 = madd(a, b0, c00);
    c01 = madd(a, b1, c01);
    a = v128.load32_splat(pa, 4);
    c10 = madd(a, b0, c10);
    c11 = madd(a, b1, c11);
    a = v128.load32_splat(pa, 8);
    c20 = madd(a, b0, c20);
    c21 = madd(a, b1, c21);
    a = v128.load32_splat(pa, 12);
    c30 = madd(a, b0, c30);
    c31 = madd(a, b1, c31);
    if (height == 6) {
      a = v128.load32_splat(pa, 16);
      c40 = madd(a, b0, c40);
      c41 = madd(a, b1, c41);
      a = v128.load32_splat(pa, 20);
      c50 = madd(a, b0, c50);
      c51 = madd(a, b1, c51);
    }
    pa += MR * 4;
    if (listed) ldb += 4;
    else pb += ldb;
  }
  const biasStep: usize = mode & BIAS_PER_ROW ? 4 : 0;
  finish(pc, c00, c01, mode, bias, residual);
  if (rows == 1) return;
  pc += ldc;
  bias += biasStep;
  finish(pc, c10, c11, mode, bias, residual);
  if (rows == 2) return;
  pc += ldc;
  bias += biasStep;
  finish(pc, c20, c21, mode, bias, residual);
  if (rows == 3) return;
  pc += ldc;
  bias += biasStep;
  finish(pc, c30, c31, mode, bias, residual);
  if (height == 4 || rows == 4) return;
  pc += ldc;
  bias += biasStep;
  finish(pc, c40, c41, mode, bias, residual);
  if (rows == 5) return;
  pc += ldc;
  bias += biasStep;
  finish(pc, c50, c51, mode, bias, residual);
}

/**
 * Rows 0..rows (at most 6) and 8 columns of C.
 * `pa`: packed panel [kc][MR]; `pb`, `ldb`: b and its row pitch in bytes; `pc`, `ldc`: C and its row pitch in bytes;
 * `bias`: of the first row or column of the tile; `residual`: distance in bytes from C to the residual.
 */
export function tile6(
  kc: i32, pa: usize, pb: usize, ldb: usize, pc: usize, ldc: usize, rows: i32, mode: i32, bias: usize, residual: usize,
): void {
  body(6, false, kc, pa, pb, ldb, pc, ldc, rows, mode, bias, residual);
}

/** As tile6; step k of b is at `pb` plus the k-th offset (u32, bytes) of the list at `offsets`. */
export function listedTile6(
  kc: i32, pa: usize, pb: usize, offsets: usize, pc: usize, ldc: usize, rows: i32, mode: i32, bias: usize, residual: usize,
): void {
  body(6, true, kc, pa, pb, offsets, pc, ldc, rows, mode, bias, residual);
}

/** As tile6, for at most 4 rows. */
export function tile4(
  kc: i32, pa: usize, pb: usize, ldb: usize, pc: usize, ldc: usize, rows: i32, mode: i32, bias: usize, residual: usize,
): void {
  body(4, false, kc, pa, pb, ldb, pc, ldc, rows, mode, bias, residual);
}

/** As listedTile6, for at most 4 rows. */
export function listedTile4(
  kc: i32, pa: usize, pb: usize, offsets: usize, pc: usize, ldc: usize, rows: i32, mode: i32, bias: usize, residual: usize,
): void {
  body(4, true, kc, pa, pb, offsets, pc, ldc, rows, mode, bias, residual);
}

/**
 * Dot products of two rows a with six rows b, all contiguous along k: out = [a0·b0..3][a1·b0..3][a0·b4, a0·b5,
 * a1·b4, a1·b5]. `lda`, `ldb`: pitches in bytes. Of the six rows b only the first `cols` exist, of the two rows a only
 * `rows` (others are read from the last one). The last kc % 4 steps are left to the caller.
 */
export function dot2x6(kc: i32, pa: usize, lda: usize, rows: i32, pb: usize, ldb: usize, cols: i32, out: usize): void {
  let c00 = f32x4.splat(0);
  let c01 = f32x4.splat(0);
  let c02 = f32x4.splat(0);
  let c03 = f32x4.splat(0);
  let c04 = f32x4.splat(0);
  let c05 = f32x4.splat(0);
  let c10 = f32x4.splat(0);
  let c11 = f32x4.splat(0);
  let c12 = f32x4.splat(0);
  let c13 = f32x4.splat(0);
  let c14 = f32x4.splat(0);
  let c15 = f32x4.splat(0);
  const a1 = rows > 1 ? pa + lda : pa;
  const b1 = cols > 1 ? pb + ldb : pb;
  const b2 = cols > 2 ? b1 + ldb : b1;
  const b3 = cols > 3 ? b2 + ldb : b2;
  const b4 = cols > 4 ? b3 + ldb : b3;
  const b5 = cols > 5 ? b4 + ldb : b4;
  const bytes = <usize>(kc & ~3) << 2;
  for (let k: usize = 0; k < bytes; k += 16) {
    const x = v128.load(pa + k);
    const y = v128.load(a1 + k);
    let b = v128.load(pb + k);
    c00 = madd(x, b, c00);
    c10 = madd(y, b, c10);
    b = v128.load(b1 + k);
    c01 = madd(x, b, c01);
    c11 = madd(y, b, c11);
    b = v128.load(b2 + k);
    c02 = madd(x, b, c02);
    c12 = madd(y, b, c12);
    b = v128.load(b3 + k);
    c03 = madd(x, b, c03);
    c13 = madd(y, b, c13);
    b = v128.load(b4 + k);
    c04 = madd(x, b, c04);
    c14 = madd(y, b, c14);
    b = v128.load(b5 + k);
    c05 = madd(x, b, c05);
    c15 = madd(y, b, c15);
  }
  v128.store(out, sumLanes4(c00, c01, c02, c03));
  v128.store(out, sumLanes4(c10, c11, c12, c13), 16);
  v128.store(out, sumLanes4(c04, c05, c14, c15), 32);
}

/** The tile kernel that fits the number of rows. */
// @ts-ignore: decorator
@inline
export function tile(
  kc: i32, pa: usize, pb: usize, ldb: usize, pc: usize, ldc: usize, rows: i32, mode: i32, bias: usize, residual: usize,
): void {
  if (MR == 4 || rows <= 4) tile4(kc, pa, pb, ldb, pc, ldc, rows, mode, bias, residual);
  else tile6(kc, pa, pb, ldb, pc, ldc, rows, mode, bias, residual);
}

/** As tile, with a list of offsets. */
// @ts-ignore: decorator
@inline
export function listedTile(
  kc: i32, pa: usize, pb: usize, offsets: usize, pc: usize, ldc: usize, rows: i32, mode: i32, bias: usize,
  residual: usize,
): void {
  if (MR == 4 || rows <= 4) listedTile4(kc, pa, pb, offsets, pc, ldc, rows, mode, bias, residual);
  else listedTile6(kc, pa, pb, offsets, pc, ldc, rows, mode, bias, residual);
}

/**
 * A tile whose `cols` columns do not lie side by side: column e is `offsets[e]` bytes (u32) from `pc`. Computed in
 * `temp` (MR x 8 floats), then finished one by one.
 */
export function tileScattered(
  kc: i32, pa: usize, pb: usize, ldb: usize, pc: usize, ldc: usize, rows: i32, mode: i32, bias: usize, residual: usize,
  cols: i32, offsets: usize, temp: usize,
): void {
  tile(kc, pa, pb, ldb, temp, NR * 4, rows, 0, 0, 0);
  for (let r = 0; r < rows; r++) {
    if (cols == NR) finishScattered(temp, pc, mode, bias, residual, offsets);
    else for (let e = 0; e < cols; e++) {
      const at = pc + load<u32>(offsets + (<usize>e << 2));
      const b = mode & BIAS_PER_COLUMN ? bias + (<usize>e << 2) : bias;
      store<f32>(at, finish1(load<f32>(temp + (<usize>e << 2)), at, mode, b, residual));
    }
    temp += NR * 4;
    pc += ldc;
    if (mode & BIAS_PER_ROW) bias += 4;
  }
}

// @ts-ignore: decorator
@inline
function gather(base: usize, offsets: usize): v128 {
  let x = v128.load32_zero(base + load<u32>(offsets));
  x = v128.load32_lane(base + load<u32>(offsets, 4), x, 1);
  x = v128.load32_lane(base + load<u32>(offsets, 8), x, 2);
  return v128.load32_lane(base + load<u32>(offsets, 12), x, 3);
}

// @ts-ignore: decorator
@inline
function scatter(base: usize, offsets: usize, x: v128): void {
  v128.store32_lane(base + load<u32>(offsets), x, 0);
  v128.store32_lane(base + load<u32>(offsets, 4), x, 1);
  v128.store32_lane(base + load<u32>(offsets, 8), x, 2);
  v128.store32_lane(base + load<u32>(offsets, 12), x, 3);
}

/** As finish, of a row of eight columns at `from` whose places are scattered. */
// @ts-ignore: decorator
@inline
function finishScattered(from: usize, row: usize, mode: i32, bias: usize, residual: usize, offsets: usize): void {
  for (let half: usize = 0; half < 32; half += 16) {
    let x = v128.load(from + half);
    const at = offsets + half;
    if (mode & ACCUMULATE) x = f32x4.add(x, gather(row, at));
    if (mode & FINISH) {
      if (mode & BIAS_PER_ROW) x = f32x4.add(x, v128.load32_splat(bias));
      else if (mode & BIAS_PER_COLUMN) x = f32x4.add(x, v128.load(bias + half));
      if (mode & RESIDUAL) x = f32x4.add(x, gather(row + residual, at));
      x = clamp4(x, f32x4.splat(lo), f32x4.splat(hi));
    }
    scatter(row, at, x);
  }
}

/** What FINISH and ACCUMULATE do, for the one element at `at`; `bias` is the address of its bias. */
// @ts-ignore: decorator
@inline
export function finish1(x: f32, at: usize, mode: i32, bias: usize, residual: usize): f32 {
  if (mode & ACCUMULATE) x += load<f32>(at);
  if (mode & FINISH) {
    if (mode & (BIAS_PER_ROW | BIAS_PER_COLUMN)) x += load<f32>(bias);
    if (mode & RESIDUAL) x += load<f32>(at + residual);
    x = clamp1(x, lo, hi);
  }
  return x;
}

/** The same for six elements that lie side by side, `four` and two lanes of `two`. */
// @ts-ignore: decorator
@inline
export function finish6(four: v128, two: v128, at: usize, mode: i32, bias: usize, residual: usize): void {
  if (mode & ACCUMULATE) {
    four = f32x4.add(four, v128.load(at));
    two = f32x4.add(two, v128.load64_zero(at + 16));
  }
  if (mode & FINISH) {
    if (mode & BIAS_PER_ROW) {
      const b = v128.load32_splat(bias);
      four = f32x4.add(four, b);
      two = f32x4.add(two, b);
    } else if (mode & BIAS_PER_COLUMN) {
      four = f32x4.add(four, v128.load(bias));
      two = f32x4.add(two, v128.load64_zero(bias + 16));
    }
    if (mode & RESIDUAL) {
      four = f32x4.add(four, v128.load(at + residual));
      two = f32x4.add(two, v128.load64_zero(at + residual + 16));
    }
    const low = f32x4.splat(lo);
    const high = f32x4.splat(hi);
    four = clamp4(four, low, high);
    two = clamp4(two, low, high);
  }
  v128.store(at, four);
  v128.store64_lane(at + 16, two, 0);
}
