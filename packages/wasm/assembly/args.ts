// Reading a command's argument record: 32-bit words, numbered from 0.

/** Word `k` as an integer. */
// @ts-ignore: decorator
@inline
export function int(a: usize, k: i32): i32 {
  return load<i32>(a + (<usize>k << 2));
}

/** Word `k` as an address; 0 means absent. */
// @ts-ignore: decorator
@inline
export function ptr(a: usize, k: i32): usize {
  return load<u32>(a + (<usize>k << 2));
}

/** Word `k` as a float. */
// @ts-ignore: decorator
@inline
export function real(a: usize, k: i32): f32 {
  return load<f32>(a + (<usize>k << 2));
}

/** Activation codes of the fused epilogues. */
export const ACT_NONE = 0;
export const ACT_RELU = 1;
export const ACT_CLAMP = 2;

/** Lower bound that the activation words starting at `k` (code, lo, hi) put on the result. */
// @ts-ignore: decorator
@inline
export function actLo(a: usize, k: i32): f32 {
  const act = int(a, k);
  return act == ACT_NONE ? -Infinity : act == ACT_RELU ? 0 : real(a, k + 1);
}

/** Upper bound that the activation words starting at `k` (code, lo, hi) put on the result. */
// @ts-ignore: decorator
@inline
export function actHi(a: usize, k: i32): f32 {
  return int(a, k) == ACT_CLAMP ? real(a, k + 2) : Infinity;
}
