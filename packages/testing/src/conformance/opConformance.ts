import { type Device, referenceDevice, type Tensor } from "@graftjs/tensor";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { closeTo, type Tolerance } from "../closeTo.ts";
import { type Case, close, runCompiled, runEager } from "./case.ts";
import { elementwiseCases } from "./elementwiseCases.ts";
import { expressions } from "./expressions.ts";
import { fusionCases } from "./fusionCases.ts";
import { kernelCases } from "./kernelCases.ts";
import { programs } from "./programs.ts";
import { sampleCases } from "./sampleCases.ts";
import { train } from "./training.ts";

/**
 * Declares the tests that a device has to pass: every op on every sample and on larger inputs, eager and compiled,
 * random fused programs, states, and a training run, each compared with the reference device in float32.
 * Call it in a test file; it runs in Node and in browsers.
 */
export function opConformance(name: string, create: () => Device | Promise<Device>): void {
  describe(`conformance of ${name}`, () => {
    let device: Device;
    beforeAll(async () => {
      device = await create();
    });
    afterAll(() => close(device));

    describe.each([
      ["samples", sampleCases()],
      ["element-wise", elementwiseCases()],
      ["kernels", kernelCases()],
      ["fusion", fusionCases()],
    ] as const)("%s", (_, cases) => {
      test.each(cases)("$name", (it) => {
        const expected = runCompiled(referenceDevice, it);
        check(runCompiled(device, it), expected, it.tolerance, "compiled");
        check(runEager(device, it), expected, it.tolerance, "eager");
      });
    });

    test("random programs come to the same fused and unfused", () => {
      const property = fc.property(expressions, (it: Case) => {
        const expected = runCompiled(referenceDevice, it);
        check(runCompiled(device, it), expected, it.tolerance, `${it.name}, compiled`);
        check(runEager(device, it), expected, it.tolerance, `${it.name}, eager`);
      });
      fc.assert(property, { numRuns: 200, seed: 20_240_501 });
    });

    describe("programs", () => {
      test.each(programs)("$name", ({ run }) => run(device));
    });

    test("training comes to the same weights", () => {
      const [actual, expected] = [train(device, 3), train(referenceDevice, 3)];
      check(actual.losses, expected.losses, { rtol: 1e-4 }, "losses");
      check(actual.states, expected.states, { rtol: 1e-4, scale: 1e-4 }, "states");
    });
  });
}

function check(
  actual: readonly Tensor[],
  expected: readonly Tensor[],
  tolerance: Tolerance | undefined,
  how: string,
): void {
  expect(actual.length).toBe(expected.length);
  expected.forEach((e, i) => {
    const { pass, message } = closeTo(actual[i] as Tensor, e, tolerance);
    if (!pass) expect.fail(`${how}, output ${i}: ${message}`);
  });
}
