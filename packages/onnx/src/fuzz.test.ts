import { GraftError, isGraftError } from "@graftjs/tensor";
import { expect, it } from "vitest";
import { fixture, fixtureNames, modelBytes } from "../test/fixtures.ts";
import { importModel } from "./module.ts";

/** Numbers in [0, 1), the same for each run. */
function sequence(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return ((state ^ (state >>> 15)) >>> 0) / 2 ** 32;
  };
}

/** Bits flipped, bytes replaced, ends cut off, stretches taken out or put in. */
function mutate(bytes: Uint8Array, random: () => number): Uint8Array {
  let result = bytes.slice();
  for (let edits = 1 + Math.floor(random() * 4); edits > 0; edits--) {
    const at = Math.floor(random() * result.length);
    const some = Uint8Array.from({ length: Math.floor(random() * 12) }, () => random() * 256);
    const kind = random();
    if (kind < 0.5) result[at] = (result[at] ?? 0) ^ (1 << (random() * 8));
    else if (kind < 0.7) result[at] = random() * 256;
    else if (kind < 0.8) result = result.slice(0, at);
    else
      result = Uint8Array.from([
        ...result.subarray(0, at),
        ...(kind < 0.9 ? [] : some),
        ...result.subarray(at + (kind < 0.9 ? some.length : 0)),
      ]);
  }
  return result;
}

it("ends in a model or a typed error for whatever bytes it is given", () => {
  const random = sequence(20240229);
  let refused = 0;
  for (let i = 0; i < 3000; i++) {
    const name = fixtureNames[Math.floor(random() * fixtureNames.length)] as string;
    try {
      importModel(mutate(fixture(name), random));
    } catch (error) {
      if (!isGraftError(error)) throw error;
      refused++;
    }
  }
  expect(refused).toBeGreaterThan(1000);
  expect(refused).toBeLessThan(3000);
});

const node = (opType: string, input: string[]) => ({ opType, input, output: ["y"] });
const int64 = (name: string, ...values: number[]) => ({ name, dataType: 7, dims: [values.length], int64Data: values });

it.each([
  ["an input of absurd size", { inputShape: [1, 2 ** 30, 2 ** 20] }],
  [
    "a constant that unpacks to terabytes",
    { nodes: [node("ConstantOfShape", ["s"])], initializers: [int64("s", 2 ** 20, 2 ** 20)] },
  ],
  [
    "a range without an end",
    { nodes: [node("Range", ["a", "b", "c"])], initializers: [int64("a", 0), int64("b", 2 ** 40), int64("c", 1)] },
  ],
  [
    "a step of zero",
    { nodes: [node("Range", ["a", "b", "c"])], initializers: [int64("a", 0), int64("b", 9), int64("c", 0)] },
  ],
  ["an expansion to terabytes", { nodes: [node("Expand", ["x", "s"])], initializers: [int64("s", 2 ** 40, 1, 1)] }],
  ["a negative shape", { nodes: [node("Reshape", ["x", "s"])], initializers: [int64("s", -7, -3)] }],
])("refuses %s without allocating it", (_, spec) => {
  expect(() => importModel(modelBytes(spec))).toThrow(GraftError);
  expect(process.memoryUsage().rss).toBeLessThan(2 ** 30);
});
