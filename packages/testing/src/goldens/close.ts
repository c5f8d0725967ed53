import type { Tensor } from "@graftjs/tensor";
import { expect } from "vitest";
import { closeTo } from "../closeTo.ts";

/**
 * Asserts that two tensors are equal but for rounding: |a - b| <= 1e-5 · max|b| + slack.
 * @param slack what is allowed besides, for values that rounding is known to throw about; by default 1e-7, for zeros.
 */
export function expectClose(name: string, actual: Tensor, expected: Tensor, slack = 1e-7): void {
  // Goldens hold scalars as [1].
  if (expected.size > 1) expect(actual.shape, `shape of ${name}`).toEqual(expected.shape);
  const tolerance = { rtol: 0, atol: slack, scale: 1e-5 };
  const { pass, message } = closeTo(actual.toArray(), expected.toArray(), tolerance);
  expect(pass, `${name}: ${message}`).toBe(true);
}
