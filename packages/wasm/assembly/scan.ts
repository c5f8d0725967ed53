// Running sums and linear recurrences along the middle axis of [outer, length, inner]: y[i] = a[i] · y[i - 1] + b[i], with
// y[0] = b[0]; without a, a running sum of b. Backwards from the last element, where so asked.
//
//  0 a (0: none)   1 b   2 y   3 outer   4 length   5 inner   6 backwards   7 elements are int32
//
// Threads split the lines. Float sums are taken in float64.
import { int, ptr } from "./args";
import { unitStart } from "./partition";

export function scan(a: usize, tid: i32, nt: i32): void {
  const length = int(a, 4);
  const inner = int(a, 5);
  const backwards = int(a, 6) != 0;
  const units = int(a, 3) * inner;
  const end = unitStart(units, tid + 1, nt);
  const pitch = <isize>inner << 2;
  const step = backwards ? -pitch : pitch;
  for (let u = unitStart(units, tid, nt); u < end; u++) {
    const first = (u / inner) * length + (backwards ? length - 1 : 0);
    const at = (<usize>(first * inner) + <usize>(u % inner)) << 2;
    const factors: usize = ptr(a, 0) == 0 ? 0 : ptr(a, 0) + at;
    if (int(a, 7) != 0) line<i32, i32>(factors, ptr(a, 1) + at, ptr(a, 2) + at, step, length);
    else line<f32, f64>(factors, ptr(a, 1) + at, ptr(a, 2) + at, step, length);
  }
}

// @ts-ignore: decorator
@inline
function line<T, S>(factors: usize, b: usize, y: usize, step: isize, length: i32): void {
  if (length == 0) return;
  let total = <S>load<T>(b);
  store<T>(y, <T>total);
  for (let i = 1; i < length; i++) {
    b += step;
    y += step;
    if (factors == 0) total += <S>load<T>(b);
    else {
      factors += step;
      total = <S>load<T>(factors) * total + <S>load<T>(b);
    }
    store<T>(y, <T>total);
  }
}
