import { Generator, ones } from "@graftjs/tensor";
import { expect, test } from "vitest";
import { DropPath } from "./dropPath.ts";

test("leaves out whole samples, and scales the others", () => {
  const layer = new DropPath(0.25, { generator: new Generator(1) });
  const rows = layer.forward(ones([4000, 3])).toNested() as number[][];
  const kept = rows.filter(([first]) => first !== 0);
  for (const row of rows) expect(new Set(row).size).toBe(1);
  for (const [value] of kept) expect(value).toBeCloseTo(4 / 3, 6);
  expect(Math.abs(kept.length / 4000 - 0.75)).toBeLessThan(0.03);
});

test("is the identity in evaluation mode, while frozen, and for p = 0; p = 1 leaves nothing", () => {
  const x = ones([2, 3]);
  expect(new DropPath(0.5).eval().forward(x)).toBe(x);
  expect(new DropPath(0.5).freeze().forward(x)).toBe(x);
  expect(new DropPath().forward(x)).toBe(x);
  expect([...new DropPath(1).forward(x).toArray()]).toEqual([0, 0, 0, 0, 0, 0]);
});

test("needs a probability", () => {
  expect(() => new DropPath(-0.1)).toThrow(expect.objectContaining({ name: "ArgumentError", op: "DropPath" }));
});
