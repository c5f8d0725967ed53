import { Parameter } from "@graftjs/nn";
import { mul, noGrad, sum, type Tensor, tensor } from "@graftjs/tensor";
import { describe, expect, it } from "vitest";
import { modelBytes } from "../../test/fixtures.ts";
import { type Array2, at, type Case, counting, integers, networkOf, run } from "../../test/operatorCase.ts";
import { spatialCases } from "../../test/spatialCases.ts";
import { importModel } from "../module.ts";

const step = 2 ** -7;

const tensorOf = ({ data, shape }: Array2): Tensor => tensor(Float32Array.from(data), shape);

/** Some numbers without a pattern. */
const scattered = (...shape: number[]): Array2 => ({
  shape,
  data: counting(...shape).data.map((i) => Math.sin(1 + 12.9898 * i)),
});

/** Compares the gradients of Σ weight · y, with respect to x and the network's parameters, with central differences. */
function checkGradients(spec: Omit<Case, "y">): void {
  const network = networkOf(spec);
  const x = new Parameter(tensorOf(spec.x));
  const weights = tensorOf(scattered(...noGrad(() => network.forward(x)).shape));
  const loss = (): Tensor => sum(mul(network.forward(x), weights));
  loss().backward();
  for (const [name, parameter] of [["x", x] as const, ...network.namedParameters()]) {
    const values = Array.from(parameter.toArray() as Float32Array);
    const at = (i: number, moved: number): number => {
      parameter.assign(
        tensor(
          Float32Array.from(values, (v, k) => (k === i ? v + moved : v)),
          parameter.shape,
        ),
      );
      return noGrad(() => loss().item());
    };
    const expected = values.map((_, i) => (at(i, step) - at(i, -step)) / (2 * step));
    parameter.assign(tensor(Float32Array.from(values), parameter.shape));
    // What the result does not depend on has no gradient, which stands for zeros.
    const gradient = Array.from(parameter.grad?.toArray() ?? values.map(() => 0));
    expect(gradient.length).toBe(expected.length);
    for (const [i, value] of gradient.entries())
      expect(value, `${spec.opType}: ${name}, element ${i}`).toBeCloseTo(expected[i] as number, 2);
  }
}

describe("gradients", () => {
  const differentiable = spatialCases.filter(({ detached, output, rest = [], opType }) => {
    // At whole positions sampling has no gradient with respect to these; they are tried elsewhere, below.
    const positions = ["DeformConv", "GridSample", "RoiAlign"].includes(opType);
    return !detached && output === undefined && !(positions && rest.length > 0);
  });

  it.each(differentiable.map((c, i) => [`${c.opType} (${i})`, c] as const))("%s", (_, c) => checkGradients(c));

  const positions = at([1, 2, 3, 2], -1.3, -0.9, -0.4, 0.3, 0.37, 0.6, 0.81, -0.43, 1.12, 1.27, 0.11, -1.21);
  it.each(
    ["nearest", "linear", "cubic"].flatMap((mode) =>
      ["zeros", "border", "reflection"].flatMap((padding_mode) =>
        [0, 1].map((align_corners) => [mode, padding_mode, align_corners] as const),
      ),
    ),
  )("GridSample of mode %s with %s, corners aligned: %s", (mode, padding_mode, align_corners) => {
    const attributes = { mode, padding_mode, align_corners };
    checkGradients({ opType: "GridSample", opset: 20, x: scattered(1, 2, 3, 4), rest: [positions], attributes });
  });

  it("DeformConv", () => {
    const offsets = scattered(1, 16, 2, 1);
    // None of them whole.
    const between = { ...offsets, data: offsets.data.map((d) => 0.3 * d + 0.45) };
    const rest = [scattered(4, 1, 2, 2), between, scattered(4), scattered(1, 8, 2, 1)];
    const attributes = { group: 2, offset_group: 2, strides: [2, 1], pads: [1, 0, 0, 0], dilations: [1, 2] };
    checkGradients({ opType: "DeformConv", opset: 19, x: scattered(1, 2, 4, 3), rest, attributes });
  });

  it.each([0, 2])("RoiAlign with %s points a bin", (sampling_ratio) => {
    const rest = [at([2, 4], 0.3, 0.7, 2.9, 3.2, 1.1, -0.4, 2.4, 2.3), integers([2], 1, 0)];
    const attributes = { output_height: 2, output_width: 2, sampling_ratio };
    checkGradients({ opType: "RoiAlign", x: scattered(2, 2, 4, 4), rest, attributes });
  });
});

it("a file's batch size in the sizes of a resize gives way to that of the input", () => {
  const rest = [null, null, [1, 1, 4]];
  const network = networkOf({ opType: "Resize", x: counting(1, 1, 2), rest });
  const y = network.forward(tensorOf(counting(2, 1, 2)));
  expect(y.toNested()).toEqual([[[0, 0, 1, 1]], [[2, 2, 3, 3]]]);
});

it("so does that in the shape of an unpooled tensor", () => {
  const attribute = [{ name: "kernel_shape", type: 7, ints: [2] }];
  const network = importModel(
    modelBytes({
      opset: 17,
      nodes: [
        { opType: "MaxPool", input: ["x"], output: ["pooled", "places"], attribute },
        { opType: "MaxUnpool", input: ["pooled", "places", "shape"], output: ["y"], attribute },
      ],
      initializers: [{ name: "shape", dataType: 7, dims: [3], int64Data: [1, 1, 3] }],
      inputs: [{ name: "x", shape: [1, 1, 2] }],
      output: "y",
    }),
  );
  const y = network.forward(tensorOf(at([2, 1, 2], 4, 5, 7, 6)));
  expect(y.toNested()).toEqual([[[0, 5, 0]], [[7, 0, 0]]]);
});

it("a transform and its inverse give back the signal", () => {
  const x = scattered(2, 7, 2);
  const there = run({ opType: "DFT", opset: 20, x, y: x });
  const spectrum = { shape: there.shape, data: Array.from(there.toArray() as Float32Array) };
  const back = run({ opType: "DFT", opset: 20, x: spectrum, attributes: { inverse: 1 }, y: x });
  for (const [i, value] of back.toArray().entries()) expect(value).toBeCloseTo(x.data[i] as number, 5);
});
