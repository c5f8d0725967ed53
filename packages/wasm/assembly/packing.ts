// Packing matrices into panels for the micro-kernels: A into [k][MR], B into [k][8], missing rows and columns zero.
import { MR, NR } from "./microkernel";
import { ceilDiv } from "./partition";
import { zero } from "./simd";

// @ts-ignore: decorator
@inline
function lowPairs(a: v128, b: v128): v128 {
  return v128.shuffle<f32>(a, b, 0, 4, 1, 5);
}

// @ts-ignore: decorator
@inline
function highPairs(a: v128, b: v128): v128 {
  return v128.shuffle<f32>(a, b, 2, 6, 3, 7);
}

// @ts-ignore: decorator
@inline
function lowHalves(a: v128, b: v128): v128 {
  return v128.shuffle<f32>(a, b, 0, 1, 4, 5);
}

// @ts-ignore: decorator
@inline
function highHalves(a: v128, b: v128): v128 {
  return v128.shuffle<f32>(a, b, 2, 3, 6, 7);
}

/** Four rows of four floats to four columns; row r at src + r*pitch, column k to dst + k*step. */
// @ts-ignore: decorator
@inline
export function transpose4(s0: usize, s1: usize, s2: usize, s3: usize, dst: usize, step: usize): void {
  const r0 = v128.load(s0);
  const r1 = v128.load(s1);
  const r2 = v128.load(s2);
  const r3 = v128.load(s3);
  const a = lowPairs(r0, r1);
  const b = highPairs(r0, r1);
  const c = lowPairs(r2, r3);
  const d = highPairs(r2, r3);
  v128.store(dst, lowHalves(a, c));
  v128.store(dst + step, highHalves(a, c));
  v128.store(dst + 2 * step, lowHalves(b, d));
  v128.store(dst + 3 * step, highHalves(b, d));
}

/** One panel from `rows` rows that are contiguous along k: dst[k][width] = src[r][k]. */
// @ts-ignore: decorator
@inline
function packRows(src: usize, pitch: usize, rows: i32, kc: i32, dst: usize, width: i32): void {
  const step = <usize>width << 2;
  if (rows < width) {
    zero(dst, <usize>kc * step);
    for (let r = 0; r < rows; r++) {
      let to = dst + (<usize>r << 2);
      for (let k = 0; k < kc; k++, to += step) store<f32>(to, load<f32>(src + (<usize>k << 2)));
      src += pitch;
    }
    return;
  }
  const s1 = src + pitch;
  const s2 = s1 + pitch;
  const s3 = s2 + pitch;
  const s4 = s3 + pitch;
  const s5 = s4 + pitch;
  const s6 = s5 + pitch;
  const s7 = s6 + pitch;
  const end = <usize>(kc & ~3) << 2;
  let k: usize = 0;
  for (; k < end; k += 16) {
    transpose4(src + k, s1 + k, s2 + k, s3 + k, dst, step);
    if (width == 8) {
      transpose4(s4 + k, s5 + k, s6 + k, s7 + k, dst + 16, step);
    } else if (width == 6) {
      const r4 = v128.load(s4 + k);
      const r5 = v128.load(s5 + k);
      const low = lowPairs(r4, r5);
      const high = highPairs(r4, r5);
      v128.store64_lane(dst + 16, low, 0);
      v128.store64_lane(dst + step + 16, low, 1);
      v128.store64_lane(dst + 2 * step + 16, high, 0);
      v128.store64_lane(dst + 3 * step + 16, high, 1);
    }
    dst += 4 * step;
  }
  for (; k < <usize>kc << 2; k += 4, dst += step) {
    for (let r: usize = 0; r < <usize>width; r++) store<f32>(dst + (r << 2), load<f32>(src + r * pitch + k));
  }
}

/** One panel from a matrix whose rows run along the panel: dst[k][width] = src[k][0..cols). */
// @ts-ignore: decorator
@inline
function packColumns(src: usize, pitch: usize, cols: i32, kc: i32, dst: usize, width: i32): void {
  const step = <usize>width << 2;
  if (cols < width) {
    zero(dst, <usize>kc * step);
    for (let k = 0; k < kc; k++, src += pitch, dst += step) {
      for (let e: usize = 0; e < <usize>cols << 2; e += 4) store<f32>(dst + e, load<f32>(src + e));
    }
    return;
  }
  for (let k = 0; k < kc; k++, src += pitch, dst += step) {
    v128.store(dst, v128.load(src));
    if (width == 8) v128.store(dst, v128.load(src, 16), 16);
    else if (width == 6) store<u64>(dst, load<u64>(src, 16), 16);
  }
}

/**
 * Packs rows [row0, row0 + rows) and steps [k0, k0 + kc) of A into panels of MR rows that lie `panelPitch` bytes apart.
 * A is stored [M, K], or [K, M] if `trans`; `pitch` is the distance between its stored rows in bytes.
 */
export function packA(
  a: usize, pitch: usize, trans: bool, row0: i32, rows: i32, k0: i32, kc: i32, dst: usize, panelPitch: usize,
): void {
  for (let r = 0; r < rows; r += MR, dst += panelPitch) {
    const part = min(MR, rows - r);
    const row = <usize>(row0 + r);
    if (trans) packColumns(a + <usize>k0 * pitch + (row << 2), pitch, part, kc, dst, MR);
    else packRows(a + row * pitch + (<usize>k0 << 2), pitch, part, kc, dst, MR);
  }
}

/** Packs columns [col0, col0 + cols) and steps [k0, k0 + kc) of B, stored [K, N] or [N, K] if `trans`, into panels [kc][8]. */
export function packB(
  b: usize, pitch: usize, trans: bool, col0: i32, cols: i32, k0: i32, kc: i32, dst: usize,
): void {
  const panelPitch = <usize>kc * (NR * 4);
  for (let c = 0; c < cols; c += NR, dst += panelPitch) {
    const part = min(NR, cols - c);
    const col = <usize>(col0 + c);
    if (trans) packRows(b + col * pitch + (<usize>k0 << 2), pitch, part, kc, dst, NR);
    else packColumns(b + <usize>k0 * pitch + (col << 2), pitch, part, kc, dst, NR);
  }
}

/** Rounds a number of rows up to whole panels of A. */
// @ts-ignore: decorator
@inline
export function panelRows(rows: i32): i32 {
  return ceilDiv(rows, MR) * MR;
}

/** Rounds a number of columns up to whole panels of B. */
// @ts-ignore: decorator
@inline
export function panelColumns(columns: i32): i32 {
  return ceilDiv(columns, NR) * NR;
}
