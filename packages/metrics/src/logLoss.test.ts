import { describe, expect, it } from "vitest";
import { cases } from "../fixtures/goldens.ts";
import { logLoss } from "./logLoss.ts";

describe("logLoss", () => {
  it("is the mean of -ln p", () => {
    expect(logLoss([0, 1], [0.5, 0.5, 0.75, 0.25], 2)).toBeCloseTo((Math.log(2) + Math.log(4)) / 2, 15);
  });

  it("stays finite when wrong for certain", () => {
    expect(logLoss([1], [1, 0], 2)).toBeCloseTo(23 * Math.log(2), 12);
  });

  it("equals scikit-learn's", () => {
    for (const golden of cases) {
      expect(logLoss(golden.targets, golden.probabilities, golden.classes)).toBeCloseTo(golden.logLoss, 5);
    }
  });

  it("refuses broken rows and unknown classes", () => {
    expect(() => logLoss([0, 1], [0.5, 0.5, 1], 2)).toThrow("2 scores for each of 2 targets");
    expect(() => logLoss([2], [0.5, 0.5], 2)).toThrow("got 2 at 0");
  });
});
