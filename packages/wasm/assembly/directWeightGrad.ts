// directWeightGrad: the gradient of a convolution with stride 1 in its weight, where there are too few channels to make up
// for gathering what each tap multiplies.
//  0 dY [N, O, Ho, Wo]   1 X [N, C, H, W]   2 dW [O, C/g, kh, kw]   3..20 geometry (geometry.ts)   21 chunks (1..N)
// 22 partials
// As in conv2dWeightGrad.ts: the images are split into chunks, whose sums go to partials [chunks, |dW|] (workspace) and are
// added up by sumChunks; with one chunk, to dW.
//
// A chunk's images are copied to scratch, X with its padding, dY with rows as wide as those of the padded X, zeros behind
// them. Then what a tap multiplies dY with begins at a fixed distance from the plane's beginning, and a weight's gradient is
// the dot product of two runs. Limits, which src/emit/direct.ts knows too: a chunk's images fit in scratch, MAX_COLUMNS.
//
// Threads split (chunk, group).
import { int, ptr } from "./args";
import { C, DIL_H, DIL_W, GROUPS, H, HO, KH, KW, N, O, PAD_LEFT, PAD_TOP, W, WO } from "./geometry";
import { unitStart } from "./partition";
import { scratch } from "./scratch";
import { copyShort, madd, storePart, sumLanes4, zero } from "./simd";

/** Scratch: where each column of dW begins in an image (u32); the images. */
const MAX_COLUMNS = 8192;
const IMAGES: usize = 4 * MAX_COLUMNS;

export function directWeightGrad(a: usize, tid: i32, nt: i32): void {
  const groups = int(a, GROUPS);
  const chunks = int(a, 21);
  const inputs = int(a, C) / groups;
  const outputs = int(a, O) / groups;
  const h = int(a, H);
  const w = int(a, W);
  const kh = int(a, KH);
  const kw = int(a, KW);
  const ho = int(a, HO);
  const wo = int(a, WO);
  const planeX = <usize>(h * w) << 2;
  const planeY = <usize>(ho * wo) << 2;
  const rows = ho + (kh - 1) * int(a, DIL_H);
  const pitch = <usize>(wo + (kw - 1) * int(a, DIL_W)) << 2;
  const planeIn = pitch * <usize>rows;
  // Whole vectors; the last one may reach into the next plane of X, or behind the last one.
  const run = (pitch * <usize>(ho - 1) + (<usize>wo << 2) + 15) & ~15;
  const imageIn = planeIn * <usize>inputs + 16;
  const image = imageIn + run * <usize>outputs;
  const columns = inputs * kh * kw;
  const size = <usize>(outputs * columns) << 2;
  const first = unitStart(chunks * groups, tid, nt);
  const last = unitStart(chunks * groups, tid + 1, nt);
  if (first == last) return;
  const most = (int(a, N) + chunks - 1) / chunks;
  zero(scratch + IMAGES, image * <usize>most);
  let at = scratch;
  for (let c = 0; c < inputs; c++) {
    for (let r = 0; r < kh; r++) {
      const row = planeIn * <usize>c + pitch * <usize>(r * int(a, DIL_H));
      for (let s = 0; s < kw; s++, at += 4) store<u32>(at, <u32>(row + (<usize>(s * int(a, DIL_W)) << 2)));
    }
  }
  const inside = pitch * <usize>int(a, PAD_TOP) + (<usize>int(a, PAD_LEFT) << 2);
  for (let u = first; u < last; u++) {
    const chunk = u / groups;
    const g = u % groups;
    const n0 = unitStart(int(a, N), chunk, chunks);
    const n1 = unitStart(int(a, N), chunk + 1, chunks);
    let to = scratch + IMAGES;
    for (let n = n0; n < n1; n++, to += image) {
      const x = ptr(a, 1) + <usize>((n * groups + g) * inputs) * planeX;
      for (let c: usize = 0; c < <usize>inputs; c++) copyPlane(x + c * planeX, h, w, to + c * planeIn + inside, pitch);
      const dy = ptr(a, 0) + <usize>((n * groups + g) * outputs) * planeY;
      for (let o: usize = 0; o < <usize>outputs; o++) copyPlane(dy + o * planeY, ho, wo, to + imageIn + o * run, pitch);
    }
    const all = chunks > 1 ? ptr(a, 22) + <usize>chunk * size * <usize>groups : ptr(a, 2);
    products(n1 - n0, image, imageIn, run, outputs, columns, all + <usize>g * size);
  }
}

/** Copies a plane to rows `pitch` bytes apart, and writes nothing between them. */
// @ts-ignore: decorator
@inline
function copyPlane(from: usize, h: i32, w: i32, to: usize, pitch: usize): void {
  const bytes = <usize>w << 2;
  for (let y = 0; y < h; y++, from += bytes, to += pitch) copyShort(from, to, bytes);
}

/** All of dW [outputs, columns] from `count` images. */
function products(count: i32, image: usize, imageIn: usize, run: usize, outputs: i32, columns: i32, dw: usize): void {
  const x = scratch + IMAGES;
  const pitch = <usize>columns << 2;
  for (let o = 0; o < outputs; o += 2) {
    const rows = min(2, outputs - o);
    const dy = x + imageIn + <usize>o * run;
    const to = dw + <usize>o * pitch;
    for (let j = 0; j < columns; ) {
      const left = columns - j;
      const at = to + (<usize>j << 2);
      const list = scratch + (<usize>j << 2);
      if (left > 3) dots6(count, image, run, dy, rows, x, list, min(6, left), at, pitch);
      else dots3(count, image, run, dy, rows, x, list, left, at, pitch);
      j += 6;
    }
  }
}

/** Offset `k` of a list, or the last of the first `count`. */
// @ts-ignore: decorator
@inline
function offset(list: usize, k: i32, count: i32): usize {
  return <usize>load<u32>(list + (<usize>min(k, count - 1) << 2));
}

/**
 * Gradients of two (or one) output channels in `cols` columns, at most `width`, 6 or 3: in the second case, the other
 * accumulators are never there.
 */
// @ts-ignore: decorator
@inline
function dots(
  width: i32, count: i32, image: usize, run: usize, y0: usize, rows: i32, x: usize, list: usize, cols: i32, to: usize,
  pitch: usize,
): void {
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
  let y1 = rows > 1 ? y0 + run : y0;
  let x0 = x + offset(list, 0, cols);
  let x1 = x + offset(list, 1, cols);
  let x2 = x + offset(list, 2, cols);
  let x3 = x + offset(list, 3, cols);
  let x4 = x + offset(list, 4, cols);
  let x5 = x + offset(list, 5, cols);
  for (let n = 0; n < count; n++) {
    for (let k: usize = 0; k < run; k += 16) {
      const p = v128.load(y0 + k);
      const q = v128.load(y1 + k);
      let b = v128.load(x0 + k);
      c00 = madd(p, b, c00);
      c10 = madd(q, b, c10);
      b = v128.load(x1 + k);
      c01 = madd(p, b, c01);
      c11 = madd(q, b, c11);
      b = v128.load(x2 + k);
      c02 = madd(p, b, c02);
      c12 = madd(q, b, c12);
      if (width == 6) {
        b = v128.load(x3 + k);
        c03 = madd(p, b, c03);
        c13 = madd(q, b, c13);
        b = v128.load(x4 + k);
        c04 = madd(p, b, c04);
        c14 = madd(q, b, c14);
        b = v128.load(x5 + k);
        c05 = madd(p, b, c05);
        c15 = madd(q, b, c15);
      }
    }
    y0 += image;
    y1 += image;
    x0 += image;
    x1 += image;
    x2 += image;
    if (width == 6) {
      x3 += image;
      x4 += image;
      x5 += image;
    }
  }
  const ends = sumLanes4(c04, c05, c14, c15);
  storePart(to, sumLanes4(c00, c01, c02, c03), cols);
  if (cols > 4) v128.store32_lane(to, ends, 0, 16);
  if (cols > 5) v128.store32_lane(to, ends, 1, 20);
  if (rows == 1) return;
  to += pitch;
  storePart(to, sumLanes4(c10, c11, c12, c13), cols);
  if (cols > 4) v128.store32_lane(to, ends, 2, 16);
  if (cols > 5) v128.store32_lane(to, ends, 3, 20);
}

function dots6(
  count: i32, image: usize, run: usize, y0: usize, rows: i32, x: usize, list: usize, cols: i32, to: usize, pitch: usize,
): void {
  dots(6, count, image, run, y0, rows, x, list, cols, to, pitch);
}

function dots3(
  count: i32, image: usize, run: usize, y0: usize, rows: i32, x: usize, list: usize, cols: i32, to: usize, pitch: usize,
): void {
  dots(3, count, image, run, y0, rows, x, list, cols, to, pitch);
}
