// Sorts the lines along the middle axis of [outer, length, inner], stably; NaN counts as larger than all numbers.
//
//  0 x   1 values   2 indices i32   3 workspace: 16 · length bytes for each slot   4 outer   5 length   6 inner
//  7 descending   8 elements are int32   9 slots
//
// An element and its index become one 64-bit number: above, 32 bits whose order as integers is that of the elements; below,
// the index. All are different, so that any way to sort them is stable. Threads split the lines; at most as many threads take
// part as there are slots.
import { int, ptr } from "./args";
import { unitStart } from "./partition";

/** Runs that are sorted by insertion before they are merged. */
const RUN = 16;

export function sort(a: usize, tid: i32, nt: i32): void {
  const slots = min(nt, int(a, 9));
  if (tid >= slots) return;
  const length = int(a, 5);
  const inner = int(a, 6);
  const pitch = <usize>inner << 2;
  const flip: u32 = int(a, 7) != 0 ? 0xffffffff : 0;
  const units = int(a, 4) * inner;
  const end = unitStart(units, tid + 1, slots);
  const work = ptr(a, 3) + ((<usize>tid * <usize>length) << 4);
  for (let u = unitStart(units, tid, slots); u < end; u++) {
    const at = (<usize>((u / inner) * length) * inner + <usize>(u % inner)) << 2;
    let x = ptr(a, 0) + at;
    for (let i = 0; i < length; i++, x += pitch) {
      const key = (int(a, 8) != 0 ? load<u32>(x) ^ 0x80000000 : keyOf(x)) ^ flip;
      store<u64>(work + (<usize>i << 3), (<u64>key << 32) | <u64>i);
    }
    const sorted = sortLine(work, work + (<usize>length << 3), length);
    let values = ptr(a, 1) + at;
    let indices = ptr(a, 2) + at;
    for (let i: usize = 0; i < <usize>length; i++, values += pitch, indices += pitch) {
      const index = load<u32>(sorted + (i << 3));
      store<u32>(indices, index);
      store<u32>(values, load<u32>(ptr(a, 0) + at + <usize>index * pitch));
    }
  }
}

/** Bits that are ordered as floats are, with -0 equal to 0, and all NaN equal and last. */
// @ts-ignore: decorator
@inline
function keyOf(x: usize): u32 {
  const value = load<f32>(x);
  if (value != value) return 0xffffffff;
  const bits = reinterpret<u32>(value + 0);
  return bits & 0x80000000 ? ~bits : bits | 0x80000000;
}

/** Sorts `length` numbers at `from`; `other` is as much memory. Returns where the result is: one of the two. */
function sortLine(from: usize, other: usize, length: i32): usize {
  for (let first = 0; first < length; first += RUN) insert(from + (<usize>first << 3), min(RUN, length - first));
  for (let width = RUN; width < length; width *= 2) {
    for (let first = 0; first < length; first += 2 * width) {
      const middle = min(first + width, length);
      const last = min(first + 2 * width, length);
      merge(from + (<usize>first << 3), from + (<usize>middle << 3), from + (<usize>last << 3), other + (<usize>first << 3));
    }
    const swap = from;
    from = other;
    other = swap;
  }
  return from;
}

function insert(from: usize, count: i32): void {
  const end = from + (<usize>count << 3);
  for (let next = from + 8; next < end; next += 8) {
    const value = load<u64>(next);
    let to = next;
    for (; to > from && load<u64>(to - 8) > value; to -= 8) store<u64>(to, load<u64>(to - 8));
    store<u64>(to, value);
  }
}

/** Merges [a, b) and [b, end) to `to`. */
function merge(a: usize, b: usize, end: usize, to: usize): void {
  const middle = b;
  while (a < middle && b < end) {
    const x = load<u64>(a);
    const y = load<u64>(b);
    const first = x < y;
    store<u64>(to, first ? x : y);
    a += first ? 8 : 0;
    b += first ? 0 : 8;
    to += 8;
  }
  if (a < middle) memory.copy(to, a, middle - a);
  else memory.copy(to, b, end - b);
}
