import { describe, expect, it } from "vitest";
import { cases } from "../fixtures/goldens.ts";
import { confusionMatrix } from "./confusionMatrix.ts";

describe("confusionMatrix", () => {
  it("counts targets in rows and predictions in columns", () => {
    expect(confusionMatrix([0, 0, 1, 2], [0, 1, 1, 0], 3)).toEqual([
      [1, 1, 0],
      [0, 1, 0],
      [1, 0, 0],
    ]);
  });

  it("equals scikit-learn's", () => {
    for (const golden of cases) {
      expect(confusionMatrix(golden.targets, golden.predictions, golden.classes)).toEqual(golden.confusion);
    }
  });

  it("refuses what is no class", () => {
    expect(() => confusionMatrix([0, 3], [0, 0], 3)).toThrow("classes from 0 to 2, got 3 at 1");
    expect(() => confusionMatrix([0, 1], [0, 0.5], 3)).toThrow("got 0.5 at 1");
  });
});
