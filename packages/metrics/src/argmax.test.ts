import { describe, expect, it } from "vitest";
import { cases } from "../fixtures/goldens.ts";
import { argmax } from "./argmax.ts";

describe("argmax", () => {
  it("takes the highest of each row, the first of equals", () => {
    expect(Array.from(argmax([1, 3, 2, 5, 5, 4, -2, -3, -1], 3))).toEqual([1, 0, 2]);
  });

  it("equals NumPy's", () => {
    for (const golden of cases) {
      expect(Array.from(argmax(golden.probabilities, golden.classes))).toEqual(golden.predictions);
    }
  });

  it("refuses broken rows", () => {
    expect(() => argmax([1, 2, 3], 2)).toThrow("rows of 2 scores");
  });
});
