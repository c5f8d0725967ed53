/**
 * A number in [0, 1) that depends on `seed` and `i` alone, so that inputs of one seed are the same everywhere.
 * Source: the finaliser of MurmurHash3, https://github.com/aappleby/smhasher/wiki/MurmurHash3
 */
export function uniformAt(seed: number, i: number): number {
  let h = (Math.imul(seed + 1, 0x9e3779b1) ^ Math.imul(i + 1, 0x85ebca77)) | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) / 2 ** 32;
}

/** `length` float32 numbers from [low, high). */
export function uniformArray(length: number, seed: number, low = -1, high = 1): Float32Array {
  return Float32Array.from({ length }, (_, i) => low + (high - low) * uniformAt(seed, i));
}

/** The numbers 0 to length - 1 in an order given by `seed`. */
export function permutation(length: number, seed: number): number[] {
  const order = Array.from({ length }, (_, i) => i);
  for (let i = length - 1; i > 0; i--) {
    const j = Math.floor(uniformAt(seed, i) * (i + 1));
    [order[i], order[j]] = [order[j] as number, order[i] as number];
  }
  return order;
}
