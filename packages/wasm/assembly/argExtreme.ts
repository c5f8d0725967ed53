// argExtreme: index of the largest or smallest element along the middle axis of [outer, length, inner]; the first among
// equals, and NaN counts as largest, or as smallest.
//
//  0 x   1 y i32 [outer, inner]   2 outer   3 length   4 inner   5 elements are int32   6 smallest
//
// Threads split the outputs.
import { int, ptr } from "./args";
import { unitStart } from "./partition";

export function argExtreme(a: usize, tid: i32, nt: i32): void {
  const length = int(a, 3);
  const inner = int(a, 4);
  const isInt = int(a, 5) != 0;
  const smallest = int(a, 6) != 0;
  const units = int(a, 2) * inner;
  const end = unitStart(units, tid + 1, nt);
  const pitch = <usize>inner << 2;
  for (let u = unitStart(units, tid, nt); u < end; u++) {
    const x = ptr(a, 0) + (<usize>((u / inner) * length) * pitch) + (<usize>(u % inner) << 2);
    const index = isInt ? best<i32>(x, pitch, length, smallest) : best<f32>(x, pitch, length, smallest);
    store<i32>(ptr(a, 1) + (<usize>u << 2), index);
  }
}

// @ts-ignore: decorator
@inline
function best<T>(x: usize, pitch: usize, length: i32, smallest: bool): i32 {
  let champion = load<T>(x);
  let index = 0;
  for (let i = 1; i < length; i++) {
    x += pitch;
    const value = load<T>(x);
    if ((smallest ? value < champion : value > champion) || (value != value && champion == champion)) {
      champion = value;
      index = i;
    }
  }
  return index;
}
