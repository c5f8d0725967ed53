import { expect, it } from "vitest";
import { bfloat16ToFloat32, float16ToFloat32, float32ToBfloat16, float32ToFloat16 } from "./halfFloat.ts";

it("widens and narrows every float16 without loss", () => {
  const all = Uint16Array.from({ length: 65536 }, (_, i) => i).filter(
    (h) => (h & 0x7c00) !== 0x7c00 || (h & 0x3ff) === 0,
  );
  expect(float32ToFloat16(float16ToFloat32(all))).toEqual(all);
});

it("widens and narrows every bfloat16 without loss", () => {
  const all = Uint16Array.from({ length: 65536 }, (_, i) => i).filter(
    (h) => (h & 0x7f80) !== 0x7f80 || (h & 0x7f) === 0,
  );
  expect(float32ToBfloat16(bfloat16ToFloat32(all))).toEqual(all);
});

it("rounds to nearest, ties to even, and to infinity above the range", () => {
  const narrowed = float32ToFloat16(
    Float32Array.of(1 + 2 ** -11, 1 + 3 * 2 ** -11, 65519, 65520, -1e9, 2 ** -25, 1.5 * 2 ** -24, 2047.9 / 2048, NaN),
  );
  expect([...narrowed]).toEqual([0x3c00, 0x3c02, 0x7bff, 0x7c00, 0xfc00, 0, 2, 0x3c00, 0x7e00]);
  expect([...float32ToBfloat16(Float32Array.of(1 + 2 ** -8, 1 + 3 * 2 ** -8, NaN))]).toEqual([0x3f80, 0x3f82, 0x7fc0]);
});
