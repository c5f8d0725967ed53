// The private scratch area of a thread: set once per instance by the runtime, free for any kernel to use within one command.

/** Size of a thread's scratch area in bytes: packed panels of both operands fit in it, and it fits in a typical L2 cache. */
export const SCRATCH_BYTES: usize = 1 << 20;

/** Address of this thread's scratch area, 64-byte aligned. */
export let scratch: usize = 0;

/** Tells the kernels of this instance where their scratch area lies. */
export function setScratch(address: usize): void {
  scratch = address;
}
