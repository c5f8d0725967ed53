import { expect, test } from "vitest";
import { findOperands } from "./operand.ts";

test("finds and changes the words that depend on an operand's address", () => {
  const memory = new Uint32Array(5);
  const [x, y] = findOperands(
    [100, 4],
    ([x = 0, y = 0]) => [7, x + 16, y, x - 4, 9],
    (words) => {
      memory.set(words);
      return memory;
    },
  );
  x?.place(0x8000_0000);
  y?.place(640);
  expect([...memory]).toEqual([7, 0x8000_0010, 640, 0x7fff_fffc, 9]);
  x?.place(1024);
  expect([...memory]).toEqual([7, 1040, 640, 1020, 9]);
});

test("hands out addresses that are apart, and aligned alike", () => {
  const sizes = [65, 64, 0, 1000];
  const seen: (readonly number[])[] = [];
  findOperands(
    sizes,
    (places) => {
      seen.push(places);
      return [];
    },
    (words) => Uint32Array.from(words),
  );
  for (const places of seen) {
    places.forEach((address, i) => {
      expect(address % 64).toBe(0);
      if (i > 0) expect(address).toBeGreaterThanOrEqual((places[i - 1] as number) + (sizes[i - 1] as number));
    });
  }
  expect(seen[1]).not.toEqual(seen[0]);
});

test("does not take words that are no addresses for such", () => {
  const encode = ([x = 0]: readonly number[]): number[] => [2 * x];
  expect(() => findOperands([4], encode, (words) => Uint32Array.from(words))).toThrowError(/no address/);
});
