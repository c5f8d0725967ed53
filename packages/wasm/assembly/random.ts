// Counter-based uniform numbers: Philox4x32-10 (Salmon et al. 2011, https://doi.org/10.1145/2063384.2063405).
//
// randomUniform: 0 state i32 [4] (seed low, high; draw low, high)   1 values f32   2 count
// randomAdvance: 0 state   1 next state (may be the state itself)
//
// Threads split the values in groups of four, each a function of the state and its position alone.
import { int, ptr } from "./args";
import { ceilDiv, unitStart } from "./partition";

export function randomUniform(a: usize, tid: i32, nt: i32): void {
  const state = ptr(a, 0);
  const count = int(a, 2);
  const groups = ceilDiv(count, 4);
  const end = unitStart(groups, tid + 1, nt);
  for (let g = unitStart(groups, tid, nt); g < end; g++) {
    let x0: u32 = g;
    let x1: u32 = 0;
    let x2 = load<u32>(state, 8);
    let x3 = load<u32>(state, 12);
    let k0 = load<u32>(state);
    let k1 = load<u32>(state, 4);
    for (let round = 0; round < 10; round++) {
      const p0 = <u64>0xd2511f53 * <u64>x0;
      const p1 = <u64>0xcd9e8d57 * <u64>x2;
      x0 = <u32>(p1 >> 32) ^ x1 ^ k0;
      x1 = <u32>p1;
      x2 = <u32>(p0 >> 32) ^ x3 ^ k1;
      x3 = <u32>p0;
      k0 += 0x9e3779b9;
      k1 += 0xbb67ae85;
    }
    const to = ptr(a, 1) + (<usize>g << 4);
    const left = count - 4 * g;
    store<f32>(to, unit(x0));
    if (left > 1) store<f32>(to, unit(x1), 4);
    if (left > 2) store<f32>(to, unit(x2), 8);
    if (left > 3) store<f32>(to, unit(x3), 12);
  }
}

export function randomAdvance(a: usize, tid: i32, nt: i32): void {
  if (tid) return;
  const state = ptr(a, 0);
  const next = ptr(a, 1);
  const low = load<u32>(state, 8) + 1;
  const high = load<u32>(state, 12) + (low == 0 ? 1 : 0);
  store<u64>(next, load<u64>(state));
  store<u32>(next, low, 8);
  store<u32>(next, high, 12);
}

/** The upper 24 bits as a number in [0, 1). */
// @ts-ignore: decorator
@inline
function unit(bits: u32): f32 {
  return <f32>(bits >> 8) * <f32>5.9604644775390625e-8;
}
