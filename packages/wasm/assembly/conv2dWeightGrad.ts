// conv2dWeightGrad: dW[o, c, r, s] = sum over images and output pixels of dY[n, o, pixel] * X[n, c, pixel*stride + tap].
// Words 3..20 are the geometry (geometry.ts), that of the forward convolution.
//  0 dY [N, O, Ho, Wo]   1 X [N, C, H, W]   2 dW [O, C/g, kh, kw]   21 chunks (1..N)   22 partials
// chunks = 1: writes dW. chunks > 1: the images are split into that many parts, whose sums go to partials [chunks, |dW|]
// (workspace) and are added up by sumChunks. The emitter derives chunks from shapes only.
//
// sumChunks: out[i] = partials[0, i] + partials[1, i] + ...
//  0 partials   1 out   2 count   3 chunks
//
// Both factors are contiguous along the pixels, so this is a product of dot products: X is gathered block by block into one
// row of pixels a column of dW (or read in place for pointwise convolutions), dY is read in place or, where its planes are
// small, copied so that a block spans several images. Threads split (chunk, group, six columns).
import { int, ptr } from "./args";
import {
  C, DIL_H, DIL_W, GROUPS, H, HO, KH, KW, N, O, PAD_BOTTOM, PAD_LEFT, PAD_RIGHT, PAD_TOP, STRIDE_H, STRIDE_W, W, WO,
} from "./geometry";
import { dot2x6 } from "./microkernel";
import { ceilDiv, unitStart } from "./partition";
import { scratch } from "./scratch";
import { copyShort, zero } from "./simd";

/** Pixels, rows (of dY) and columns (of dW) in a block. */
const KC = 784;
const ROWS = 96;
const COLS = 96;
const TILE: usize = 0;
const BLOCK_X: usize = 64;
const BLOCK_DY: usize = BLOCK_X + COLS * KC * 4;

export function conv2dWeightGrad(a: usize, tid: i32, nt: i32): void {
  const groups = int(a, GROUPS);
  const chunks = int(a, 21);
  const columns = (int(a, C) / groups) * int(a, KH) * int(a, KW);
  const tiles = ceilDiv(columns, 6);
  const size = <usize>int(a, O) * <usize>columns;
  const last = unitStart(chunks * groups * tiles, tid + 1, nt);
  for (let u = unitStart(chunks * groups * tiles, tid, nt); u < last; ) {
    const part = u / tiles;
    const first = u % tiles;
    const end = min(tiles, first + last - u);
    const chunk = part / groups;
    const dw = chunks > 1 ? ptr(a, 22) + ((<usize>chunk * size) << 2) : ptr(a, 2);
    const n0 = unitStart(int(a, N), chunk, chunks);
    const n1 = unitStart(int(a, N), chunk + 1, chunks);
    columnsOf(a, part % groups, n0, n1, first * 6, min(columns, end * 6), dw);
    u += end - first;
  }
}

/** Columns [j0, j1) of group `g`, summed over images [n0, n1). */
function columnsOf(a: usize, g: i32, n0: i32, n1: i32, j0: i32, j1: i32, dw: usize): void {
  const groups = int(a, GROUPS);
  const outputs = int(a, O) / groups;
  const inputs = int(a, C) / groups;
  const planeX = int(a, H) * int(a, W);
  const planeY = int(a, HO) * int(a, WO);
  const columns = inputs * int(a, KH) * int(a, KW);
  const imageX = <usize>(int(a, C) * planeX) << 2;
  const imageY = <usize>(int(a, O) * planeY) << 2;
  const x = ptr(a, 1) + (<usize>(g * inputs * planeX) << 2);
  const dy = ptr(a, 0) + (<usize>(g * outputs * planeY) << 2);
  const inPlace = planeY >= KC / 2 && planeY % 4 == 0;
  const pointwise =
    inPlace && int(a, KH) * int(a, KW) == 1 && int(a, STRIDE_H) == 1 && int(a, STRIDE_W) == 1 &&
    (int(a, PAD_TOP) | int(a, PAD_LEFT) | int(a, PAD_BOTTOM) | int(a, PAD_RIGHT)) == 0;
  // A run of pixels that blocks divide evenly: an image if it is read in place, else all images.
  const runPixels = inPlace ? planeY : (n1 - n0) * planeY;
  const runs = inPlace ? n1 - n0 : 1;
  const blocks = ceilDiv(runPixels, KC);
  const kcMax = (ceilDiv(runPixels, blocks) + 3) & ~3;
  let begun = false;
  for (let run = 0; run < runs; run++) {
    const n = n0 + run;
    for (let p0 = 0; p0 < runPixels; p0 += kcMax) {
      const pixels = min(kcMax, runPixels - p0);
      const kc = (pixels + 3) & ~3;
      for (let j = j0; j < j1; j += COLS) {
        const cols = min(COLS, j1 - j);
        let px = scratch + BLOCK_X;
        let pitchX = <usize>kc << 2;
        if (pointwise) {
          px = x + <usize>n * imageX + (<usize>(j * planeX + p0) << 2);
          pitchX = <usize>planeX << 2;
        } else {
          for (let c = 0; c < cols; c++) gatherColumn(a, x, imageX, j + c, n, p0, pixels, px + <usize>c * pitchX);
        }
        for (let i = 0; i < outputs; i += ROWS) {
          const rows = min(ROWS, outputs - i);
          let py = scratch + BLOCK_DY;
          let pitchY = <usize>kc << 2;
          if (inPlace) {
            py = dy + <usize>n * imageY + (<usize>(i * planeY + p0) << 2);
            pitchY = <usize>planeY << 2;
          } else {
            for (let r = 0; r < rows; r++) {
              copyPixels(dy + (<usize>((i + r) * planeY) << 2), imageY, planeY, n, p0, pixels, py + <usize>r * pitchY);
            }
          }
          const to = dw + (<usize>((g * outputs + i) * columns + j) << 2);
          products(kc, py, pitchY, rows, px, pitchX, cols, to, <usize>columns << 2, begun);
        }
      }
      begun = true;
    }
  }
}

/** dW[rows, cols] (+)= dY·Xᵀ over one block of pixels. */
function products(
  kc: i32, py: usize, pitchY: usize, rows: i32, px: usize, pitchX: usize, cols: i32, dw: usize, pitch: usize, add: bool,
): void {
  const tile = scratch + TILE;
  for (let c = 0; c < cols; c += 6) {
    const width = min(6, cols - c);
    for (let r = 0; r < rows; r += 2) {
      const height = min(2, rows - r);
      dot2x6(kc, py + <usize>r * pitchY, pitchY, height, px + <usize>c * pitchX, pitchX, width, tile);
      let to = dw + <usize>r * pitch + (<usize>c << 2);
      for (let e = 0; e < height; e++, to += pitch) {
        const four = tile + (<usize>e << 4);
        const two = tile + 32 + (<usize>e << 3);
        if (width == 6) {
          let low = v128.load(four);
          let high = v128.load64_zero(two);
          if (add) {
            low = f32x4.add(low, v128.load(to));
            high = f32x4.add(high, v128.load64_zero(to + 16));
          }
          v128.store(to, low);
          v128.store64_lane(to + 16, high, 0);
        } else {
          for (let q: usize = 0; q < <usize>width; q++) {
            const value = load<f32>((q < 4 ? four : two - 16) + (q << 2));
            store<f32>(to + (q << 2), add ? load<f32>(to + (q << 2)) + value : value);
          }
        }
      }
    }
  }
}

/** Pixels [p, p + pixels) of a plane, numbered on from image `n` to the next ones; padded with zeros to a multiple of 4. */
function copyPixels(plane: usize, pitch: usize, size: i32, n: i32, p: i32, pixels: i32, dst: usize): void {
  n += p / size;
  p %= size;
  const padding = -pixels & 3;
  while (pixels > 0) {
    const count = min(pixels, size - p);
    copyShort(plane + <usize>n * pitch + (<usize>p << 2), dst, <usize>count << 2);
    dst += <usize>count << 2;
    pixels -= count;
    p = 0;
    n++;
  }
  zero(dst, <usize>padding << 2);
}

/** What column `j` of dW (plane, tap) multiplies: the input pixels under its tap, as copyPixels for the output pixels. */
function gatherColumn(a: usize, x: usize, pitch: usize, j: i32, n: i32, p: i32, pixels: i32, dst: usize): void {
  const kw = int(a, KW);
  const taps = int(a, KH) * kw;
  const h = int(a, H);
  const w = int(a, W);
  const ho = int(a, HO);
  const wo = int(a, WO);
  const sh = int(a, STRIDE_H);
  const sw = int(a, STRIDE_W);
  const tap = j % taps;
  const plane = x + (<usize>((j / taps) * h * w) << 2);
  const dy = (tap / kw) * int(a, DIL_H) - int(a, PAD_TOP);
  const dx = (tap % kw) * int(a, DIL_W) - int(a, PAD_LEFT);
  // Output columns [from, to) read inside a row of the image.
  const from = min(wo, dx < 0 ? ceilDiv(-dx, sw) : 0);
  const to = max(from, min(wo, dx < w ? (w - 1 - dx) / sw + 1 : 0));
  const padding = -pixels & 3;
  n += p / (ho * wo);
  p %= ho * wo;
  let row = p / wo;
  let col = p % wo;
  while (pixels > 0) {
    const end = min(wo, col + pixels);
    const y = row * sh + dy;
    if (<u32>y >= <u32>h) {
      zero(dst, <usize>(end - col) << 2);
    } else {
      const first = max(col, min(end, from));
      const last = max(first, min(end, to));
      zero(dst, <usize>(first - col) << 2);
      const src = plane + <usize>n * pitch + (<usize>(y * w + first * sw + dx) << 2);
      const at = dst + (<usize>(first - col) << 2);
      if (sw == 1) {
        copyShort(src, at, <usize>(last - first) << 2);
      } else {
        let s = src;
        const bytes = <usize>(last - first) << 2;
        for (let i: usize = 0; i < bytes; i += 4, s += <usize>sw << 2) store<f32>(at + i, load<f32>(s));
      }
      zero(dst + (<usize>(last - col) << 2), <usize>(end - last) << 2);
    }
    dst += <usize>(end - col) << 2;
    pixels -= end - col;
    col = 0;
    if (++row == ho) {
      row = 0;
      n++;
    }
  }
  zero(dst, <usize>padding << 2);
}

export function sumChunks(a: usize, tid: i32, nt: i32): void {
  const count = int(a, 2);
  const chunks = int(a, 3);
  const vectors = ceilDiv(count, 4);
  const pitch = <usize>count << 2;
  const end = min(count, unitStart(vectors, tid + 1, nt) * 4);
  for (let i = unitStart(vectors, tid, nt) * 4; i < end; ) {
    let from = ptr(a, 0) + (<usize>i << 2);
    const to = ptr(a, 1) + (<usize>i << 2);
    if (i + 4 <= end) {
      let sum = v128.load(from);
      for (let c = 1; c < chunks; c++) sum = f32x4.add(sum, v128.load((from += pitch)));
      v128.store(to, sum);
      i += 4;
    } else {
      let sum = load<f32>(from);
      for (let c = 1; c < chunks; c++) sum += load<f32>((from += pitch));
      store<f32>(to, sum);
      i++;
    }
  }
}
