import type { Tensor, TypedArray } from "@graftjs/tensor";
import { expect } from "vitest";

/** Largest difference, relative to the largest value, that counts as equal. */
export const TOLERANCE = 1e-5;

/**
 * Asserts that two tensors are equal but for rounding: max|a - b| <= 1e-5 · max|b| + slack.
 * @param slack what is allowed besides, for values that rounding is known to throw about; by default 1e-7, for zeros.
 */
export function expectClose(name: string, actual: Tensor | TypedArray, expected: Tensor, slack = 1e-7): void {
  const a = Float64Array.from("shape" in actual ? actual.toArray() : actual);
  const b = Float64Array.from(expected.toArray());
  // Goldens hold scalars as [1].
  if ("shape" in actual && b.length > 1) expect(actual.shape, `shape of ${name}`).toEqual(expected.shape);
  expect(a.length, `length of ${name}`).toBe(b.length);
  const scale = b.reduce((m, v) => Math.max(m, Math.abs(v)), 0);
  const worst = a.reduce((m, v, i) => Math.max(m, v === b[i] ? 0 : Math.abs(v - (b[i] as number))), 0);
  expect(worst, `${name}: largest difference, of values up to ${scale}`).toBeLessThanOrEqual(TOLERANCE * scale + slack);
}
