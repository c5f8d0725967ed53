// A convolution as a matrix product whose right operand is never materialised: out[m, pixel] = sum over (tap, plane) of
// a[m, (tap, plane)] * image[plane, pixel * step + tap]. Pixels of all images of the batch are numbered through, panels of
// eight of them are gathered straight from the image into scratch, and the micro-kernels do the rest.
// Forward convolution and each phase of its input gradient are such products; they differ in the tables below only.
import { ACCUMULATE, FINISH, MR, NR, tile, tileScattered } from "./microkernel";
import { ceilDiv, unitStart } from "./partition";
import { scratch } from "./scratch";
import { zero } from "./simd";

const KC = 384;
const MC = 96;
const NC = 384;
/** With at most this many rows, panels that lie side by side in the image are read in place. */
const DIRECT_ROWS = 24;

/** Scratch: temporary tile | gather offsets | taps (dy, dx, byte offset) | panel descriptors | packed panels. */
const TILE: usize = 0;
const GATHER: usize = 192;
const TAPS: usize = 256;
export const MAX_TAPS = 4096;
const PANELS: usize = TAPS + MAX_TAPS * 12;
/** Descriptor: flags, then for its 8 pixels: input byte offset, row, column, output byte offset. */
const PANEL_BYTES: usize = 144;
const PANEL_IN: usize = 16;
const PANEL_Y: usize = 48;
const PANEL_X: usize = 80;
const PANEL_OUT: usize = 112;
const PACKED: usize = PANELS + <usize>(NC / NR) * PANEL_BYTES;

const ADJACENT = 1; // the pixels lie side by side in the image
const EVERY_SECOND = 2; // ... with a gap of one
const INTERIOR = 4; // no tap falls outside
const OUT_ADJACENT = 8; // results lie side by side

/** Below every image row: makes the pixels after the last one fall outside for each tap. */
const NOWHERE: i32 = -(1 << 28);

// The image and how pixels step through it.
export let image: usize = 0;
export let imagePitch: usize = 0;
export let planes: i32 = 0;
export let height: i32 = 0;
export let width: i32 = 0;
export let stepH: i32 = 1;
export let stepW: i32 = 1;
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
  gridH = h;
  gridW = w;
  out = base;
  outImage = pitchImage;
  outPlane = pitchPlane;
  outRow = pitchRow;
  outCol = pitchCol;
}

/** This thread's part of the product with `rows` rows of packed weights. `mode`, `bias`, `residual` as for the tiles. */
export function multiply(packed: usize, rows: i32, mode: i32, bias: usize, residual: usize, tid: i32, nt: i32): void {
  const panels = ceilDiv(images * gridH * gridW, NR);
  const rowPanels = ceilDiv(rows, MR);
  if (panels >= 8 * nt || panels >= rowPanels) {
    part(packed, 0, rows, unitStart(panels, tid, nt), unitStart(panels, tid + 1, nt), mode, bias, residual);
  } else {
    const first = unitStart(rowPanels, tid, nt) * MR;
    const last = min(rows, unitStart(rowPanels, tid + 1, nt) * MR);
    part(packed, first, last, 0, panels, mode, bias, residual);
  }
}

function part(packed: usize, m0: i32, m1: i32, q0: i32, q1: i32, mode: i32, bias: usize, residual: usize): void {
  if (m0 >= m1) return;
  const k = taps * planes;
  const blocks = max(1, ceilDiv(k, KC));
  const kcMax = ceilDiv(k, blocks);
  const direct = taps == 1 && m1 - m0 <= DIRECT_ROWS;
  const pitchA = <usize>k * (MR * 4);
  const planePitch = <usize>(height * width) << 2;
  for (let q = q0; q < q1; q += NC / NR) {
    const count = min(NC / NR, q1 - q);
    describe(q, count);
    for (let k0 = 0, block = 0; block < blocks; block++, k0 += kcMax) {
      const kc = min(kcMax, k - k0);
      let blockMode = block == blocks - 1 ? mode | FINISH : 0;
      if (block > 0) blockMode |= ACCUMULATE;
      const panelBytes = <usize>kc * (NR * 4);
      for (let p = 0; p < count; p++) {
        const panel = scratch + PANELS + <usize>p * PANEL_BYTES;
        const inPlace = direct && (load<u32>(panel) & (ADJACENT | INTERIOR)) == (ADJACENT | INTERIOR);
        if (!inPlace) gather(panel, k0, kc, scratch + PACKED + <usize>p * panelBytes);
      }
      for (let m = m0; m < m1; m += MC) {
        const last = min(m1, m + MC);
        for (let p = 0; p < count; p++) {
          const panel = scratch + PANELS + <usize>p * PANEL_BYTES;
          const flags = load<u32>(panel);
          let pb = scratch + PACKED + <usize>p * panelBytes;
          let ldb: usize = NR * 4;
          if (direct && (flags & (ADJACENT | INTERIOR)) == (ADJACENT | INTERIOR)) {
            pb = image + load<u32>(panel, PANEL_IN) + load<i32>(scratch + TAPS, 8) + <usize>k0 * planePitch;
            ldb = planePitch;
          }
          for (let r = m; r < last; r += MR) {
            const pa = packed + <usize>(r / MR) * pitchA + <usize>k0 * (MR * 4);
            const pc = out + <usize>r * outPlane;
            const rows = min(MR, last - r);
            const itsBias = bias + (<usize>r << 2);
            if (flags & OUT_ADJACENT) {
              const at = pc + load<u32>(panel, PANEL_OUT);
              tile(kc, pa, pb, ldb, at, outPlane, rows, blockMode, itsBias, residual);
            } else {
              const cols = min(NR, images * gridH * gridW - (q + p) * NR);
              const offsets = panel + PANEL_OUT;
              tileScattered(
                kc, pa, pb, ldb, pc, outPlane, rows, blockMode, itsBias, residual, cols, offsets, scratch + TILE,
              );
            }
          }
        }
      }
    }
  }
}

/** Fills the descriptors of panels [q, q + count). */
function describe(q: i32, count: i32): void {
  const pixels = images * gridH * gridW;
  let p = q * NR;
  let n = p / (gridH * gridW);
  let i = (p % (gridH * gridW)) / gridW;
  let j = p % gridW;
  const lineIn = width * 4;
  for (let c = 0; c < count; c++) {
    const panel = scratch + PANELS + <usize>c * PANEL_BYTES;
    let interior = p + NR <= pixels;
    for (let e: usize = 0; e < <usize>NR * 4; e += 4) {
      const at = panel + e;
      if (p < pixels) {
        const y = i * stepH;
        const x = j * stepW;
        if (y + minY < 0 || y + maxY >= height || x + minX < 0 || x + maxX >= width) interior = false;
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
    let flags = interior ? INTERIOR : 0;
    if (evenlySpaced(panel + PANEL_IN, 4)) flags |= ADJACENT;
    else if (evenlySpaced(panel + PANEL_IN, 8)) flags |= EVERY_SECOND;
    if (evenlySpaced(panel + PANEL_OUT, 4)) flags |= OUT_ADJACENT;
    store<u32>(panel, flags);
  }
}

// @ts-ignore: decorator
@inline
function evenlySpaced(at: usize, gap: i32): bool {
  const first = i32x4.splat(load<i32>(at));
  const steps = i32x4.mul(i32x4(0, 1, 2, 3), i32x4.splat(gap));
  const low = i32x4.eq(v128.load(at), i32x4.add(first, steps));
  const high = i32x4.eq(v128.load(at, 16), i32x4.add(first, i32x4.add(steps, i32x4.splat(4 * gap))));
  return i32x4.all_true(v128.and(low, high));
}

/** Packs steps [k0, k0 + kc), numbered tap by tap, of one panel into dst[kc][8]. */
function gather(panel: usize, k0: i32, kc: i32, dst: usize): void {
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
