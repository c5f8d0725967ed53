// The right operand of an implicit GEMM: pixels of an image under the taps of a window. Pixels of all images of the batch
// are numbered through and taken in panels of eight. A panel is described once (where its pixels lie, how regular they
// are, whether a tap may fall outside), then gathered tap by tap and plane by plane straight from the image.
import { NR } from "./microkernel";
import { scratch } from "./scratch";
import { zero } from "./simd";

/** Steps and columns of a block of gathered panels. */
export const KC = 384;
export const NC = 384;
/** Most steps that listOffsets has room for. */
export const MAX_LISTED = 32768;

/**
 * Scratch: temporary tile | gather offsets | taps (dy, dx, byte offset) | panel descriptors | gathered panels | byte
 * offsets of all steps.
 */
export const TILE: usize = 0;
const GATHER: usize = 192;
const TAPS: usize = 256;
const MAX_TAPS = 4096;
const PANELS: usize = TAPS + MAX_TAPS * 12;

/** Descriptor: flags, length of the first of two runs, then for its 8 pixels: input offset, row, column, output offset. */
const PANEL_BYTES: usize = 144;
const PANEL_RUN: usize = 4;
const PANEL_IN: usize = 16;
const PANEL_Y: usize = 48;
const PANEL_X: usize = 80;
const PANEL_OUT: usize = 112;
const GATHERED: usize = PANELS + <usize>(NC / NR) * PANEL_BYTES;
const LIST: usize = GATHERED + NC * KC * 4;

const ADJACENT = 1; // the pixels lie side by side in the image
const EVERY_SECOND = 2; // ... with a gap of one
const INTERIOR = 4; // no tap falls outside
const OUT_ADJACENT = 8; // results lie side by side
const TWO_RUNS = 16; // the pixels lie in two runs, the second further on

/** Below every image row: makes the pixels after the last one fall outside for each tap. */
const NOWHERE: i32 = -(1 << 28);

// The image and how pixels step through it.
let image: usize = 0;
let imagePitch: usize = 0;
let planes: i32 = 0;
let height: i32 = 0;
let width: i32 = 0;
let stepH: i32 = 1;
let stepW: i32 = 1;
let taps: i32 = 0;
let minY: i32 = 0;
let maxY: i32 = 0;
let minX: i32 = 0;
let maxX: i32 = 0;
// The grid of pixels and where their results go (byte pitches).
let images: i32 = 0;
let gridH: i32 = 0;
let gridW: i32 = 0;
let out: usize = 0;
let outImage: usize = 0;
let outPlane: usize = 0;
let outRow: usize = 0;
let outCol: usize = 0;
/** Bytes from `image` to the end of plane 0 of the last image: every plane starts at least that far before the end. */
let imageBytes: usize = 0;

export function setImage(base: usize, pitch: usize, planeCount: i32, h: i32, w: i32, sh: i32, sw: i32): void {
  image = base;
  imagePitch = pitch;
  planes = planeCount;
  height = h;
  width = w;
  stepH = sh;
  stepW = sw;
  taps = 0;
  minY = minX = i32.MAX_VALUE;
  maxY = maxX = i32.MIN_VALUE;
}

/** Adds a tap: the input pixel (dy, dx) away from a pixel's own. Call after setImage, in the order of the packed weights. */
export function addTap(dy: i32, dx: i32): void {
  const at = scratch + TAPS + <usize>taps * 12;
  store<i32>(at, dy);
  store<i32>(at, dx, 4);
  store<i32>(at, (dy * width + dx) * 4, 8);
  minY = min(minY, dy);
  maxY = max(maxY, dy);
  minX = min(minX, dx);
  maxX = max(maxX, dx);
  taps++;
}

export function tapCount(): i32 {
  return taps;
}

export function setGrid(
  imageCount: i32, h: i32, w: i32, base: usize, pitchImage: usize, pitchPlane: usize, pitchRow: usize, pitchCol: usize,
): void {
  images = imageCount;
  imageBytes = <usize>(imageCount - 1) * imagePitch + (<usize>(height * width) << 2);
  gridH = h;
  gridW = w;
  out = base;
  outImage = pitchImage;
  outPlane = pitchPlane;
  outRow = pitchRow;
  outCol = pitchCol;
}

export function pixelCount(): i32 {
  return images * gridH * gridW;
}

export function stepCount(): i32 {
  return taps * planes;
}

/** Distance in bytes from one row of results to the next. */
export function outPitch(): usize {
  return outPlane;
}

// What the loops over panel `p` of a block need of its descriptor.

// @ts-ignore: decorator
@inline
function descriptor(p: i32): usize {
  return scratch + PANELS + <usize>p * PANEL_BYTES;
}

/** Where panel `p` of a block lies once it is gathered. */
// @ts-ignore: decorator
@inline
export function gathered(p: i32, kc: i32): usize {
  return scratch + GATHERED + <usize>(p * kc) * (NR * 4);
}

/** Where its first pixel lies in the image; listOffsets are counted from there. */
// @ts-ignore: decorator
@inline
export function pixelAddress(p: i32): usize {
  return image + load<u32>(descriptor(p), PANEL_IN);
}

/** Where its results go, in the first row: eight byte offsets from `outAddress`. */
// @ts-ignore: decorator
@inline
export function outOffsets(p: i32): usize {
  return descriptor(p) + PANEL_OUT;
}

export function outAddress(): usize {
  return out;
}

// @ts-ignore: decorator
@inline
export function outAdjacent(p: i32): bool {
  return (load<u32>(descriptor(p)) & OUT_ADJACENT) != 0;
}

/** Whether panel `p` can be multiplied where it lies: its pixels and its results side by side, no tap outside. */
// @ts-ignore: decorator
@inline
export function inPlace(p: i32): bool {
  const flags = load<u32>(descriptor(p));
  return (flags & (ADJACENT | INTERIOR | OUT_ADJACENT)) == (ADJACENT | INTERIOR | OUT_ADJACENT);
}

/** Lists the byte offsets of all steps k = (tap, plane) from a pixel; returns where. */
export function listOffsets(): usize {
  const planePitch = <usize>(height * width) << 2;
  let at = scratch + LIST;
  for (let t = 0; t < taps; t++) {
    let offset = <usize>load<i32>(scratch + TAPS + <usize>t * 12, 8);
    for (let c = 0; c < planes; c++, at += 4, offset += planePitch) store<u32>(at, offset);
  }
  return scratch + LIST;
}

/** Fills the descriptors of panels [q, q + count). */
export function describe(q: i32, count: i32): void {
  const pixels = images * gridH * gridW;
  const iota = i32x4(0, 1, 2, 3);
  const lineIn = width * 4;
  const columnIn = i32x4.mul(iota, i32x4.splat(stepW * 4));
  const columnX = i32x4.mul(iota, i32x4.splat(stepW));
  const columnOut = i32x4.mul(iota, i32x4.splat(<i32>outCol));
  let p = q * NR;
  let n = p / (gridH * gridW);
  let i = (p % (gridH * gridW)) / gridW;
  let j = p % gridW;
  for (let c = 0; c < count; c++) {
    const panel = descriptor(c);
    let flags = 0;
    if (j + NR <= gridW && n < images) {
      // All pixels in one row.
      const y = i * stepH;
      const x = j * stepW;
      const rowsInside = y + minY >= 0 && y + maxY < height;
      if (rowsInside && x + minX >= 0 && x + (NR - 1) * stepW + maxX < width) flags |= INTERIOR;
      if (stepW == 1) flags |= ADJACENT;
      else if (stepW == 2) flags |= EVERY_SECOND;
      if (outCol == 4) flags |= OUT_ADJACENT;
      const from = i32x4.add(columnIn, i32x4.splat(<i32>(<usize>n * imagePitch) + y * lineIn + x * 4));
      v128.store(panel, from, PANEL_IN);
      v128.store(panel, i32x4.add(from, i32x4.splat(stepW * 16)), PANEL_IN + 16);
      v128.store(panel, i32x4.splat(y), PANEL_Y);
      v128.store(panel, i32x4.splat(y), PANEL_Y + 16);
      const xs = i32x4.add(columnX, i32x4.splat(x));
      v128.store(panel, xs, PANEL_X);
      v128.store(panel, i32x4.add(xs, i32x4.splat(stepW * 4)), PANEL_X + 16);
      const to = i32x4.splat(<i32>(<usize>n * outImage + <usize>i * outRow + <usize>j * outCol));
      v128.store(panel, i32x4.add(columnOut, to), PANEL_OUT);
      v128.store(panel, i32x4.add(i32x4.add(columnOut, to), i32x4.splat(<i32>outCol * 4)), PANEL_OUT + 16);
      store<u32>(panel, flags);
      p += NR;
      j += NR;
      if (j == gridW) {
        j = 0;
        if (++i == gridH) {
          i = 0;
          n++;
        }
      }
      continue;
    }
    if (p + NR <= pixels) flags = INTERIOR;
    for (let e: usize = 0; e < <usize>NR * 4; e += 4) {
      const at = panel + e;
      if (p < pixels) {
        const y = i * stepH;
        const x = j * stepW;
        if (y + minY < 0 || y + maxY >= height || x + minX < 0 || x + maxX >= width) flags = 0;
        store<u32>(at, <usize>n * imagePitch + y * lineIn + x * 4, PANEL_IN);
        store<i32>(at, y, PANEL_Y);
        store<i32>(at, x, PANEL_X);
        store<u32>(at, <usize>n * outImage + <usize>i * outRow + <usize>j * outCol, PANEL_OUT);
        p++;
        if (++j == gridW) {
          j = 0;
          if (++i == gridH) {
            i = 0;
            n++;
          }
        }
      } else {
        store<u32>(at, 0, PANEL_IN);
        store<i32>(at, NOWHERE, PANEL_Y);
        store<i32>(at, NOWHERE, PANEL_X);
        store<u32>(at, 0, PANEL_OUT);
      }
    }
    const runs = firstRun(panel + PANEL_IN);
    store<i32>(panel, runs, PANEL_RUN);
    if (runs == NR) flags |= ADJACENT;
    else if (runs > 0) flags |= TWO_RUNS;
    if (firstRun(panel + PANEL_OUT) == NR) flags |= OUT_ADJACENT;
    store<u32>(panel, flags);
  }
}

/** How many of 8 byte offsets are adjacent floats, if the others are, further on, adjacent to the last; else 0. */
function firstRun(at: usize): i32 {
  let run = 1;
  while (run < NR && load<i32>(at + (<usize>run << 2)) - load<i32>(at + (<usize>run << 2) - 4) == 4) run++;
  if (run < NR && load<i32>(at + (<usize>run << 2)) < load<i32>(at + (<usize>run << 2) - 4)) return 0;
  for (let e = run + 1; e < NR; e++) {
    if (load<i32>(at + (<usize>e << 2)) - load<i32>(at + (<usize>e << 2) - 4) != 4) return 0;
  }
  return run;
}

/** Gathers steps [k0, k0 + kc), numbered tap by tap, of panel `p` into gathered(p, kc)[kc][8]. */
export function gather(p: i32, k0: i32, kc: i32): void {
  const panel = descriptor(p);
  let dst = gathered(p, kc);
  const planePitch = <usize>(height * width) << 2;
  const flags = load<u32>(panel);
  const end = k0 + kc;
  let t = k0 / planes;
  let c = k0 - t * planes;
  for (let k = k0; k < end; t++) {
    const run = min(planes - c, end - k);
    const stop = dst + <usize>run * (NR * 4);
    const tap = scratch + TAPS + <usize>t * 12;
    const from = image + <usize>c * planePitch;
    const shift = load<i32>(tap, 8);
    k += run;
    c = 0;
    let validLow = i32x4.splat(-1);
    let validHigh = i32x4.splat(-1);
    let whole = (flags & INTERIOR) != 0;
    if (!whole) {
      const dy = i32x4.splat(load<i32>(tap));
      const dx = i32x4.splat(load<i32>(tap, 4));
      validLow = inside(v128.load(panel, PANEL_Y), v128.load(panel, PANEL_X), dy, dx);
      validHigh = inside(v128.load(panel, PANEL_Y + 16), v128.load(panel, PANEL_X + 16), dy, dx);
      whole = i32x4.all_true(v128.and(validLow, validHigh));
      if (!v128.any_true(v128.or(validLow, validHigh))) {
        zero(dst, stop - dst);
        dst = stop;
        continue;
      }
    }
    if (whole && flags & ADJACENT) {
      let src = from + load<u32>(panel, PANEL_IN) + shift;
      for (; dst < stop; dst += NR * 4, src += planePitch) {
        const low = v128.load(src);
        const high = v128.load(src, 16);
        v128.store(dst, low);
        v128.store(dst, high, 16);
      }
      continue;
    }
    if (whole && flags & EVERY_SECOND) {
      let src = from + load<u32>(panel, PANEL_IN) + shift;
      for (; dst < stop; dst += NR * 4, src += planePitch) {
        // The last load starts one early so that it ends with the last element needed.
        v128.store(dst, v128.shuffle<f32>(v128.load(src), v128.load(src, 16), 0, 2, 4, 6));
        v128.store(dst, v128.shuffle<f32>(v128.load(src, 32), v128.load(src, 44), 0, 2, 5, 7), 16);
      }
      continue;
    }
    // One or two runs, some lanes perhaps outside: load whole vectors and mask. Between the first and the last pixel all
    // is inside of the tensor; those themselves may not be, near its ends.
    const first = load<i32>(panel, PANEL_IN) + shift;
    const last = load<i32>(panel, PANEL_IN + 28) + shift;
    if (flags & (ADJACENT | TWO_RUNS) && first >= 0 && <usize>last + 4 <= imageBytes) {
      let one = from + first;
      let two = from + last - 28;
      if (flags & ADJACENT) {
        for (; dst < stop; dst += NR * 4, one += planePitch) {
          const low = v128.load(one);
          const high = v128.load(one, 16);
          v128.store(dst, v128.and(low, validLow));
          v128.store(dst, v128.and(high, validHigh), 16);
        }
        continue;
      }
      const run = i32x4.splat(load<i32>(panel, PANEL_RUN));
      const inLow = i32x4.lt_s(i32x4(0, 1, 2, 3), run);
      const inHigh = i32x4.lt_s(i32x4(4, 5, 6, 7), run);
      for (; dst < stop; dst += NR * 4, one += planePitch, two += planePitch) {
        const low = v128.bitselect(v128.load(one), v128.load(two), inLow);
        const high = v128.bitselect(v128.load(one, 16), v128.load(two, 16), inHigh);
        v128.store(dst, v128.and(low, validLow));
        v128.store(dst, v128.and(high, validHigh), 16);
      }
      continue;
    }
    // Pixels here and there, some outside: outside ones read offset 0 and are masked.
    const shift4 = i32x4.splat(shift);
    v128.store(scratch + GATHER, v128.and(validLow, i32x4.add(v128.load(panel, PANEL_IN), shift4)));
    v128.store(scratch + GATHER, v128.and(validHigh, i32x4.add(v128.load(panel, PANEL_IN + 16), shift4)), 16);
    let s0 = from + load<u32>(scratch + GATHER);
    let s1 = from + load<u32>(scratch + GATHER, 4);
    let s2 = from + load<u32>(scratch + GATHER, 8);
    let s3 = from + load<u32>(scratch + GATHER, 12);
    let s4 = from + load<u32>(scratch + GATHER, 16);
    let s5 = from + load<u32>(scratch + GATHER, 20);
    let s6 = from + load<u32>(scratch + GATHER, 24);
    let s7 = from + load<u32>(scratch + GATHER, 28);
    for (let p: usize = 0; dst < stop; dst += NR * 4, p += planePitch) {
      let low = v128.load32_zero(s0 + p);
      low = v128.load32_lane(s1 + p, low, 1);
      low = v128.load32_lane(s2 + p, low, 2);
      low = v128.load32_lane(s3 + p, low, 3);
      let high = v128.load32_zero(s4 + p);
      high = v128.load32_lane(s5 + p, high, 1);
      high = v128.load32_lane(s6 + p, high, 2);
      high = v128.load32_lane(s7 + p, high, 3);
      v128.store(dst, v128.and(low, validLow));
      v128.store(dst, v128.and(high, validHigh), 16);
    }
  }
}

/** Lanes whose tap lies in the image. */
// @ts-ignore: decorator
@inline
function inside(y: v128, x: v128, dy: v128, dx: v128): v128 {
  return v128.and(
    i32x4.lt_u(i32x4.add(y, dy), i32x4.splat(height)),
    i32x4.lt_u(i32x4.add(x, dx), i32x4.splat(width)),
  );
}
