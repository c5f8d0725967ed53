import { expect, test } from "vitest";
import { fromBfloat16, fromFloat16, toBfloat16, toFloat16 } from "./halfPrecision.ts";

const all = Uint16Array.from({ length: 65536 }, (_, i) => i);

/** The next float32 after a finite number, away from 0 or (`step` -1) towards it. */
function next(x: number, step: 1 | -1): number {
  const bits = new Uint32Array(Float32Array.of(x).buffer);
  bits[0] = (bits[0] as number) + step;
  return new Float32Array(bits.buffer)[0] as number;
}

test.each([
  ["float16", fromFloat16, toFloat16],
  ["bfloat16", fromBfloat16, toBfloat16],
] as const)("all %s numbers survive widening and narrowing", (_, widen, narrow) => {
  const wide = widen(all);
  const back = narrow(wide);
  for (let i = 0; i < 65536; i++) {
    if (Number.isNaN(wide[i])) expect(widen(back.subarray(i, i + 1))[0]).toBeNaN();
    else if (back[i] !== i) throw new Error(`${i} becomes ${back[i]}`);
  }
});

test.each([
  ["float16", fromFloat16, toFloat16, 0x7c00],
  ["bfloat16", fromBfloat16, toBfloat16, 0x7f80],
] as const)("%s: to the nearest, ties to even, past the largest to infinity", (_, widen, narrow, infinity) => {
  const wide = Float64Array.from(widen(all));
  // As if the exponent went on.
  wide[infinity] = 2 * (wide[infinity - 1] as number) - (wide[infinity - 2] as number);
  const samples: number[] = [];
  const expected: number[] = [];
  for (let low = 0; low < infinity; low++) {
    const middle = ((wide[low] as number) + (wide[low + 1] as number)) / 2;
    samples.push(next(middle, -1), middle, next(middle, 1));
    expected.push(low, low % 2 === 0 ? low : low + 1, low + 1);
  }
  expect(narrow(Float32Array.from(samples))).toEqual(Uint16Array.from(expected));
  expect(narrow(Float32Array.from(samples, (x) => -x))).toEqual(Uint16Array.from(expected, (h) => h | 0x8000));
});

test("what is too small becomes 0, and keeps its sign; infinities stay", () => {
  const values = Float32Array.of(1e-30, -1e-30, 1e30, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY);
  expect([...toFloat16(values)]).toEqual([0, 0x8000, 0x7c00, 0x7c00, 0xfc00]);
  expect([...toBfloat16(values.subarray(3))]).toEqual([0x7f80, 0xff80]);
});
