// gemm: C[b] = act(op(A[b])·op(B[b]) + bias + residual), row-major float32.
//
//  0 A   1 B   2 C   3 M   4 N   5 K
//  6 flags: bit 0 transA (A stored [K, M]), bit 1 transB (B stored [N, K]), bit 2 bias per row (M) instead of per column (N)
//  7 batch   8 strideA   9 strideB (elements between matrices, 0 = broadcast; C's is M*N)
// 10 bias (optional, shared by all batches)   11 residual (optional, shape of C; may be C itself: accumulate)
// 12 act (0 none, 1 relu, 2 clamp)   13 lo   14 hi
// 15 packedA (optional: A packed by gemmPackA; word 0 and transA are then ignored)
//
// gemmPackA: packs a constant A once.
//  0 A   1 packedA: batch * (M rounded up to a multiple of MR) * K floats (batch * (M + 5) * K is always enough)
//  2 M   3 K   4 transA   5 batch (1 where A is broadcast)   6 strideA
//
// Threads split whole matrices if there are many, else the columns or rows of C, whichever are more. An element of C is
// summed in the same order whoever computes it.
import { actHi, actLo, int, ptr } from "./args";
import {
  ACCUMULATE, BIAS_PER_COLUMN, BIAS_PER_ROW, FINISH, MR, NR, RESIDUAL, dot2x6, finish1, finish6, setBounds, tile, tileScattered,
} from "./microkernel";
import { packA, packB, panelRows } from "./packing";
import { ceilDiv, unitStart } from "./partition";
import { scratch } from "./scratch";

/** Blocking: steps of k (both micro-panels in L1), rows of A and columns of B (blocks in L2). */
export const KC = 384;
const MC = 96;
const NC = 384;

/** Scratch: column offsets and a tile, then the block of A, then the block of B. */
const TEMP_OFFSET = 64;
const A_OFFSET = 1024;
const B_OFFSET: usize = A_OFFSET + MC * KC * 4;

/** Below this many rows, reading B where it lies is cheaper than packing it. */
const DIRECT_ROWS = 24;

/** Up to this length of the shorter side, products of two matrices contiguous along k are taken as dot products, unpacked. */
const DOT_SIDE = 64;
const DOT_KC = 1024;

export function gemm(a: usize, tid: i32, nt: i32): void {
  const m = int(a, 3);
  const n = int(a, 4);
  const batch = int(a, 7);
  setBounds(actLo(a, 12), actHi(a, 12));
  if (batch % nt == 0 || batch >= 4 * nt) {
    const end = unitStart(batch, tid + 1, nt);
    for (let b = unitStart(batch, tid, nt); b < end; b++) product(a, b, 0, m, 0, n);
    return;
  }
  for (let b = 0; b < batch; b++) {
    if (n >= m) {
      const panels = ceilDiv(n, NR);
      product(a, b, 0, m, unitStart(panels, tid, nt) * NR, min(n, unitStart(panels, tid + 1, nt) * NR));
    } else {
      const panels = ceilDiv(m, MR);
      product(a, b, unitStart(panels, tid, nt) * MR, min(m, unitStart(panels, tid + 1, nt) * MR), 0, n);
    }
  }
}

/** Rows [m0, m1) and columns [n0, n1) of product `b`. */
function product(a: usize, b: i32, m0: i32, m1: i32, n0: i32, n1: i32): void {
  if (m0 >= m1 || n0 >= n1) return;
  const m = int(a, 3);
  const n = int(a, 4);
  const k = int(a, 5);
  const flags = int(a, 6);
  const transA = (flags & 1) != 0;
  const transB = (flags & 2) != 0;
  const bias = ptr(a, 10);
  const residual = ptr(a, 11);
  const packed = ptr(a, 15);
  let mode = FINISH;
  if (bias) mode |= flags & 4 ? BIAS_PER_ROW : BIAS_PER_COLUMN;
  if (residual) mode |= RESIDUAL;

  const matrixA = ptr(a, 0) + ((<usize>int(a, 8) * <usize>b) << 2);
  const matrixB = ptr(a, 1) + ((<usize>int(a, 9) * <usize>b) << 2);
  const matrixC = ptr(a, 2) + ((<usize>m * <usize>n * <usize>b) << 2);
  const shift = residual - ptr(a, 2);
  if (!transA && transB && !packed && min(m, n) <= DOT_SIDE) {
    dots(matrixA, matrixB, matrixC, k, n, m0, m1, n0, n1, mode, bias, shift);
    return;
  }
  const pitchA = <usize>(transA ? m : k) << 2;
  const pitchB = <usize>(transB ? k : n) << 2;
  const direct = !transB && m <= DIRECT_ROWS;
  const packedMatrix = packed + (int(a, 8) ? (<usize>panelRows(m) * <usize>k * <usize>b) << 2 : 0);
  const blocks = max(1, ceilDiv(k, KC));
  const kcMax = ceilDiv(k, blocks);
  const nc = direct ? n1 - n0 : NC;
  for (let j = n0; j < n1; j += nc) {
    const cols = min(nc, n1 - j);
    for (let k0 = 0, block = 0; block < blocks; block++, k0 += kcMax) {
      const kc = min(kcMax, k - k0);
      let blockMode = block == blocks - 1 ? mode : 0;
      if (block > 0) blockMode |= ACCUMULATE;
      const panelsB = scratch + B_OFFSET;
      if (!direct) packB(matrixB, pitchB, transB, j, cols, k0, kc, panelsB);
      for (let i = m0; i < m1; i += MC) {
        const rows = min(MC, m1 - i);
        let panelsA = scratch + A_OFFSET;
        let pitchPanel = <usize>kc * (MR * 4);
        if (packed) {
          pitchPanel = <usize>k * (MR * 4);
          panelsA = packedMatrix + (((<usize>i * <usize>k) + <usize>(k0 * MR)) << 2);
        } else {
          packA(matrixA, pitchA, transA, i, rows, k0, kc, panelsA, pitchPanel);
        }
        for (let c = 0; c < cols; c += NR) {
          const width = min(NR, cols - c);
          let pb = panelsB + <usize>c * <usize>kc * 4;
          let ldb: usize = NR * 4;
          if (direct) {
            pb = matrixB + <usize>k0 * pitchB + (<usize>(j + c) << 2);
            if (width == NR) {
              ldb = pitchB;
            } else {
              packB(matrixB, pitchB, false, j + c, width, k0, kc, panelsB);
              pb = panelsB;
            }
          }
          const pc = matrixC + ((<usize>i * <usize>n + <usize>(j + c)) << 2);
          const firstBias = bias + (<usize>(mode & BIAS_PER_ROW ? i : j + c) << 2);
          tiles(kc, panelsA, pitchPanel, pb, ldb, pc, <usize>n << 2, rows, width, blockMode, firstBias, shift);
        }
      }
    }
  }
}

/** All tiles of a column of `width` (at most 8) and `rows` rows. */
function tiles(
  kc: i32, pa: usize, pitchA: usize, pb: usize, ldb: usize, pc: usize, ldc: usize, rows: i32, width: i32,
  mode: i32, bias: usize, residual: usize,
): void {
  if (width < NR) for (let e = 0; e < width; e++) store<u32>(scratch + (<usize>e << 2), e << 2);
  for (let r = 0; r < rows; r += MR, pa += pitchA, pc += ldc * MR) {
    const height = min(MR, rows - r);
    if (width == NR) {
      tile(kc, pa, pb, ldb, pc, ldc, height, mode, bias, residual);
    } else {
      tileScattered(kc, pa, pb, ldb, pc, ldc, height, mode, bias, residual, width, scratch, scratch + TEMP_OFFSET);
    }
    if (mode & BIAS_PER_ROW) bias += MR * 4;
  }
}

/** A·Bᵀ as dot products, read where they lie. */
function dots(
  a: usize, b: usize, c: usize, k: i32, n: i32, m0: i32, m1: i32, n0: i32, n1: i32,
  mode: i32, bias: usize, residual: usize,
): void {
  const pitch = <usize>k << 2;
  const temp = scratch + TEMP_OFFSET;
  for (let j = n0; j < n1; j += 6) {
    const cols = min(6, n1 - j);
    for (let i = m0; i < m1; i += 2) {
      const rows = min(2, m1 - i);
      const pa = a + <usize>i * pitch;
      const pb = b + <usize>j * pitch;
      let k0 = 0;
      let carry = 0;
      do {
        const kc = min(DOT_KC, k - k0);
        const at = <usize>k0 << 2;
        dot2x6(kc, pa + at, pitch, rows, pb + at, pitch, cols, temp);
        k0 += kc;
        const last = k0 == k;
        for (let r = 0; r < rows; r++) {
          if (cols == 6 && (kc & 3) == 0) {
            const four = v128.load(temp + (<usize>r << 4));
            const two = v128.load64_zero(temp + 32 + (<usize>r << 3));
            const to = c + ((<usize>(i + r) * <usize>n + <usize>j) << 2);
            const itsBias = bias + (<usize>(mode & BIAS_PER_ROW ? i + r : j) << 2);
            finish6(four, two, to, last ? mode | carry : carry, itsBias, residual);
            continue;
          }
          for (let e = 0; e < cols; e++) {
            const from = temp + <usize>(e < 4 ? 16 * r + 4 * e : 32 + 8 * r + 4 * (e - 4));
            let x = load<f32>(from);
            for (let t = k0 - (kc & 3); t < k0; t++) {
              x += load<f32>(pa + <usize>r * pitch + (<usize>t << 2)) * load<f32>(pb + <usize>e * pitch + (<usize>t << 2));
            }
            const to = c + ((<usize>(i + r) * <usize>n + <usize>(j + e)) << 2);
            const itsBias = bias + (<usize>(mode & BIAS_PER_ROW ? i + r : j + e) << 2);
            store<f32>(to, finish1(x, to, last ? mode | carry : carry, itsBias, residual));
          }
        }
        carry = ACCUMULATE;
      } while (k0 < k);
    }
  }
}

export function gemmPackA(a: usize, tid: i32, nt: i32): void {
  const m = int(a, 2);
  const k = int(a, 3);
  const trans = int(a, 4) != 0;
  const batch = int(a, 5);
  const panels = ceilDiv(m, MR);
  const end = unitStart(batch * panels, tid + 1, nt);
  for (let u = unitStart(batch * panels, tid, nt); u < end; u++) {
    const b = u / panels;
    const row = (u % panels) * MR;
    const source = ptr(a, 0) + ((<usize>int(a, 6) * <usize>b) << 2);
    const dst = ptr(a, 1) + ((<usize>u * <usize>k * MR) << 2);
    packA(source, <usize>(trans ? m : k) << 2, trans, row, min(MR, m - row), 0, k, dst, 0);
  }
}
