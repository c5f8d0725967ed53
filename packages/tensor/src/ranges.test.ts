import { describe, expect, test } from "vitest";
import { ArgumentError } from "./errors.ts";
import { arange, linspace, logspace } from "./ranges.ts";

describe("arange", () => {
  test("counts in steps, without the end", () => {
    expect([...arange(2, 7, 2).toArray()]).toEqual([2, 4, 6]);
    expect([...arange(3, 0, -1).toArray()]).toEqual([3, 2, 1]);
    expect([...arange(3).toArray()]).toEqual([0, 1, 2]);
    expect(arange(5, 0).shape).toEqual([0]);
    expect(arange(-2).shape).toEqual([0]);
  });

  test("is of integers only where all numbers are", () => {
    expect(arange(0, 5).dtype).toBe("int32");
    expect(arange(0, 1, 0.25).dtype).toBe("float32");
    expect([...arange(0, 1, 0.25).toArray()]).toEqual([0, 0.25, 0.5, 0.75]);
    expect([...arange(0.5, 3).toArray()]).toEqual([0.5, 1.5, 2.5]);
    expect(arange(0, 5, 1, { dtype: "float64" }).dtype).toBe("float64");
  });

  test.each([
    [0, 1, 0],
    [0, Number.POSITIVE_INFINITY, 1],
    [0, Number.NaN, 1],
  ])("refuses %s, %s, %s", (from, to, step) => {
    expect(() => arange(from, to, step)).toThrowError(/arange: expected a step that is not 0/);
  });
});

describe("linspace and logspace", () => {
  test("include both ends, exactly", () => {
    expect([...linspace(0, 1, 5).toArray()]).toEqual([0, 0.25, 0.5, 0.75, 1]);
    expect([...linspace(0.1, 0.7, 8, { dtype: "float64" }).toArray()].at(-1)).toBe(0.7);
    expect([...linspace(3, -3, 3).toArray()]).toEqual([3, 0, -3]);
    expect([...logspace(-1, 2, 4).toArray()]).toEqual([0.1, 1, 10, 100].map(Math.fround));
    expect([...logspace(0, 3, 4, 2).toArray()]).toEqual([1, 2, 4, 8]);
  });

  test("of one step, and of none", () => {
    expect([...linspace(2, 9, 1).toArray()]).toEqual([2]);
    expect(linspace(2, 9, 0).shape).toEqual([0]);
  });

  test.each([-1, 1.5, Number.NaN])("refuse %s steps", (steps) => {
    expect(() => linspace(0, 1, steps)).toThrowError(ArgumentError);
    expect(() => logspace(0, 1, steps)).toThrowError(ArgumentError);
  });
});
