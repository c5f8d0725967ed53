// attention: out[b] = softmax(scale·Q[b]·K[b]ᵀ + mask)·V[b] over rows of keys, without the matrix of scores.
//
//  0 Q [queries, E]   1 K [keys, E]   2 V [keys, D]   3 out [queries, D]
//  4 queries   5 keys   6 E   7 D   8 batch
//  9..12 elements between rows of Q, K, V, out (columns lie side by side)   13..16 elements between their matrices
// 17 scale
// 18 mask: float32, added (optional)   19 elements between its rows, 0 if all have the same   20 between its matrices
// 21 allowed: bool (optional)   22, 23 as of the mask   24 score where it is false   25 whether the weight is 0 there
//
// Everything is transposed: a tile of scores has keys down and eight queries across, so that the lanes of maxima and sums
// are queries, and the weights are what the product with Vᵀ takes as it is. Keys come in blocks; from one to the next,
// the sums so far are scaled to the new maximum. A query's numbers are the same whatever queries are beside it. Threads
// split the batch if it is large, else panels of eight queries.
//
// A row whose scores are all -Infinity is NaN, as is one with a NaN or +Infinity.
import { int, ptr, real } from "./args";
import { exp4 } from "./math";
import { ACCUMULATE, MR, NR, tile } from "./microkernel";
import { packA, packB, panelRows, transpose4 } from "./packing";
import { ceilDiv, unitStart } from "./partition";
import { SCRATCH_BYTES, scratch } from "./scratch";
import { select } from "./simd";

/** At most this many keys in a block: of one head of 64, keys and values take a fifth of the scratch area. */
const KEYS = 384;
const ROW: usize = NR * 4;
/** Of a panel: maxima and sums of its queries. */
const STATE: usize = 2 * ROW;

/** The scratch area: scores of a block, its mask, packed keys and values, then packed queries, results and states. */
const MASK_OFFSET: usize = <usize>KEYS * ROW;
const KEYS_OFFSET: usize = 2 * MASK_OFFSET;

export function attention(a: usize, tid: i32, nt: i32): void {
  const queries = int(a, 4);
  const batch = int(a, 8);
  const panels = ceilDiv(queries, NR);
  if (batch % nt == 0 || batch >= 4 * nt) {
    const end = unitStart(batch, tid + 1, nt);
    for (let b = unitStart(batch, tid, nt); b < end; b++) head(a, b, 0, queries);
    return;
  }
  const first = unitStart(panels, tid, nt) * NR;
  const end = min(queries, unitStart(panels, tid + 1, nt) * NR);
  for (let b = 0; b < batch; b++) head(a, b, first, end);
}

/** Queries [first, end) of head `b`. */
function head(a: usize, b: i32, first: i32, end: i32): void {
  const keys = int(a, 5);
  const e = int(a, 6);
  const d = int(a, 7);
  const q = matrix(a, b, 0);
  const k = matrix(a, b, 1);
  const v = matrix(a, b, 2);
  const out = matrix(a, b, 3);
  const values = scratch + KEYS_OFFSET + <usize>panelRows(KEYS) * <usize>e * 4;
  const queue = values + <usize>panelRows(d) * KEYS * 4;
  const blocks = ceilDiv(keys, KEYS);
  const size = ceilDiv(keys, blocks);
  // Of one panel: queries, results, state.
  const resultsAt = <usize>e * ROW;
  const stateAt = resultsAt + <usize>d * ROW;
  const panelBytes = stateAt + STATE;
  const most = <i32>((SCRATCH_BYTES - (queue - scratch)) / panelBytes) * NR;
  for (let start = first; start < end; start += most) {
    const stop = min(end, start + most);
    for (let q0 = start, to = queue; q0 < stop; q0 += NR, to += panelBytes) {
      packB(q, pitch(a, 0), true, q0, min(NR, stop - q0), 0, e, to);
    }
    for (let k0 = 0; k0 < keys; k0 += size) {
      const count = min(size, keys - k0);
      packA(k, pitch(a, 1), false, k0, count, 0, e, scratch + KEYS_OFFSET, <usize>e * (MR * 4));
      packA(v, pitch(a, 2), true, 0, d, k0, count, values, <usize>count * (MR * 4));
      for (let q0 = start, panel = queue; q0 < stop; q0 += NR, panel += panelBytes) {
        const to = panel + resultsAt;
        rows(e, scratch + KEYS_OFFSET, count, panel, scratch, 0);
        adjust(a, b, q0, min(NR, stop - q0), k0, count);
        weigh(count, k0 == 0, to, d, panel + stateAt);
        if (int(a, 25)) mark(a, b, q0, min(NR, stop - q0), k0, count, 0);
        rows(count, values, d, scratch, to, k0 == 0 ? 0 : ACCUMULATE);
      }
    }
    for (let q0 = start, panel = queue; q0 < stop; q0 += NR, panel += panelBytes) {
      const to = out + <usize>q0 * pitch(a, 3);
      write(panel + resultsAt, d, panel + stateAt, to, pitch(a, 3), min(NR, stop - q0));
    }
  }
}

/** Matrix `b` of operand `i`. */
// @ts-ignore: decorator
@inline
function matrix(a: usize, b: i32, i: i32): usize {
  return ptr(a, i) + ((<usize>int(a, 13 + i) * <usize>b) << 2);
}

/** Bytes between rows of operand `i`. */
// @ts-ignore: decorator
@inline
function pitch(a: usize, i: i32): usize {
  return <usize>int(a, 9 + i) << 2;
}

/** C [m][8] (+)= A·B of A in panels, one after the other, and one panel of B. */
function rows(k: i32, pa: usize, m: i32, pb: usize, pc: usize, mode: i32): void {
  for (let r = 0; r < m; r += MR, pa += <usize>k * (MR * 4), pc += <usize>MR * ROW) {
    tile(k, pa, pb, ROW, pc, ROW, min(MR, m - r), mode, 0, 0);
  }
}

/** Scores, scaled and masked, of `width` queries from `q0` and `count` keys from `k0`. */
function adjust(a: usize, b: i32, q0: i32, width: i32, k0: i32, count: i32): void {
  const scale = real(a, 17);
  const end = scratch + <usize>count * ROW;
  if (scale != 1) {
    const factor = f32x4.splat(scale);
    for (let s = scratch; s < end; s += 16) v128.store(s, f32x4.mul(v128.load(s), factor));
  }
  if (ptr(a, 18)) {
    const step = <usize>int(a, 19) << 2;
    let mask = ptr(a, 18) + ((<usize>int(a, 20) * <usize>b) << 2);
    if (step) {
      packB(mask, step, true, q0, width, k0, count, scratch + MASK_OFFSET);
      for (let s = scratch; s < end; s += 16) v128.store(s, f32x4.add(v128.load(s), v128.load(s + MASK_OFFSET)));
    } else {
      mask += <usize>k0 << 2;
      for (let s = scratch; s < end; s += ROW, mask += 4) {
        const x = v128.load32_splat(mask);
        v128.store(s, f32x4.add(v128.load(s), x));
        v128.store(s, f32x4.add(v128.load(s, 16), x), 16);
      }
    }
  }
  if (ptr(a, 21)) mark(a, b, q0, width, k0, count, real(a, 24));
}

/** Puts `value` where it is not allowed to attend. */
function mark(a: usize, b: i32, q0: i32, width: i32, k0: i32, count: i32, value: f32): void {
  const step = <usize>int(a, 22);
  let from = ptr(a, 21) + <usize>int(a, 23) * <usize>b + <usize>q0 * step + <usize>k0;
  for (let r = 0; r < width; r++, from += step) {
    let s = scratch + (<usize>r << 2);
    let k: usize = 0;
    // Most of a mask is one or the other.
    for (; k + 8 <= <usize>count; k += 8, s += 8 * ROW) {
      if (load<u64>(from + k) == 0x0101010101010101) continue;
      for (let i: usize = 0; i < 8; i++) if (!load<u8>(from + k + i)) store<f32>(s + i * ROW, value);
    }
    for (; k < <usize>count; k++, s += ROW) if (!load<u8>(from + k)) store<f32>(s, value);
  }
}

/** Scores to weights e^(score - maximum), and what was added up before to the new maximum. */
function weigh(count: i32, isFirst: bool, results: usize, d: i32, state: usize): void {
  const end = scratch + <usize>count * ROW;
  const lowest = f32x4.splat(-Infinity);
  const before0 = isFirst ? lowest : v128.load(state);
  const before1 = isFirst ? lowest : v128.load(state, 16);
  let high0 = before0;
  let high1 = before1;
  for (let s = scratch; s < end; s += ROW) {
    high0 = f32x4.pmax(high0, v128.load(s));
    high1 = f32x4.pmax(high1, v128.load(s, 16));
  }
  v128.store(state, high0);
  v128.store(state, high1, 16);
  // As long as there is no maximum, every weight is e^-Infinity.
  const zero = f32x4.splat(0);
  high0 = select(zero, high0, f32x4.eq(high0, lowest));
  high1 = select(zero, high1, f32x4.eq(high1, lowest));
  let sum0 = zero;
  let sum1 = zero;
  for (let s = scratch; s < end; s += ROW) {
    const x0 = exp4(f32x4.sub(v128.load(s), high0));
    const x1 = exp4(f32x4.sub(v128.load(s, 16), high1));
    sum0 = f32x4.add(sum0, x0);
    sum1 = f32x4.add(sum1, x1);
    v128.store(s, x0);
    v128.store(s, x1, 16);
  }
  if (!isFirst) {
    const factor0 = exp4(f32x4.sub(before0, high0));
    const factor1 = exp4(f32x4.sub(before1, high1));
    sum0 = f32x4.add(sum0, f32x4.mul(v128.load(state, ROW), factor0));
    sum1 = f32x4.add(sum1, f32x4.mul(v128.load(state, ROW + 16), factor1));
    for (let r = results, last = results + <usize>d * ROW; r < last; r += ROW) {
      v128.store(r, f32x4.mul(v128.load(r), factor0));
      v128.store(r, f32x4.mul(v128.load(r, 16), factor1), 16);
    }
  }
  v128.store(state, sum0, ROW);
  v128.store(state, sum1, ROW + 16);
}

/** Results [d][8] over their sums, as `width` rows of d. */
function write(results: usize, d: i32, state: usize, out: usize, step: usize, width: i32): void {
  const one = f32x4.splat(1);
  const factor0 = f32x4.div(one, v128.load(state, ROW));
  const factor1 = f32x4.div(one, v128.load(state, ROW + 16));
  for (let r = results, end = results + <usize>d * ROW; r < end; r += ROW) {
    v128.store(r, f32x4.mul(v128.load(r), factor0));
    v128.store(r, f32x4.mul(v128.load(r, 16), factor1), 16);
  }
  let c = 0;
  if (width == NR) {
    for (; c + 4 <= d; c += 4, results += 4 * ROW) {
      const to = out + (<usize>c << 2);
      transpose4(results, results + ROW, results + 2 * ROW, results + 3 * ROW, to, step);
      const low = results + 16;
      transpose4(low, low + ROW, low + 2 * ROW, low + 3 * ROW, to + 4 * step, step);
    }
  }
  for (; c < d; c++, results += ROW) {
    for (let r: usize = 0; r < <usize>width; r++) {
      store<f32>(out + r * step + (<usize>c << 2), load<f32>(results + (r << 2)));
    }
  }
}
