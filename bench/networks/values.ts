/**
 * Uniform numbers in [-bound, bound) from a fixed formula, the same in every language: element i of stream s is
 * `lowbias32(i + s · 0x9E3779B9)`, scaled. Source of the hash: https://nullprogram.com/blog/2018/07/31/
 */
export function uniform(length: number, stream: number, bound: number): Float32Array<ArrayBuffer> {
  const values = new Float32Array(length);
  const offset = Math.imul(stream, 0x9e3779b9);
  for (let i = 0; i < length; i++) {
    let h = (i + offset) | 0;
    h = Math.imul(h ^ (h >>> 16), 0x7feb352d);
    h = Math.imul(h ^ (h >>> 15), 0x846ca68b);
    h = (h ^ (h >>> 16)) >>> 0;
    values[i] = (h / 2 ** 31 - 1) * bound;
  }
  return values;
}

/**
 * Elements of weight number `index` of a network (parameters of two axes or more, in order): uniform, ±√(6 / fan-in),
 * fan-in being the product of all axes but the first. All biases are 0, normalisation starts as the identity.
 */
export function weight(index: number, shape: readonly number[]): Float32Array<ArrayBuffer> {
  const fanIn = sizeOf(shape.slice(1));
  return uniform((shape[0] as number) * fanIn, index + 1, Math.sqrt(6 / fanIn));
}

/** A batch of images, uniform in [-1, 1). */
export function images(shape: readonly number[]): Float32Array<ArrayBuffer> {
  return uniform(sizeOf(shape), 0, 1);
}

/** A batch of texts: integers, uniform from 0 up to, not including, `vocabulary`, a power of two. */
export function tokens(shape: readonly number[], vocabulary: number): Int32Array<ArrayBuffer> {
  return Int32Array.from(images(shape), (value) => Math.floor(((value + 1) / 2) * vocabulary));
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, d) => product * d, 1);
}

/** Class of sample i: 7 i mod classes. */
export function labels(batch: number, classes: number): Int32Array<ArrayBuffer> {
  return Int32Array.from({ length: batch }, (_, i) => (7 * i) % classes);
}
