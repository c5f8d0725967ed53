// The transforms of Winograd's F(4×4, 3×3) (Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", 2016):
// Y = Aᵀ[(G g Gᵀ) ⊙ (Bᵀ d B)]A takes a tile of 4×4 outputs from 6×6 inputs with 36 products in place of 144.
//
// The interpolation points are 0, ±P, ±Q, ∞. Each one-dimensional transform shares its even and odd parts between a
// point and its negative. Lanes hold four filters or four tiles; rows of transforms are written `step` bytes apart.
// The weight gradient is the transpose of this: Gᵀ[Σ (A y Aᵀ) ⊙ (Bᵀ d B)]G, summed over the tiles.
import { scratch } from "./scratch";
import { madd } from "./simd";

/** Elements of a transformed tile. */
export const POINTS: usize = 36;

/** P = 1/√2 and Q = √2 have half the error of the customary 1 and 2: powers of both stay near 1. */
const P: f32 = 0.70710678118654752;
const Q: f32 = 1.41421356237309505;
const P2: f32 = 0.5;
const Q2: f32 = 2;
const P3: f32 = 0.35355339059327376;
const Q3: f32 = 2.82842712474619010;
/** 1 / (2P²(P² - Q²)) and 1 / (2Q²(Q² - P²)); the point 0 has 1 / (P²Q²) = 1. */
const SCALE_P: f32 = -0.66666666666666667;
const SCALE_Q: f32 = 0.16666666666666667;

// @ts-ignore: decorator
@inline
function times(x: v128, c: f32): v128 {
  return f32x4.mul(x, f32x4.splat(c));
}

/** G g: three filter taps to six. */
// @ts-ignore: decorator
@inline
export function weightStage(g0: v128, g1: v128, g2: v128, to: usize, step: usize): void {
  v128.store(to, g0);
  let even = times(madd(g2, f32x4.splat(P2), g0), SCALE_P);
  let odd = times(g1, P * SCALE_P);
  v128.store(to + step, f32x4.add(even, odd));
  v128.store(to + 2 * step, f32x4.sub(even, odd));
  even = times(madd(g2, f32x4.splat(Q2), g0), SCALE_Q);
  odd = times(g1, Q * SCALE_Q);
  v128.store(to + 3 * step, f32x4.add(even, odd));
  v128.store(to + 4 * step, f32x4.sub(even, odd));
  v128.store(to + 5 * step, g2);
}

/** Bᵀ d: six inputs to six. */
// @ts-ignore: decorator
@inline
export function inputStage(d0: v128, d1: v128, d2: v128, d3: v128, d4: v128, d5: v128, to: usize, step: usize): void {
  // P²Q² = 1 and P² + Q² = 5/2.
  v128.store(to, madd(d2, f32x4.splat(-2.5), f32x4.add(d0, d4)));
  let even = madd(d2, f32x4.splat(-Q2), d4);
  let odd = times(madd(d1, f32x4.splat(-Q2), d3), P);
  v128.store(to + step, f32x4.add(even, odd));
  v128.store(to + 2 * step, f32x4.sub(even, odd));
  even = madd(d2, f32x4.splat(-P2), d4);
  odd = times(madd(d1, f32x4.splat(-P2), d3), Q);
  v128.store(to + 3 * step, f32x4.add(even, odd));
  v128.store(to + 4 * step, f32x4.sub(even, odd));
  v128.store(to + 5 * step, madd(d3, f32x4.splat(-2.5), f32x4.add(d1, d5)));
}

/** Aᵀ m: six products, `from` apart by `pitch`, to four outputs. */
// @ts-ignore: decorator
@inline
export function outputStage(from: usize, pitch: usize, to: usize, step: usize): void {
  const m1 = v128.load(from + pitch);
  const m2 = v128.load(from + 2 * pitch);
  const m3 = v128.load(from + 3 * pitch);
  const m4 = v128.load(from + 4 * pitch);
  const evenP = f32x4.add(m1, m2);
  const oddP = f32x4.sub(m1, m2);
  const evenQ = f32x4.add(m3, m4);
  const oddQ = f32x4.sub(m3, m4);
  v128.store(to, f32x4.add(v128.load(from), f32x4.add(evenP, evenQ)));
  v128.store(to + step, madd(oddQ, f32x4.splat(Q), times(oddP, P)));
  v128.store(to + 2 * step, madd(evenQ, f32x4.splat(Q2), times(evenP, P2)));
  const last = v128.load(from + 5 * pitch);
  v128.store(to + 3 * step, f32x4.add(last, madd(oddQ, f32x4.splat(Q3), times(oddP, P3))));
}

/** A y: four gradients of outputs to six. */
// @ts-ignore: decorator
@inline
function gradStage(y0: v128, y1: v128, y2: v128, y3: v128, to: usize, step: usize): void {
  v128.store(to, y0);
  let even = madd(y2, f32x4.splat(P2), y0);
  let odd = madd(y3, f32x4.splat(P3), times(y1, P));
  v128.store(to + step, f32x4.add(even, odd));
  v128.store(to + 2 * step, f32x4.sub(even, odd));
  even = madd(y2, f32x4.splat(Q2), y0);
  odd = madd(y3, f32x4.splat(Q3), times(y1, Q));
  v128.store(to + 3 * step, f32x4.add(even, odd));
  v128.store(to + 4 * step, f32x4.sub(even, odd));
  v128.store(to + 5 * step, y3);
}

/** A y Aᵀ of four tiles whose four rows are `pitch` bytes apart; works at the start of scratch. */
export function gradTiles(a: usize, b: usize, c: usize, d: usize, pitch: usize, out: usize, points: usize): void {
  const rows = scratch + 384;
  for (let i: usize = 0; i < 4; i++, a += pitch, b += pitch, c += pitch, d += pitch) {
    transpose(v128.load(a), v128.load(b), v128.load(c), v128.load(d), rows, 16);
    gradStage(
      v128.load(rows), v128.load(rows, 16), v128.load(rows, 32), v128.load(rows, 48), scratch + (i << 4), 64,
    );
  }
  // Transforms of the rows lie in columns now.
  for (let j: usize = 0; j < 6; j++, out += points) {
    const at = scratch + (j << 6);
    gradStage(v128.load(at), v128.load(at, 16), v128.load(at, 32), v128.load(at, 48), out, 6 * points);
  }
}

/** Gᵀ m: six products, `from` apart by `pitch`, to the gradients of three filter taps. */
// @ts-ignore: decorator
@inline
export function weightGradStage(from: usize, pitch: usize, to: usize, step: usize): void {
  const m1 = v128.load(from + pitch);
  const m2 = v128.load(from + 2 * pitch);
  const m3 = v128.load(from + 3 * pitch);
  const m4 = v128.load(from + 4 * pitch);
  const evenP = times(f32x4.add(m1, m2), SCALE_P);
  const oddP = times(f32x4.sub(m1, m2), P * SCALE_P);
  const evenQ = times(f32x4.add(m3, m4), SCALE_Q);
  const oddQ = times(f32x4.sub(m3, m4), Q * SCALE_Q);
  v128.store(to, f32x4.add(v128.load(from), f32x4.add(evenP, evenQ)));
  v128.store(to + step, f32x4.add(oddP, oddQ));
  v128.store(to + 2 * step, f32x4.add(v128.load(from + 5 * pitch), madd(evenQ, f32x4.splat(Q2), times(evenP, P2))));
}

/** Four vectors to the columns that they form, `step` bytes apart. */
// @ts-ignore: decorator
@inline
export function transpose(r0: v128, r1: v128, r2: v128, r3: v128, to: usize, step: usize): void {
  const a = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
  const b = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
  const c = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
  const d = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<f32>(a, c, 0, 1, 4, 5));
  v128.store(to + step, v128.shuffle<f32>(a, c, 2, 3, 6, 7));
  v128.store(to + 2 * step, v128.shuffle<f32>(b, d, 0, 1, 4, 5));
  v128.store(to + 3 * step, v128.shuffle<f32>(b, d, 2, 3, 6, 7));
}

/** Bᵀ d B of four tiles whose six rows are `pitch` bytes apart; works at the start of scratch. */
export function inputTiles(a: usize, b: usize, c: usize, d: usize, pitch: usize, out: usize, points: usize): void {
  for (let i: usize = 0; i < 6; i++, a += pitch, b += pitch, c += pitch, d += pitch) {
    let r = v128.load(a);
    let s = v128.load(b);
    let ab = v128.shuffle<f32>(r, s, 0, 4, 1, 5);
    const ab2 = v128.shuffle<f32>(r, s, 2, 6, 3, 7);
    r = v128.load(c);
    s = v128.load(d);
    let cd = v128.shuffle<f32>(r, s, 0, 4, 1, 5);
    const cd2 = v128.shuffle<f32>(r, s, 2, 6, 3, 7);
    const d0 = v128.shuffle<f32>(ab, cd, 0, 1, 4, 5);
    const d1 = v128.shuffle<f32>(ab, cd, 2, 3, 6, 7);
    const d2 = v128.shuffle<f32>(ab2, cd2, 0, 1, 4, 5);
    const d3 = v128.shuffle<f32>(ab2, cd2, 2, 3, 6, 7);
    ab = v128.shuffle<f32>(v128.load64_zero(a, 16), v128.load64_zero(b, 16), 0, 4, 1, 5);
    cd = v128.shuffle<f32>(v128.load64_zero(c, 16), v128.load64_zero(d, 16), 0, 4, 1, 5);
    const d4 = v128.shuffle<f32>(ab, cd, 0, 1, 4, 5);
    inputStage(d0, d1, d2, d3, d4, v128.shuffle<f32>(ab, cd, 2, 3, 6, 7), scratch + (i << 4), 96);
  }
  // Transforms of the rows lie in columns now.
  for (let j: usize = 0; j < 6; j++, out += points) {
    const at = scratch + j * 96;
    inputStage(
      v128.load(at), v128.load(at, 16), v128.load(at, 32), v128.load(at, 48), v128.load(at, 64), v128.load(at, 80),
      out, 6 * points,
    );
  }
}
