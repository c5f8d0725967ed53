import { describe, expect, it } from "vitest";
import { cases } from "../fixtures/goldens.ts";
import { expectedCalibrationError } from "./expectedCalibrationError.ts";

describe("expectedCalibrationError", () => {
  it("sums the gaps of the bins", () => {
    // Two at confidence 0.75, one of them right; two at 1, both right: (2 · |0.5 − 0.75| + 2 · |1 − 1|) / 4.
    const probabilities = [0.75, 0.25, 0.75, 0.25, 0, 1, 1, 0];
    expect(expectedCalibrationError([0, 1, 1, 0], probabilities, 2, { bins: 4 })).toBe(0.125);
  });

  it("puts a confidence on an edge into the bin below", () => {
    // 0.5 and 0.3 share the bin (0, 0.5]: |(1 − 0.5) + (0 − 0.5)| = 0.
    expect(expectedCalibrationError([0, 1], [0.5, 0.5, 0.5, 0.5], 2, { bins: 2 })).toBe(0);
  });

  it("equals the same sum in NumPy", () => {
    for (const { targets, probabilities, classes, expectedCalibrationError: golden } of cases) {
      expect(expectedCalibrationError(targets, probabilities, classes)).toBeCloseTo(golden, 12);
    }
  });

  it("refuses no bins", () => {
    expect(() => expectedCalibrationError([0], [1, 0], 2, { bins: 0 })).toThrow("at least 1 bin");
  });
});
