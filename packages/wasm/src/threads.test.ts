import {
  add,
  argmax,
  batchNorm,
  compile,
  concat,
  conv2d,
  DeviceError,
  exp,
  Generator,
  gradients,
  layerNorm,
  logSoftmax,
  matmul,
  max,
  maxPool2d,
  mul,
  pad,
  permute,
  randomUniform,
  relu,
  softmax,
  sub,
  sum,
  type Tensor,
} from "@graftjs/tensor";
import { beforeAll, describe, expect, test } from "vitest";
import { type WasmDevice, wasm } from "./wasm.ts";

const generator = new Generator(11);
const uniform = (...shape: number[]): Tensor => randomUniform(shape, generator, -1, 1);

/** Work large enough to be split, in sizes that no number of threads divides. */
const cases: Record<string, { fn: (...inputs: Tensor[]) => Tensor[]; inputs: Tensor[] }> = {
  chain: {
    fn: (x, b) => [exp(mul(add(x, b), 0.5)), relu(sub(x, b))],
    inputs: [uniform(37, 1009), uniform(1009)],
  },
  matmul: { fn: (a, b) => [matmul(a, b)], inputs: [uniform(171, 203), uniform(203, 157)] },
  reductions: {
    fn: (x) => [sum(x), sum(x, { axes: 0 }), sum(x, { axes: [0, 2] }), max(x, { axes: 1 }), argmax(x, 2)],
    inputs: [uniform(31, 33, 203)],
  },
  moves: {
    fn: (x, y) => [
      permute(x, [2, 0, 1]),
      pad(
        x,
        [
          [1, 2],
          [3, 0],
          [0, 1],
        ],
        7,
      ),
      concat([x, y], 1),
    ],
    inputs: [uniform(31, 33, 203), uniform(31, 5, 203)],
  },
  softmax: {
    fn: (x) => {
      x.requiresGrad = true;
      const [y, z] = [softmax(x, 1), logSoftmax(x, 2)];
      return [y, z, ...gradients(sum(mul(mul(y, y), z)), [x])] as Tensor[];
    },
    inputs: [uniform(31, 33, 203)],
  },
  layerNorm: {
    fn: (x, w, b) => {
      for (const t of [x, w, b]) t.requiresGrad = true;
      const { y } = layerNorm(x, w, b);
      const [dx, dw, db] = gradients(sum(mul(y, y)), [x, w, b]);
      return [y, dx as Tensor, dw as Tensor, db as Tensor];
    },
    inputs: [uniform(13, 37, 203), uniform(203), uniform(203)],
  },
  convolutions: {
    fn: (x, w, v) => {
      for (const t of [x, w, v]) t.requiresGrad = true;
      const y = maxPool2d(relu(conv2d(x, w, null, { padding: 1 })), 2);
      const z = conv2d(y, v, null, { groups: 13 });
      const scale = sum(v, { axes: [1, 2, 3] });
      const { y: output } = batchNorm(z, scale, scale);
      const [dx, dw, dv] = gradients(sum(mul(output, z)), [x, w, v]);
      return [z, dx as Tensor, dw as Tensor, dv as Tensor];
    },
    inputs: [uniform(3, 5, 27, 31), uniform(13, 5, 3, 3), uniform(13, 1, 3, 3)],
  },
  "Winograd convolutions": {
    fn: (x, w, v) => {
      for (const t of [x, w, v]) t.requiresGrad = true;
      const y = relu(conv2d(x, w, null, { padding: [1, 2, 0, 1] }));
      const z = conv2d(y, v, null, { padding: 1 });
      const [dx, dw, dv] = gradients(sum(mul(z, z)), [x, w, v]);
      return [y, z, dx as Tensor, dw as Tensor, dv as Tensor];
    },
    inputs: [uniform(2, 19, 21, 26), uniform(23, 19, 3, 3), uniform(151, 23, 3, 3)],
  },
};

describe("threads", () => {
  let one: WasmDevice;
  let several: WasmDevice[];
  beforeAll(async () => {
    one = await wasm({ threads: 1 });
    several = [
      await wasm({ threads: 2 }),
      await wasm({ threads: 2, parallelFrom: 0 }),
      await wasm({ threads: 5, parallelFrom: 0 }),
    ];
  });

  test.each(Object.entries(cases))("%s: the same bits with any number of threads", (_, { fn, inputs }) => {
    const expected = compile(fn, { device: one })(...inputs) as Tensor[];
    for (const device of several) {
      const run = compile(fn, { device });
      for (let i = 0; i < 3; i++) {
        (run(...inputs) as Tensor[]).forEach((t, k) => {
          expect(
            Buffer.from(t.toArray().buffer).equals(Buffer.from(expected[k]?.toArray().buffer as ArrayBuffer)),
          ).toBe(true);
        });
      }
    }
  });

  test("workers wake up again after they went to sleep", async () => {
    const { fn, inputs } = cases.matmul as (typeof cases)[string];
    const run = compile(fn, { device: several[2] as WasmDevice });
    const [expected] = run(...inputs) as [Tensor];
    for (let i = 0; i < 5; i++) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect((run(...inputs) as Tensor[])[0]?.toArray()).toEqual(expected.toArray());
    }
  });

  test("thousands of short runs do not lose each other", () => {
    const device = several[1] as WasmDevice;
    const run = compile((x: Tensor) => sum(mul(x, 2)), { device });
    const x = uniform(50);
    const expected = run(x).item();
    for (let i = 0; i < 3000; i++) expect(run(x).item()).toBe(expected);
  });

  test("a closed device says so", async () => {
    const device = await wasm({ threads: 2, parallelFrom: 0 });
    const run = compile((x: Tensor) => sum(x), { device });
    expect(run(uniform(10)).shape).toEqual([]);
    device.close();
    expect(() => run(uniform(10))).toThrow(DeviceError);
    expect(() => run(uniform(10))).toThrow(/closed/);
  });
});
