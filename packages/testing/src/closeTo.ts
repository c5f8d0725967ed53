import { equalShapes, formatShape, isTensor, type Tensor } from "@graftjs/tensor";

/** An element passes if |actual - expected| <= atol + rtol · |expected|. */
export interface Tolerance {
  /** Relative to the element. Default 1e-5. */
  readonly rtol?: number;
  /** Absolute. Default 1e-6. */
  readonly atol?: number;
  /** Relative to the largest expected element, for sums in which terms cancel. Default 0. */
  readonly scale?: number;
}

export interface Comparison {
  readonly pass: boolean;
  /** What differs, and where; of the worst element. */
  readonly message: string;
}

/** What is compared: a tensor, or bare elements, which have no shape to differ in. */
export type Comparable = Tensor | ArrayLike<number>;

/** Compares element by element. NaN equals NaN, an infinity itself; shapes and dtypes must be equal where both have them. */
export function closeTo(actual: Comparable, expected: Comparable, tolerance: Tolerance = {}): Comparison {
  const { rtol = 1e-5, atol = 1e-6, scale = 0 } = tolerance;
  if (isTensor(actual) && isTensor(expected)) {
    const kind = (t: Tensor): string => `${t.dtype} ${formatShape(t.shape)}`;
    if (actual.dtype !== expected.dtype || !equalShapes(actual.shape, expected.shape)) {
      return { pass: false, message: `expected ${kind(expected)}, got ${kind(actual)}` };
    }
  }
  const [a, e] = [elements(actual), elements(expected)];
  if (a.length !== e.length) return { pass: false, message: `expected ${e.length} elements, got ${a.length}` };
  let largest = 0;
  for (let i = 0; i < e.length; i++) if (Number.isFinite(e[i])) largest = Math.max(largest, Math.abs(e[i] as number));
  let [worst, excess, failed] = [-1, 0, 0];
  for (let i = 0; i < e.length; i++) {
    const [x, y] = [a[i] as number, e[i] as number];
    if (x === y || (Number.isNaN(x) && Number.isNaN(y))) continue;
    const allowed = atol + rtol * Math.abs(y) + scale * largest;
    const over = Math.abs(x - y) / allowed;
    if (Number.isFinite(y) && over <= 1) continue;
    failed++;
    if (worst < 0 || !(over <= excess)) [worst, excess] = [i, Number.isNaN(over) ? Number.POSITIVE_INFINITY : over];
  }
  if (failed === 0) return { pass: true, message: `all ${e.length} elements are close` };
  return {
    pass: false,
    message: `${failed} of ${e.length} elements differ; the worst, at ${worst}: expected ${e[worst]}, got ${a[worst]} (${excess.toPrecision(3)} times the tolerance)`,
  };
}

/** Whether all bits are equal; +0 and -0 differ. */
export function bitwiseEqual(actual: Tensor, expected: Tensor): boolean {
  if (actual.dtype !== expected.dtype || !equalShapes(actual.shape, expected.shape)) return false;
  const bytes = (t: Tensor): Uint8Array => new Uint8Array(t.toArray().buffer as ArrayBuffer);
  const [a, e] = [bytes(actual), bytes(expected)];
  return a.every((byte, i) => byte === e[i]);
}

function elements(x: Comparable): ArrayLike<number> {
  return isTensor(x) ? x.toArray() : x;
}
