import { ArgumentError } from "@graftjs/tensor";
import { describe, expect, it } from "vitest";
import { cases } from "../fixtures/goldens.ts";
import { accuracy } from "./accuracy.ts";

describe("accuracy", () => {
  it("is the share of equal pairs", () => {
    expect(accuracy([0, 1, 2, 1], Int32Array.of(0, 1, 1, 1))).toBe(0.75);
  });

  it("equals scikit-learn's", () => {
    for (const golden of cases) expect(accuracy(golden.targets, golden.predictions)).toBe(golden.accuracy);
  });

  it("refuses nothing, and unequal lengths", () => {
    expect(() => accuracy([], [])).toThrow(ArgumentError);
    expect(() => accuracy([1], [1, 2])).toThrow("1 targets and 2 predictions");
  });
});
