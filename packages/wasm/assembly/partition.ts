// Static partition of work over threads. Kernels split outputs, never sums, so results do not depend on the number of threads.

/** First of `units` work units that belongs to thread `tid` of `nt`; its last is before `unitStart(units, tid + 1, nt)`. */
// @ts-ignore: decorator
@inline
export function unitStart(units: i32, tid: i32, nt: i32): i32 {
  return <i32>((<i64>units * <i64>tid) / <i64>nt);
}

// @ts-ignore: decorator
@inline
export function ceilDiv(a: i32, b: i32): i32 {
  return (a + b - 1) / b;
}
