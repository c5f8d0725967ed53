import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DatasetError } from "./errors.ts";
import { stratifiedSplit } from "./split.ts";

const count = (indices: Int32Array, labels: readonly number[], label: number): number =>
  indices.filter((index) => labels[index] === label).length;

describe("stratifiedSplit", () => {
  it("keeps each class's share", () => {
    const labels = [...new Array<number>(50).fill(0), ...new Array<number>(10).fill(1)];
    const { train, val } = stratifiedSplit(labels, { fraction: 0.2 });
    expect([count(val, labels, 0), count(val, labels, 1)]).toEqual([10, 2]);
    expect([count(train, labels, 0), count(train, labels, 1)]).toEqual([40, 8]);
  });

  it("gives each example to one side, and each class to both", () => {
    const labelled = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(labelled, fc.double({ min: 0.01, max: 0.99, noNaN: true }), fc.nat(), (once, fraction, seed) => {
        const labels = [...once, ...once];
        const { train, val } = stratifiedSplit(labels, { fraction, seed });
        expect([...train, ...val].sort((a, b) => a - b)).toEqual(labels.map((_, i) => i));
        for (const label of new Set(labels)) {
          expect(count(train, labels, label)).toBeGreaterThan(0);
          expect(count(val, labels, label)).toBeGreaterThan(0);
        }
      }),
    );
  });

  it("is a function of the seed", () => {
    const labels = new Array<number>(40).fill(0);
    expect(stratifiedSplit(labels, { seed: 1 })).toEqual(stratifiedSplit(labels, { seed: 1 }));
    expect(stratifiedSplit(labels, { seed: 1 })).not.toEqual(stratifiedSplit(labels, { seed: 2 }));
  });

  it("refuses what cannot be split", () => {
    expect(() => stratifiedSplit([0, 0, 1])).toThrow(DatasetError);
    expect(() => stratifiedSplit([0, 0, 1])).toThrow("got 1 of class 1");
    expect(() => stratifiedSplit([0, 0], { fraction: 1 })).toThrow("between 0 and 1, got 1");
  });
});
