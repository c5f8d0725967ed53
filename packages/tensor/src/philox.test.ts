import { expect, test } from "vitest";
import { philox } from "./philox.ts";

// Known answers of Random123, https://github.com/DEShawResearch/random123/blob/main/tests/kat_vectors (philox4x32 10).
test.each([
  ["zeros", [0, 0, 0, 0, 0, 0], "6627e8d5 e169c58d bc57ac4c 9b00dbd8"],
  ["ones", [-1, -1, -1, -1, -1, -1], "408f276d 41c83b0e a20bc7c6 6d5451fd"],
  [
    "digits of pi",
    [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0],
    "d16cfe09 94fdcceb 5001e420 24126ea1",
  ],
] as const)("known answer of %s", (_, input, expected) => {
  const words = philox(...(input as unknown as [number, number, number, number, number, number]));
  expect(words.map((w) => (w >>> 0).toString(16).padStart(8, "0")).join(" ")).toBe(expected);
});
