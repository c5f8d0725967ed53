// 3×3 convolutions with stride 1, no dilation and one group by Winograd's F(4×4, 3×3) (winogradTransforms.ts): filters
// and tiles are transformed, 36 small products O x C by C x tiles done by the micro-kernels, and results transformed
// back. Words 3..20 are the geometry (geometry.ts); at most 512 channels in or out, at most 1000 columns.
//
// The input gradient is such a convolution too: of dY, with turned and transposed filters and padding 2 - p. Its
// records describe that convolution: C channels of dY in, O channels of dX out.
//
// Against float64, with both operands uniform in [-1, 1], the error is 8e-7 of the RMS of the result for 64 channels
// (maximum: 7e-6) and 2e-6 for 512 (2e-5), where plain sums of products have 3e-7. An infinity or NaN reaches all 4×4
// outputs of its tile, as inputs are added to each other; transformed inputs are up to 20 times as large as these.
//
// Where there are more tiles than output channels, threads split the tiles; what is transformed stays in scratch:
// winogradWeight: 0 W [O, C, 3, 3]   1 U: 36 * ((O + 5) * C + 16 * ceil(O / 4)) floats
//   2 turned (0/1: W is [C, O, 3, 3], and is turned by 180°)
// winogradTiles: Y = act(conv(X, W) + bias + residual)
//   0 X [N, C, H, W]   1 U   2 Y [N, O, Ho, Wo]   21 bias[O] (optional)   22 residual (optional, shape of Y)
//  23 act (0 none, 1 relu, 2 clamp)   24 lo   25 hi
// Where there are fewer, threads split the output channels, and transform their filters in scratch:
// winogradInput: 0 X   1 V: ceil(tiles / 8) * 36 * (8 C + 16) floats
// winogradOutputs: 0 W   1 V   2 Y   21..25 as above   26 turned
import { actHi, actLo, int, ptr } from "./args";
import { C, H, HO, N, O, PAD_LEFT, PAD_TOP, W, WO } from "./geometry";
import { MR, NR, tile } from "./microkernel";
import { ceilDiv, unitStart } from "./partition";
import { SCRATCH_BYTES, scratch } from "./scratch";
import { clamp4, copyShort, loadPart, storePart, zero } from "./simd";
import { POINTS, inputTiles, outputStage, transpose, weightStage } from "./winogradTransforms";

/** Scratch: intermediate tiles; rows to copy; one record a tile; a band of padded rows; then blocks of V, U and M. */
const ROWS: usize = 2048;
const TILES: usize = 8192;
const BAND: usize = 10240;
const BLOCKS: usize = 73728;
const V_BYTES: usize = 320000;
const U_BYTES: usize = 450000;
/** Panels of eight tiles in a block, and panels of output channels. */
const MAX_TILE_PANELS = 8;
const MAX_ROW_PANELS = 4;
/** Bytes of a tile's record: offset in the band; offset in Y; rows and columns that exist. */
const TILE_RECORD: usize = 16;
/** Bytes of the products of one output channel and a panel of tiles. */
const PRODUCTS: usize = POINTS * NR * 4;

// Panels are padded by a cache line: powers of two would put all 36 into the same sets of the cache.

// @ts-ignore: decorator
@inline
function pitchU(k: i32): usize {
  return <usize>k * (MR * 4) + 64;
}

// @ts-ignore: decorator
@inline
function pitchV(k: i32): usize {
  return <usize>k * (NR * 4) + 64;
}

// @ts-ignore: decorator
@inline
function tilePanels(a: usize): i32 {
  return ceilDiv(int(a, N) * ceilDiv(int(a, HO), 4) * ceilDiv(int(a, WO), 4), NR);
}

export function winogradWeight(a: usize, tid: i32, nt: i32): void {
  const panels = ceilDiv(int(a, O), MR);
  const end = unitStart(panels, tid + 1, nt);
  for (let p = unitStart(panels, tid, nt); p < end; p++) {
    transformWeight(a, ptr(a, 0), int(a, 2) != 0, p, ptr(a, 1) + <usize>p * POINTS * pitchU(int(a, C)));
  }
}

export function winogradInput(a: usize, tid: i32, nt: i32): void {
  const channels = int(a, C);
  const panels = tilePanels(a);
  const step = blockPanels(channels);
  for (let p = 0; p < panels; p += step) {
    const to = ptr(a, 1) + <usize>p * POINTS * pitchV(channels);
    transformInput(a, p, min(step, panels - p), unitStart(channels, tid, nt), unitStart(channels, tid + 1, nt), to);
  }
}

export function winogradTiles(a: usize, tid: i32, nt: i32): void {
  const channels = int(a, C);
  const outputs = int(a, O);
  const step = blockPanels(channels);
  const v = scratch + BLOCKS;
  const m = v + <usize>step * POINTS * pitchV(channels);
  const panels = tilePanels(a);
  const end = unitStart(panels, tid + 1, nt);
  for (let p = unitStart(panels, tid, nt); p < end; p += step) {
    const count = min(step, end - p);
    transformInput(a, p, count, 0, channels, v);
    for (let r = 0; r < outputs; r += MAX_ROW_PANELS * MR) {
      const u = ptr(a, 1) + <usize>(r / MR) * POINTS * pitchU(channels);
      multiply(a, u, v, m, r, min(MAX_ROW_PANELS * MR, outputs - r), p, count);
    }
  }
}

export function winogradOutputs(a: usize, tid: i32, nt: i32): void {
  const channels = int(a, C);
  const panels = tilePanels(a);
  const pitch = POINTS * pitchU(channels);
  const step = max(1, min(MAX_ROW_PANELS, <i32>(U_BYTES / pitch)));
  const u = scratch + BLOCKS;
  // What scratch holds beside the filters; one panel always fits.
  const m = u + <usize>step * pitch;
  const room = scratch + SCRATCH_BYTES - m;
  const few = max(1, min(MAX_TILE_PANELS, <i32>(room / (<usize>(step * MR) * PRODUCTS))));
  const rowPanels = ceilDiv(int(a, O), MR);
  const end = unitStart(rowPanels, tid + 1, nt);
  for (let r = unitStart(rowPanels, tid, nt); r < end; r += step) {
    const count = min(step, end - r);
    for (let i = 0; i < count; i++) transformWeight(a, ptr(a, 0), int(a, 26) != 0, r + i, u + <usize>i * pitch);
    const rows = min(count * MR, int(a, O) - r * MR);
    for (let p = 0; p < panels; p += few) {
      const tiles = min(few, panels - p);
      describe(a, p, tiles);
      multiply(a, u, ptr(a, 1) + <usize>p * POINTS * pitchV(channels), m, r * MR, rows, p, tiles);
    }
  }
}

/** Panels of tiles in a block that leaves room for the rest in scratch. */
// @ts-ignore: decorator
@inline
function blockPanels(channels: i32): i32 {
  return max(1, min(MAX_TILE_PANELS, <i32>(V_BYTES / (POINTS * pitchV(channels)))));
}

/** A panel of U: rows of `panel`, [36][C][MR]. Rows that do not exist repeat the last. */
function transformWeight(a: usize, w: usize, turned: bool, panel: i32, to: usize): void {
  const channels = int(a, C);
  const pitch = pitchU(channels);
  const last = int(a, O) - 1;
  const rowStep: usize = turned ? 36 : <usize>channels * 36;
  const channelStep: usize = turned ? <usize>(last + 1) * 36 : 36;
  for (let c = 0; c < channels; c++, w += channelStep, to += MR * 4) {
    // The second half of six rows overwrites two lanes of the next channel, which follow.
    for (let r = 0; r < MR; r += 4) {
      const row = panel * MR + r;
      const w0 = w + rowStep * <usize>min(row, last);
      const w1 = w + rowStep * <usize>min(row + 1, last);
      const w2 = w + rowStep * <usize>min(row + 2, last);
      const w3 = w + rowStep * <usize>min(row + 3, last);
      transpose(v128.load(w0), v128.load(w1), v128.load(w2), v128.load(w3), scratch, 16);
      transpose(v128.load(w0, 16), v128.load(w1, 16), v128.load(w2, 16), v128.load(w3, 16), scratch + 64, 16);
      let x = v128.load32_zero(w0, 32);
      x = v128.load32_lane(w1, x, 1, 32);
      x = v128.load32_lane(w2, x, 2, 32);
      v128.store(scratch + 128, v128.load32_lane(w3, x, 3, 32));
      const first = turned ? scratch + 128 : scratch;
      const tap: isize = turned ? -16 : 16;
      const half = scratch + 144;
      for (let s: isize = 0; s < 3; s++) {
        const at = first + <usize>(s * tap);
        weightStage(v128.load(at), v128.load(at + <usize>(3 * tap)), v128.load(at + <usize>(6 * tap)), half + (<usize>s << 4), 48);
      }
      let out = to + (<usize>r << 2);
      for (let i: usize = 0; i < 6; i++, out += 6 * pitch) {
        const at = half + i * 48;
        weightStage(v128.load(at), v128.load(at, 16), v128.load(at, 32), out, pitch);
      }
    }
  }
}

/** Writes the records of the tiles of some panels; beyond the last tile, that of the last without any output. */
function describe(a: usize, panel: i32, panels: i32): void {
  const ho = int(a, HO);
  const wo = int(a, WO);
  const high = ceilDiv(ho, 4);
  const wide = ceilDiv(wo, 4);
  const plane = <usize>(int(a, O) * ho) * <usize>wo;
  const first = panel * NR;
  const last = int(a, N) * high * wide - 1;
  const pitch = bandPitch(wide);
  for (let i = 0; i < panels * NR; i++) {
    const t = min(first + i, last);
    const row = t / wide;
    const x = (t % wide) << 2;
    const y = (row % high) << 2;
    const at = scratch + TILES + <usize>i * TILE_RECORD;
    store<u32>(at, <u32>(<usize>((row - first / wide) * 6) * pitch + (<usize>x << 2)));
    store<u32>(at, <u32>((<usize>(row / high) * plane + <usize>(y * wo + x)) << 2), 4);
    store<i32>(at, first + i > last ? 0 : min(4, ho - y), 8);
    store<i32>(at, min(4, wo - x), 12);
  }
}

/** Bytes of a row of the band: all tiles of a row with their padding, and what vectors read beyond. */
// @ts-ignore: decorator
@inline
function bandPitch(wide: i32): usize {
  return <usize>(wide + 1) << 4;
}

/** Channels [c0, c1) of the panels of V, [panel][36][C][8]; also writes the records of their tiles. */
function transformInput(a: usize, panel: i32, panels: i32, c0: i32, c1: i32, to: usize): void {
  describe(a, panel, panels);
  const channels = int(a, C);
  const h = int(a, H);
  const width = <usize>int(a, W) << 2;
  const high = ceilDiv(int(a, HO), 4);
  const wide = ceilDiv(int(a, WO), 4);
  const pitch = bandPitch(wide);
  const band = scratch + BAND;
  const plane = <usize>h * width;
  // Every row of tiles has six rows of its own in the band; those outside of the image stay zero for all channels.
  const first = (panel * NR) / wide;
  const last = (min((panel + panels) * NR, int(a, N) * high * wide) - 1) / wide;
  zero(band, <usize>((last - first + 1) * 6) * pitch);
  let list = scratch + ROWS;
  for (let row = first; row <= last; row++) {
    const image = <usize>(row / high) * <usize>channels * plane;
    for (let i = 0; i < 6; i++) {
      const y = ((row % high) << 2) - int(a, PAD_TOP) + i;
      if (<u32>y >= <u32>h) continue;
      store<u32>(list, <u32>(image + <usize>y * width));
      store<u32>(list, <u32>(band + <usize>((row - first) * 6 + i) * pitch + (<usize>int(a, PAD_LEFT) << 2)), 4);
      list += 8;
    }
  }
  const points = pitchV(channels);
  let x = ptr(a, 0) + <usize>c0 * plane;
  for (let c = c0; c < c1; c++, x += plane) {
    for (let at = scratch + ROWS; at < list; at += 8) copyShort(x + load<u32>(at), load<u32>(at, 4), width);
    let out = to + <usize>c * (NR * 4);
    let record = scratch + TILES;
    for (let p = 0; p < panels; p++, out += POINTS * points) {
      fourTiles(band, pitch, record, out, points);
      fourTiles(band, pitch, record + 4 * TILE_RECORD, out + 16, points);
      record += <usize>NR * TILE_RECORD;
    }
  }
}

/** Bᵀ d B of the tiles of four records. */
// @ts-ignore: decorator
@inline
function fourTiles(band: usize, pitch: usize, record: usize, out: usize, points: usize): void {
  inputTiles(
    band + load<u32>(record), band + load<u32>(record, TILE_RECORD), band + load<u32>(record, 2 * TILE_RECORD),
    band + load<u32>(record, 3 * TILE_RECORD), pitch, out, points,
  );
}

/** Rows [row, row + rows) of U times some panels of V, transformed back and finished. The tiles are described. */
function multiply(a: usize, u: usize, v: usize, m: usize, row: i32, rows: i32, panel: i32, panels: i32): void {
  const channels = int(a, C);
  const stepU = pitchU(channels);
  const stepV = pitchV(channels);
  const pitch = <usize>panels * PRODUCTS;
  for (let i: usize = 0; i < POINTS; i++) {
    for (let p: usize = 0; p < <usize>panels; p++) {
      const pb = v + (p * POINTS + i) * stepV;
      const pc = m + p * PRODUCTS + i * (NR * 4);
      for (let r = 0; r < rows; r += MR) {
        const pa = u + (<usize>(r / MR) * POINTS + i) * stepU;
        tile(channels, pa, pb, NR * 4, pc + <usize>r * pitch, pitch, min(MR, rows - r), 0, 0, 0);
      }
    }
  }
  const plane = <usize>int(a, HO) * <usize>int(a, WO) << 2;
  const width = <usize>int(a, WO) << 2;
  const bias = ptr(a, 21);
  const lo = f32x4.splat(actLo(a, 23));
  const hi = f32x4.splat(actHi(a, 23));
  const residual = ptr(a, 22) ? ptr(a, 22) - ptr(a, 2) : 0;
  for (let r = row; r < row + rows; r++) {
    const y = ptr(a, 2) + <usize>r * plane;
    const b = f32x4.splat(bias ? load<f32>(bias + (<usize>r << 2)) : 0);
    let record = scratch + TILES;
    for (let e = 0; e < 2 * panels; e++, m += 16, record += 4 * TILE_RECORD) {
      finishFour(m, record, y, width, b, residual, lo, hi);
      if (e & 1) m += PRODUCTS - NR * 4;
    }
  }
}

/** Aᵀ m A of four tiles; then bias, residual, bounds. */
function finishFour(
  m: usize, record: usize, y: usize, width: usize, bias: v128, residual: usize, lo: v128, hi: v128,
): void {
  for (let j: usize = 0; j < 6; j++) outputStage(m + j * (NR * 4), 6 * NR * 4, scratch + (j << 4), 96);
  const rows = scratch + 384;
  // Row i of tile e goes to rows + 64 e + 16 i.
  for (let i: usize = 0; i < 4; i++) {
    const to = rows + 256;
    outputStage(scratch + i * 96, 16, to, 16);
    const y0 = f32x4.add(v128.load(to), bias);
    const y1 = f32x4.add(v128.load(to, 16), bias);
    const y2 = f32x4.add(v128.load(to, 32), bias);
    const y3 = f32x4.add(v128.load(to, 48), bias);
    transpose(y0, y1, y2, y3, rows + (i << 4), 64);
  }
  for (let e: usize = 0; e < 4; e++, record += TILE_RECORD) {
    const count = load<i32>(record, 8);
    const cols = load<i32>(record, 12);
    let to = y + load<u32>(record, 4);
    let from = rows + (e << 6);
    for (let i = 0; i < count; i++, to += width, from += 16) {
      let x = v128.load(from);
      if (residual) x = f32x4.add(x, loadPart(to + residual, cols, 0));
      storePart(to, clamp4(x, lo, hi), cols);
    }
  }
}
