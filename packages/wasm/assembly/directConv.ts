// Convolutions with stride 1 that have too few channels to make up for packing the image: a tile is six (or four) output
// channels by two vectors of four pixels, which are read where they lie. Words 3..20 are the geometry (geometry.ts).
//
// directConv: Y = act(conv(X, W) + bias)
//  0 X   1 packedW, by conv2dPackWeight   2 Y   21 bias[O] (optional)   22 0   23 act (0 none, 1 relu, 2 clamp)   24 lo   25 hi
// directInputGrad: a convolution of dY with turned weights
//  0 dY   1 packedWT, by conv2dPackWeightGrad   2 dX
//
// Limits, which src/emit/direct.ts knows too: planes have at least four columns (those read that are padded, too) and at
// most MAX_ROWS rows; a group has at most MAX_STEPS channels times taps, and its padded planes fit in scratch; padding is
// less than the window.
//
// The last vector of a row overlaps the one before, which writes the same values again; so no vector crosses a border.
// Images with padding are copied to scratch, with zeros around them. Threads split the tiles of all images.
import { actHi, actLo, int, ptr } from "./args";
import {
  C, DIL_H, DIL_W, GROUPS, H, HO, KH, KW, N, O, PAD_BOTTOM, PAD_LEFT, PAD_RIGHT, PAD_TOP, W, WO,
} from "./geometry";
import { MR } from "./microkernel";
import { panelRows } from "./packing";
import { ceilDiv, unitStart } from "./partition";
import { scratch } from "./scratch";
import { clamp4, copyShort, madd, zero } from "./simd";

/**
 * Scratch: what each step of a product reads, as a distance (u32) from the first; the steps of each row of outputs that do
 * not lie in the zeros above or below, from and to (two u32); the padded image.
 */
const OFFSETS: usize = 0;
const MAX_STEPS = 8192;
const RANGES: usize = 4 * MAX_STEPS;
const MAX_ROWS = 4096;
const IMAGE: usize = RANGES + 8 * MAX_ROWS;
/** Tiles that are finished for all output channels before the next: what they read stays in the first-level cache. */
const BAND = 48;

// The planes read: how they lie in memory, and the zeros around them.
let channels: i32 = 0;
let height: i32 = 0;
let width: i32 = 0;
let padTop: i32 = 0;
let padLeft: i32 = 0;
let padded: bool = false;
/** Bytes of a row and of a plane as tiles read them. */
let rowIn: usize = 0;
let planeIn: usize = 0;

// The planes written.
let rows: i32 = 0;
let rowOut: usize = 0;
let planeOut: usize = 0;

let steps: i32 = 0;
let lo: v128 = f32x4.splat(-Infinity);
let hi: v128 = f32x4.splat(Infinity);

export function directConv(a: usize, tid: i32, nt: i32): void {
  const groups = int(a, GROUPS);
  lo = f32x4.splat(actLo(a, 23));
  hi = f32x4.splat(actHi(a, 23));
  setInput(int(a, C) / groups, int(a, H), int(a, W), int(a, PAD_TOP), int(a, PAD_LEFT));
  setOutput(a, int(a, HO), int(a, WO), (int(a, PAD_TOP) | int(a, PAD_LEFT) | int(a, PAD_BOTTOM) | int(a, PAD_RIGHT)) != 0);
  for (let r = 0; r < int(a, KH); r++) {
    for (let s = 0; s < int(a, KW); s++) addTap(r * int(a, DIL_H), s * int(a, DIL_W));
  }
  for (let y = 0; y < rows; y++) {
    setRange(a, y, tapsBefore(a, -y), tapsBefore(a, height - y));
  }
  images(a, groups, int(a, O) / groups, ptr(a, 21), tid, nt);
}

export function directInputGrad(a: usize, tid: i32, nt: i32): void {
  const groups = int(a, GROUPS);
  const reachH = (int(a, KH) - 1) * int(a, DIL_H);
  const reachW = (int(a, KW) - 1) * int(a, DIL_W);
  lo = f32x4.splat(-Infinity);
  hi = f32x4.splat(Infinity);
  setInput(int(a, O) / groups, int(a, HO), int(a, WO), reachH - int(a, PAD_TOP), reachW - int(a, PAD_LEFT));
  setOutput(a, int(a, H), int(a, W), reachH != 0 || reachW != 0);
  for (let r = 0; r < int(a, KH); r++) {
    for (let s = 0; s < int(a, KW); s++) addTap(reachH - r * int(a, DIL_H), reachW - s * int(a, DIL_W));
  }
  for (let y = 0; y < rows; y++) {
    setRange(a, y, int(a, KH) - tapsBefore(a, height - y), int(a, KH) - tapsBefore(a, -y));
  }
  images(a, groups, int(a, C) / groups, 0, tid, nt);
}

function setInput(count: i32, h: i32, w: i32, top: i32, left: i32): void {
  channels = count;
  height = h;
  width = w;
  padTop = top;
  padLeft = left;
}

function setOutput(a: usize, h: i32, w: i32, pad: bool): void {
  rows = h;
  rowOut = <usize>w << 2;
  planeOut = rowOut * <usize>h;
  steps = 0;
  padded = pad;
  const readH = pad ? h + (int(a, KH) - 1) * int(a, DIL_H) : height;
  const readW = pad ? w + (int(a, KW) - 1) * int(a, DIL_W) : width;
  rowIn = <usize>readW << 2;
  planeIn = rowIn * <usize>readH;
  // Planes a power of two apart would push each other out of the cache.
  if (pad && planeIn % 512 < 64) planeIn += 64;
  // Rows are then written exactly as wide as they are, so that the zeros around them stay.
  if (pad) zero(scratch + IMAGE, planeIn * <usize>channels);
}

/** Appends the steps of one tap: a step a channel, as the weights are packed. */
function addTap(row: i32, column: i32): void {
  let offset = <usize>row * rowIn + (<usize>column << 2);
  for (let c = 0; c < channels; c++, offset += planeIn) {
    store<u32>(scratch + OFFSETS + (<usize>steps << 2), <u32>offset);
    steps++;
  }
}

/** How many rows of taps lie, of output row 0, above row `y` of the planes read. */
function tapsBefore(a: usize, y: i32): i32 {
  return max(0, min(int(a, KH), ceilDiv(padTop + y, int(a, DIL_H))));
}

/** Output row `y` needs rows [first, last) of taps. */
function setRange(a: usize, y: i32, first: i32, last: i32): void {
  const at = scratch + RANGES + (<usize>y << 3);
  const rowSteps = int(a, KW) * channels;
  store<u32>(at, <u32>(first * rowSteps));
  store<u32>(at, <u32>(last * rowSteps), 4);
}

/** This thread's tiles of all images; `outputs`: channels written in each group. */
function images(a: usize, groups: i32, outputs: i32, bias: usize, tid: i32, nt: i32): void {
  const tiles = ceilDiv(rows * vectorsInRow(), 2);
  const group = <usize>panelRows(outputs) * <usize>steps << 2;
  const plane = <usize>(height * width) << 2;
  const last = unitStart(int(a, N) * groups * tiles, tid + 1, nt);
  for (let u = unitStart(int(a, N) * groups * tiles, tid, nt); u < last; ) {
    const image = u / tiles;
    const first = u % tiles;
    const end = min(tiles, first + last - u);
    const g = <usize>(image % groups);
    const from = ptr(a, 0) + <usize>(image * channels) * plane;
    const to = ptr(a, 2) + <usize>(image * outputs) * planeOut;
    const itsBias = bias ? bias + (g * <usize>outputs << 2) : 0;
    if (padded) pad(from);
    const x = padded ? scratch + IMAGE : from;
    for (let t = first; t < end; t += BAND) tilesOf(x, ptr(a, 1) + g * group, to, outputs, t, min(end, t + BAND), itsBias);
    u += end - first;
  }
}

// @ts-ignore: decorator
@inline
function vectorsInRow(): i32 {
  return <i32>((rowOut + 15) >> 4);
}

/** Copies the planes of a group to scratch. */
function pad(from: usize): void {
  const bytes = <usize>width << 2;
  let plane = scratch + IMAGE + <usize>padTop * rowIn + (<usize>padLeft << 2);
  for (let c = 0; c < channels; c++, plane += planeIn) {
    let to = plane;
    for (let y = 0; y < height; y++, to += rowIn, from += bytes) copyShort(from, to, bytes);
  }
}

/** Tiles [first, end) of a plane, for all output channels. */
function tilesOf(x: usize, packed: usize, y: usize, outputs: i32, first: i32, end: i32, bias: usize): void {
  const perRow = vectorsInRow();
  const vectors = rows * perRow;
  const lastColumn = rowOut - 16;
  for (let m = 0; m < outputs; m += MR) {
    const panel = packed + (<usize>(m * steps) << 2);
    const count = min(MR, outputs - m);
    const itsBias = bias ? bias + (<usize>m << 2) : 0;
    let v = 2 * first;
    let column = min(<usize>(v % perRow) << 4, lastColumn);
    let from = x + <usize>(v / perRow) * rowIn;
    let to = y + <usize>m * planeOut + <usize>(v / perRow) * rowOut;
    let range = scratch + RANGES + (<usize>(v / perRow) << 3);
    for (; v < min(vectors, 2 * end); v += 2) {
      const x0 = from + column;
      const y0 = to + column;
      let k0 = load<u32>(range);
      let k1 = load<u32>(range, 4);
      if (column == lastColumn) {
        column = 0;
        from += rowIn;
        to += rowOut;
        range += 8;
      } else column = min(column + 16, lastColumn);
      let x1 = x0;
      let y1 = y0;
      if (v + 1 < vectors) {
        x1 = from + column;
        y1 = to + column;
        k0 = min(k0, load<u32>(range));
        k1 = max(k1, load<u32>(range, 4));
        if (column == lastColumn) {
          column = 0;
          from += rowIn;
          to += rowOut;
          range += 8;
        } else column = min(column + 16, lastColumn);
      }
      if (MR == 4 || count <= 4) tile4(panel, k0, k1, x0, x1, y0, y1, count, itsBias);
      else tile6(panel, k0, k1, x0, x1, y0, y1, count, itsBias);
    }
  }
}

// @ts-ignore: decorator
@inline
function finish(y0: usize, y1: usize, a: v128, b: v128, bias: usize): void {
  if (bias) {
    const start = v128.load32_splat(bias);
    a = f32x4.add(a, start);
    b = f32x4.add(b, start);
  }
  v128.store(y0, clamp4(a, lo, hi));
  v128.store(y1, clamp4(b, lo, hi));
}

/** Steps [k0, k1) of at most `height` channels, 6 or 4: in the second case, the other accumulators are never there. */
// @ts-ignore: decorator
@inline
function body(
  height: i32, panel: usize, k0: u32, k1: u32, x0: usize, x1: usize, y0: usize, y1: usize, count: i32, bias: usize,
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
  let offsets = scratch + OFFSETS + (<usize>k0 << 2);
  let pa = panel + <usize>k0 * (MR * 4);
  const end = panel + <usize>k1 * (MR * 4);
  while (pa < end) {
    const offset = <usize>load<u32>(offsets);
    const b0 = v128.load(x0 + offset);
    const b1 = v128.load(x1 + offset);
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
    offsets += 4;
  }
  const step: usize = bias ? 4 : 0;
  const pitch = planeOut;
  finish(y0, y1, c00, c01, bias);
  if (count == 1) return;
  finish((y0 += pitch), (y1 += pitch), c10, c11, (bias += step));
  if (count == 2) return;
  finish((y0 += pitch), (y1 += pitch), c20, c21, (bias += step));
  if (count == 3) return;
  finish((y0 += pitch), (y1 += pitch), c30, c31, (bias += step));
  if (height == 4 || count == 4) return;
  finish((y0 += pitch), (y1 += pitch), c40, c41, (bias += step));
  if (count == 5) return;
  finish(y0 + pitch, y1 + pitch, c50, c51, bias + step);
}

function tile6(
  panel: usize, k0: u32, k1: u32, x0: usize, x1: usize, y0: usize, y1: usize, count: i32, bias: usize,
): void {
  body(6, panel, k0, k1, x0, x1, y0, y1, count, bias);
}

function tile4(
  panel: usize, k0: u32, k1: u32, x0: usize, x1: usize, y0: usize, y1: usize, count: i32, bias: usize,
): void {
  body(4, panel, k0, k1, x0, x1, y0, y1, count, bias);
}
