import { Parameter } from "@graftjs/nn";
import { add, mean, mul, noGrad, rsqrt, sum, type Tensor, tensor, variance } from "@graftjs/tensor";
import { describe, expect, it } from "vitest";
import { modelBytes, sines } from "../../test/fixtures.ts";
import { node } from "../../test/graphs.ts";
import { importModel, type OnnxModule } from "../module.ts";

const floats = (name: string, dims: readonly number[], ...floatData: number[]): object => ({
  name,
  dataType: 1,
  dims,
  floatData,
});

function expectClose(got: Tensor | null, expected: readonly number[]): void {
  expect(got?.size).toBe(expected.length);
  for (const [i, value] of got?.toArray().entries() ?? []) expect(value).toBeCloseTo(expected[i] as number, 5);
}

describe("BatchNormalization of positions", () => {
  const network = (): OnnxModule =>
    importModel(
      modelBytes({
        opset: 7,
        nodes: [
          node(
            "BatchNormalization",
            ["x", "scale", "bias", "mean", "variance"],
            "y",
            { name: "spatial", type: 2, i: 0 },
            { name: "epsilon", type: 1, f: 0 },
          ),
        ],
        initializers: [
          floats("scale", [1, 2], 1, 2),
          floats("bias", [1, 2], 10, 20),
          floats("mean", [1, 2], 1, 2),
          floats("variance", [1, 2], 1, 4),
        ],
        inputShape: [2, 1, 2],
      }),
    );
  const x = tensor([1, 2, 3, 6], [2, 1, 2]);

  it("takes the statistics of each", () => {
    expectClose(
      noGrad(() => network().eval().forward(x)),
      [10, 20, 12, 24],
    );
  });

  it("follows those of the batch in training", () => {
    const trained = network().train();
    expectClose(trained.forward(x), [9, 18, 11, 22]);
    const buffers = new Map(trained.namedBuffers());
    expectClose(buffers.get("mean") ?? null, [1.1, 2.2]);
    expectClose(buffers.get("variance") ?? null, [1.1, 4.4]);
  });
});

describe("LayerNormalization", () => {
  const over = { axes: 1, keepDims: true } as const;

  it.each([
    ["center", (x: Tensor) => mean(x, over)],
    ["inverse", (x: Tensor) => rsqrt(add(variance(x, { ...over, correction: 0 }), 1e-5))],
  ] as const)("has gradients of its output %s", (output, formula) => {
    const network = importModel(
      modelBytes({
        nodes: [node("LayerNormalization", ["x", "scale"], ["y", "center", "inverse"])],
        initializers: [floats("scale", [4], 1, 2, 3, 4)],
        inputShape: [3, 4],
        output,
      }),
    ).eval();
    const [x, same] = [new Parameter(sines([3, 4])), new Parameter(sines([3, 4]))];
    const [got, expected] = [network.forward(x), formula(same)];
    expectClose(got, Array.from(expected.toArray()));
    for (const y of [got, expected]) sum(mul(y, tensor([1, -2, 4], [3, 1]))).backward();
    expectClose(x.grad, Array.from(same.grad?.toArray() ?? []));
  });
});
