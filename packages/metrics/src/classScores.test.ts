import { describe, expect, it } from "vitest";
import { cases } from "../fixtures/goldens.ts";
import { classScores } from "./classScores.ts";

describe("classScores", () => {
  it("counts true and false positives and negatives", () => {
    const { perClass, macroF1, weightedF1 } = classScores([
      [3, 1],
      [2, 4],
    ]);
    expect(perClass[0]).toEqual({ precision: 3 / 5, recall: 3 / 4, f1: 6 / 9, support: 4 });
    expect(perClass[1]).toEqual({ precision: 4 / 5, recall: 4 / 6, f1: 8 / 11, support: 6 });
    expect(macroF1).toBeCloseTo((6 / 9 + 8 / 11) / 2, 15);
    expect(weightedF1).toBeCloseTo((4 * (6 / 9) + 6 * (8 / 11)) / 10, 15);
  });

  it("gives 0 where it would be 0 / 0", () => {
    const { perClass, macroRecall } = classScores([
      [2, 0],
      [0, 0],
    ]);
    expect(perClass[1]).toEqual({ precision: 0, recall: 0, f1: 0, support: 0 });
    expect(macroRecall).toBe(0.5);
  });

  it("equals scikit-learn's", () => {
    for (const golden of cases) {
      const scores = classScores(golden.confusion);
      scores.perClass.forEach((score, label) => {
        expect(score.precision).toBeCloseTo(golden.precision[label] as number, 14);
        expect(score.recall).toBeCloseTo(golden.recall[label] as number, 14);
        expect(score.f1).toBeCloseTo(golden.f1[label] as number, 14);
        expect(score.support).toBe(golden.support[label]);
      });
      for (const name of ["macroPrecision", "macroRecall", "macroF1", "weightedF1"] as const) {
        expect(scores[name]).toBeCloseTo(golden[name], 14);
      }
    }
  });

  it("refuses what is not square", () => {
    expect(() => classScores([[1, 2]])).toThrow("a square confusion matrix");
    expect(() => classScores([])).toThrow("a square confusion matrix");
  });
});
