import type { Device, Tensor } from "@graftjs/tensor";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bitwiseEqual } from "../closeTo.ts";
import { close, runCompiled } from "./case.ts";
import { elementwiseCases } from "./elementwiseCases.ts";
import { fusionCases } from "./fusionCases.ts";
import { kernelCases } from "./kernelCases.ts";
import { sampleCases } from "./sampleCases.ts";
import { train } from "./training.ts";

/**
 * Declares the tests that two devices give the same bits: on all samples, on larger inputs, and for the weights after a
 * training run. For one device with different numbers of threads.
 */
export function bitwise(
  name: string,
  createA: () => Device | Promise<Device>,
  createB: () => Device | Promise<Device>,
): void {
  describe(`${name}, bit for bit`, () => {
    let [a, b]: Device[] = [];
    beforeAll(async () => {
      [a, b] = [await createA(), await createB()];
    });
    afterAll(() => {
      close(a as Device);
      close(b as Device);
    });

    test.each([...sampleCases(), ...elementwiseCases(), ...kernelCases(), ...fusionCases()])("$name", (it) => {
      same(runCompiled(a as Device, it), runCompiled(b as Device, it));
    });
    test("training ends in the same weights", () => {
      const [first, second] = [train(a as Device, 5), train(b as Device, 5)];
      same([...first.losses, ...first.states], [...second.losses, ...second.states]);
    });
  });
}

function same(first: readonly Tensor[], second: readonly Tensor[]): void {
  expect(first.length).toBe(second.length);
  first.forEach((t, i) => {
    if (!bitwiseEqual(t, second[i] as Tensor)) expect.fail(`output ${i} differs: ${t} and ${second[i]}`);
  });
}
