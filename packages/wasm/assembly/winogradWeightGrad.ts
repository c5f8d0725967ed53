// The weight gradient of 3×3 convolutions with stride 1, no dilation and one group by Winograd's F(4×4, 3×3)
// (winogradTransforms.ts): tiles of X and of dY are transformed, multiplied and summed in 36 products O x tiles by
// tiles x C done by the micro-kernels, and the sums transformed to nine taps once. Words 3..20 are the geometry
// (geometry.ts) of the forward convolution; at most 1000 columns.
//
// The batch may be taken in parts, so that what is transformed stays in the cache until it is multiplied: N is that of a
// part, and each part is transformed, then multiplied.
// Against float64, with both factors uniform in [-1, 1], the error is 6e-7 to 1.4e-6 of the RMS of the result (maximum:
// 5e-6), growing with the number of tiles. An infinity or NaN reaches all nine taps.
//
// winogradGradTiles: U = transformed dY, V = transformed X; threads split the channels.
//   0 dY [N, O, Ho, Wo]   1 X [N, C, H, W]   2 U, V: 36 * (tiles * (O + 5 + C + 7) + 16 * (ceil(O / 4) + ceil(C / 8)))
//   floats
// winogradWeightGrad: threads split the input channels.
//   0 sums: 36 * ((O + 5) * (C + 7) + 16) floats, absent (0) if there is one part   1 U, V   2 dW [O, C, 3, 3]
//   21 first part (0/1)   22 last part (0/1)
import { int, ptr } from "./args";
import { C, H, HO, N, O, PAD_LEFT, PAD_TOP, W, WO } from "./geometry";
import { ACCUMULATE, MR, NR, tile } from "./microkernel";
import { ceilDiv, unitStart } from "./partition";
import { scratch } from "./scratch";
import { copyShort, zero } from "./simd";
import { POINTS, gradTiles, inputTiles, transpose, weightGradStage } from "./winogradTransforms";

/** Scratch: intermediate tiles; then a band of padded rows of a panel's channels, or the sums of a block. */
const WORK: usize = 1024;

/** Tiles summed at once; panels of input and of output channels in a block. */
const KC = 256;
const MAX_C_PANELS = 4;
const MAX_O_PANELS = 15;

// @ts-ignore: decorator
@inline
function tileCount(a: usize): i32 {
  return int(a, N) * ceilDiv(int(a, HO), 4) * ceilDiv(int(a, WO), 4);
}

/** Bytes of one of the 36 matrices of a panel; a cache line more, so that they do not share sets of the cache. */
// @ts-ignore: decorator
@inline
function pitchOf(a: usize, width: i32): usize {
  return <usize>(tileCount(a) * width) * 4 + 64;
}

/** Where V begins. */
// @ts-ignore: decorator
@inline
function inputTilesAt(a: usize, address: usize): usize {
  return address + <usize>ceilDiv(int(a, O), MR) * POINTS * pitchOf(a, MR);
}

export function winogradGradTiles(a: usize, tid: i32, nt: i32): void {
  const grads = ceilDiv(int(a, O), MR);
  let end = unitStart(grads, tid + 1, nt);
  let pitch = pitchOf(a, MR);
  for (let p = unitStart(grads, tid, nt); p < end; p++) {
    const to = ptr(a, 2) + <usize>p * POINTS * pitch;
    transformPanel(a, false, ptr(a, 0), int(a, O), int(a, HO), int(a, WO), p * MR, MR, to, pitch);
  }
  const inputs = ceilDiv(int(a, C), NR);
  const v = inputTilesAt(a, ptr(a, 2));
  end = unitStart(inputs, tid + 1, nt);
  pitch = pitchOf(a, NR);
  for (let p = unitStart(inputs, tid, nt); p < end; p++) {
    const to = v + <usize>p * POINTS * pitch;
    transformPanel(a, true, ptr(a, 1), int(a, C), int(a, H), int(a, W), p * NR, NR, to, pitch);
  }
}

/**
 * Tiles of channels [first, first + panel), [36][tiles][panel]; channels that do not exist repeat the last. `input`: 6×6
 * tiles of X, of which the first begin in the padding; else 4×4 tiles of dY.
 */
// @ts-ignore: decorator
@inline
function transformPanel(
  a: usize, input: bool, image: usize, channels: i32, h: i32, w: i32, first: i32, panel: i32, to: usize, points: usize,
): void {
  const high = ceilDiv(int(a, HO), 4);
  const wide = ceilDiv(int(a, WO), 4);
  const rows = input ? 6 : 4;
  const top = input ? int(a, PAD_TOP) : 0;
  const left = input ? <usize>int(a, PAD_LEFT) << 2 : 0;
  const width = <usize>w << 2;
  const plane = <usize>h * width;
  // All tiles of a row with their padding, and what vectors read beyond.
  const pitch = max(left + width, <usize>(wide * 16 + 8)) + 16;
  const plot = <usize>rows * pitch;
  const band = scratch + WORK;
  zero(band, <usize>(panel > 4 ? 8 : 4) * plot);
  for (let row = 0; row < int(a, N) * high; row++) {
    const y0 = ((row % high) << 2) - top;
    const from = image + <usize>((row / high) * channels) * plane;
    let at = band + left;
    for (let e = 0; e < panel; e++) {
      const source = from + <usize>min(first + e, channels - 1) * plane;
      for (let y = y0; y < y0 + rows; y++, at += pitch) {
        if (<u32>y < <u32>h) copyShort(source + <usize>y * width, at, width);
        else zero(at, width);
      }
    }
    for (let x = 0; x < wide; x++, to += <usize>panel << 2) {
      // The second half of six channels overwrites two lanes of the next tile, which follows.
      for (let half: usize = 0; half < <usize>panel; half += 4) {
        const b = band + half * plot + (<usize>x << 4);
        const out = to + (half << 2);
        if (input) inputTiles(b, b + plot, b + 2 * plot, b + 3 * plot, pitch, out, points);
        else gradTiles(b, b + plot, b + 2 * plot, b + 3 * plot, pitch, out, points);
      }
    }
  }
}

export function winogradWeightGrad(a: usize, tid: i32, nt: i32): void {
  const panels = ceilDiv(int(a, C), NR);
  const rowPanels = ceilDiv(int(a, O), MR);
  const rowStep = ceilDiv(rowPanels, ceilDiv(rowPanels, MAX_O_PANELS));
  const end = unitStart(panels, tid + 1, nt);
  for (let p = unitStart(panels, tid, nt); p < end; p += MAX_C_PANELS) {
    for (let r = 0; r < rowPanels; r += rowStep) {
      multiply(a, r, min(rowStep, rowPanels - r), p, min(MAX_C_PANELS, end - p));
    }
  }
}

/** The gradients of panels [row, row + rows) of output channels and [panel, panel + panels) of input channels. */
function multiply(a: usize, row: i32, rows: i32, panel: i32, panels: i32): void {
  const tiles = tileCount(a);
  const stepU = pitchOf(a, MR);
  const stepV = pitchOf(a, NR);
  const u = ptr(a, 1) + <usize>row * POINTS * stepU;
  const v = inputTilesAt(a, ptr(a, 1)) + <usize>panel * POINTS * stepV;
  const all = ptr(a, 0);
  const width = all ? ceilDiv(int(a, C), NR) : panels;
  const height = all ? ceilDiv(int(a, O), MR) : rows;
  const pitch = <usize>width * (NR * 4);
  const step = <usize>(height * MR) * pitch + 64;
  const m = all ? all + <usize>(row * MR) * pitch + <usize>panel * (NR * 4) : scratch + WORK;
  const begun = int(a, 21) == 0;
  const kcMax = ceilDiv(tiles, ceilDiv(tiles, KC));
  for (let k = 0; k < tiles; k += kcMax) {
    const kc = min(kcMax, tiles - k);
    const mode = begun || k > 0 ? ACCUMULATE : 0;
    for (let i: usize = 0; i < POINTS; i++) {
      for (let p: usize = 0; p < <usize>panels; p++) {
        const pb = v + (p * POINTS + i) * stepV + <usize>k * (NR * 4);
        let pc = m + i * step + p * (NR * 4);
        for (let r: usize = 0; r < <usize>rows; r++, pc += <usize>MR * pitch) {
          const pa = u + (r * POINTS + i) * stepU + <usize>k * (MR * 4);
          tile(kc, pa, pb, NR * 4, pc, pitch, MR, mode, 0, 0);
        }
      }
    }
  }
  if (!int(a, 22)) return;
  const channels = int(a, C);
  const lastRow = min(int(a, O), (row + rows) * MR);
  const last = min(channels, (panel + panels) * NR);
  for (let o = row * MR; o < lastRow; o++) {
    let from = m + <usize>(o - row * MR) * pitch;
    for (let c = panel * NR; c < last; c += 4, from += 16) {
      finishFour(from, step, ptr(a, 2) + <usize>(o * channels + c) * 36, min(4, last - c));
    }
  }
}

/** Gᵀ m G of `count` filters that lie side by side. */
function finishFour(m: usize, step: usize, to: usize, count: i32): void {
  for (let j: usize = 0; j < 6; j++) weightGradStage(m + j * step, 6 * step, scratch + (j << 4), 96);
  // Three rows of transforms of the columns; nine taps.
  const taps = scratch + 288;
  for (let i: usize = 0; i < 3; i++) weightGradStage(scratch + i * 96, 16, taps + i * 48, 16);
  const out = count == 4 ? to : scratch + 512;
  for (let t: usize = 0; t < 128; t += 64) {
    transpose(v128.load(taps + t), v128.load(taps + t, 16), v128.load(taps + t, 32), v128.load(taps + t, 48), out + (t >> 2), 36);
  }
  const ninth = v128.load(taps, 128);
  v128.store32_lane(out, ninth, 0, 32);
  v128.store32_lane(out, ninth, 1, 68);
  v128.store32_lane(out, ninth, 2, 104);
  v128.store32_lane(out, ninth, 3, 140);
  if (count < 4) copyShort(out, to, <usize>(count * 36));
}
