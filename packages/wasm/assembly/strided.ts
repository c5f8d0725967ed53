// Copies between two strided layouts of one shape, and fills: permute, expand, slice, pad and concat come down to these.
//
// copy: 0 from   1 to   2 bytes of an element (1 or 4)   3 mode (0 rows, 1 transpose)   4 rank   5.. for each axis, from
//       the outside in: size, stride of `from`, stride of `to` (elements)
//       Mode 1 is for 4-byte elements whose last axis is contiguous in `to` and whose last but one is in `from`.
// fill: 0 to   1 elements   2 bytes of an element   3 bits of the value
//
// Threads split the rows (the last axis, cut into segments), or the strips of a transposition.
import { int, ptr } from "./args";
import { ceilDiv, unitStart } from "./partition";

const AXES = 5;
const SEGMENT = 8192;
const STRIP = 16;

export function copy(a: usize, tid: i32, nt: i32): void {
  const rank = int(a, 4);
  if (int(a, 3) == 1) {
    const strips = ceilDiv(size(a, rank - 2), STRIP);
    const units = outerSize(a, rank - 2) * strips;
    const end = unitStart(units, tid + 1, nt);
    for (let u = unitStart(units, tid, nt); u < end; u++) {
      const row = (u % strips) * STRIP;
      transpose(
        ptr(a, 0) + (<usize>(offset(a, rank - 2, u / strips, 1) + row) << 2),
        ptr(a, 1) + (<usize>(offset(a, rank - 2, u / strips, 2) + row * stride(a, rank - 2, 2)) << 2),
        min(STRIP, size(a, rank - 2) - row),
        size(a, rank - 1),
        <usize>stride(a, rank - 1, 1) << 2,
        <usize>stride(a, rank - 2, 2) << 2,
      );
    }
    return;
  }
  const last = rank - 1;
  const segments = ceilDiv(size(a, last), SEGMENT);
  const units = outerSize(a, last) * segments;
  const end = unitStart(units, tid + 1, nt);
  const bytes = <usize>int(a, 2);
  for (let u = unitStart(units, tid, nt); u < end; u++) {
    const first = (u % segments) * SEGMENT;
    const count = min(SEGMENT, size(a, last) - first);
    const from = ptr(a, 0) + <usize>(offset(a, last, u / segments, 1) + first * stride(a, last, 1)) * bytes;
    const to = ptr(a, 1) + <usize>(offset(a, last, u / segments, 2) + first * stride(a, last, 2)) * bytes;
    if (bytes == 4) copyRow<u32>(from, to, count, stride(a, last, 1), stride(a, last, 2));
    else copyRow<u8>(from, to, count, stride(a, last, 1), stride(a, last, 2));
  }
}

export function fill(a: usize, tid: i32, nt: i32): void {
  const count = int(a, 1);
  const bytes = <usize>int(a, 2);
  const units = ceilDiv(count, SEGMENT);
  const first = unitStart(units, tid, nt) * SEGMENT;
  const last = min(count, unitStart(units, tid + 1, nt) * SEGMENT);
  let to = ptr(a, 0) + <usize>first * bytes;
  const end = ptr(a, 0) + <usize>last * bytes;
  if (to >= end) return;
  if (bytes == 1) {
    memory.fill(to, <u8>int(a, 3), end - to);
    return;
  }
  const value = i32x4.splat(int(a, 3));
  for (; to + 16 <= end; to += 16) v128.store(to, value);
  for (; to < end; to += 4) store<i32>(to, int(a, 3));
}

// @ts-ignore: decorator
@inline
function size(a: usize, axis: i32): i32 {
  return int(a, AXES + 3 * axis);
}

/** Stride of an axis in `from` (which = 1) or `to` (which = 2). */
// @ts-ignore: decorator
@inline
function stride(a: usize, axis: i32, which: i32): i32 {
  return int(a, AXES + 3 * axis + which);
}

/** Number of index combinations of the axes before `axis`. */
function outerSize(a: usize, axis: i32): i32 {
  let n = 1;
  for (let i = 0; i < axis; i++) n *= size(a, i);
  return n;
}

/** Offset in elements of combination `index` of the axes before `axis`. */
function offset(a: usize, axis: i32, index: i32, which: i32): i32 {
  let at = 0;
  for (let i = axis - 1; i >= 0; i--) {
    const n = size(a, i);
    at += (index % n) * stride(a, i, which);
    index /= n;
  }
  return at;
}

// @ts-ignore: decorator
@inline
function copyRow<T>(from: usize, to: usize, count: i32, stepFrom: i32, stepTo: i32): void {
  const pitchFrom = <usize>stepFrom * sizeof<T>();
  const pitchTo = <usize>stepTo * sizeof<T>();
  if (stepFrom == 1 && stepTo == 1) {
    const end = to + <usize>count * sizeof<T>();
    for (; to + 16 <= end; to += 16, from += 16) v128.store(to, v128.load(from));
    for (; to < end; to += sizeof<T>(), from += sizeof<T>()) store<T>(to, load<T>(from));
  } else {
    for (let i = 0; i < count; i++, to += pitchTo, from += pitchFrom) store<T>(to, load<T>(from));
  }
}

/** to[r][c] = from[c][r], in squares of four. Pitches in bytes. */
function transpose(from: usize, to: usize, rows: i32, columns: i32, pitchFrom: usize, pitchTo: usize): void {
  let c = 0;
  for (; c + 4 <= columns; c += 4) {
    const f1 = from + pitchFrom;
    const f2 = f1 + pitchFrom;
    const f3 = f2 + pitchFrom;
    let target = to;
    let r: usize = 0;
    for (; r + 16 <= <usize>rows << 2; r += 16) {
      const x0 = v128.load(from + r);
      const x1 = v128.load(f1 + r);
      const x2 = v128.load(f2 + r);
      const x3 = v128.load(f3 + r);
      const a = v128.shuffle<f32>(x0, x1, 0, 4, 1, 5);
      const b = v128.shuffle<f32>(x2, x3, 0, 4, 1, 5);
      const d = v128.shuffle<f32>(x0, x1, 2, 6, 3, 7);
      const e = v128.shuffle<f32>(x2, x3, 2, 6, 3, 7);
      v128.store(target, v128.shuffle<f32>(a, b, 0, 1, 4, 5));
      v128.store(target + pitchTo, v128.shuffle<f32>(a, b, 2, 3, 6, 7));
      v128.store(target + 2 * pitchTo, v128.shuffle<f32>(d, e, 0, 1, 4, 5));
      v128.store(target + 3 * pitchTo, v128.shuffle<f32>(d, e, 2, 3, 6, 7));
      target += 4 * pitchTo;
    }
    for (; r < <usize>rows << 2; r += 4, target += pitchTo) {
      store<u32>(target, load<u32>(from + r));
      store<u32>(target, load<u32>(f1 + r), 4);
      store<u32>(target, load<u32>(f2 + r), 8);
      store<u32>(target, load<u32>(f3 + r), 12);
    }
    from = f3 + pitchFrom;
    to += 16;
  }
  for (; c < columns; c++, from += pitchFrom, to += 4) {
    for (let r: usize = 0; r < <usize>rows; r++) store<u32>(to + r * pitchTo, load<u32>(from + (r << 2)));
  }
}
