import type { LoraOptions } from "@graftjs/nn";
import { Generator, noGrad, type Tensor } from "@graftjs/tensor";
import { closeTo } from "@graftjs/testing";
import { expect } from "vitest";
import { importModel, type OnnxModule } from "../src/module.ts";
import { type ModelSpec, modelBytes, sines } from "./fixtures.ts";
import { int, ints, node as unnamed } from "./graphs.ts";

// Models with layers that are adapted, and what is done to them. For tests alone.

export const float32 = (name: string, dims: readonly number[], scale = 1): object => {
  const size = dims.reduce((n, d) => n * d, 1);
  const floatData = Array.from({ length: size }, (_, i) => scale * Math.sin(2 * i + name.length));
  return { name, dataType: 1, dims: [...dims], floatData };
};
/** A node that is named after its output. */
export const node = (opType: string, input: string[], output: string, ...attribute: object[]): object => {
  return { ...unnamed(opType, input, output, ...attribute), name: `node_${output}` };
};
const float = (name: string, f: number): object => ({ name, type: 1, f });

/** Models of one layer, in each form that exporters write it in. */
export const layers: Readonly<Record<string, ModelSpec>> = {
  "MatMul, [in, out]": {
    nodes: [node("MatMul", ["x", "fc.weight"], "y")],
    initializers: [float32("fc.weight", [3, 5])],
    inputShape: [2, 4, 3],
  },
  "MatMul of a vector": {
    nodes: [node("MatMul", ["x", "fc.weight"], "y")],
    initializers: [float32("fc.weight", [3, 5])],
    inputShape: [3],
  },
  "MatMul, transposed by a node": {
    nodes: [node("Transpose", ["fc.weight"], "t", ints("perm", [1, 0])), node("MatMul", ["x", "t"], "y")],
    initializers: [float32("fc.weight", [5, 3])],
    inputShape: [2, 4, 3],
  },
  "MatMul through a Cast, handed on by an Identity": {
    nodes: [
      node("Identity", ["fc.weight"], "same"),
      node("Cast", ["same"], "cast", int("to", 1)),
      node("MatMul", ["x", "cast"], "y"),
    ],
    initializers: [
      { name: "fc.weight", dataType: 10, dims: [3, 2], int32Data: [0x3c00, 0, 0xbc00, 0x3800, 0x4000, 0x3555] },
    ],
  },
  "MatMul, reshaped": {
    nodes: [
      node("Constant", [], "matrix", { name: "value", type: 4, t: { dataType: 7, dims: [2], int64Data: [-1, 5] } }),
      node("Reshape", ["fc.weight", "matrix"], "w"),
      node("MatMul", ["x", "w"], "y"),
    ],
    initializers: [float32("fc.weight", [3, 2, 5])],
    inputShape: [2, 6],
  },
  "Gemm, transB": {
    nodes: [node("Gemm", ["x", "fc.weight", "fc.bias"], "y", int("transB", 1))],
    initializers: [float32("fc.weight", [5, 3]), float32("fc.bias", [5])],
  },
  "Gemm, factors and all": {
    nodes: [node("Gemm", ["x", "fc.weight", "fc.bias"], "y", int("transA", 1), float("alpha", 0.5), float("beta", 3))],
    initializers: [float32("fc.weight", [3, 5]), float32("fc.bias", [5])],
    inputShape: [3, 4],
  },
  "Gemm of opset 6": {
    nodes: [node("Gemm", ["x", "fc.weight", "fc.bias"], "y", int("broadcast", 1))],
    initializers: [float32("fc.weight", [3, 5]), float32("fc.bias", [5])],
    opset: 6,
    irVersion: 3,
  },
  Conv: {
    nodes: [
      node(
        "Conv",
        ["x", "fc.weight", "fc.bias"],
        "y",
        ints("strides", [2, 1]),
        ints("pads", [1, 0, 0, 1]),
        ints("dilations", [1, 2]),
      ),
    ],
    initializers: [float32("fc.weight", [5, 3, 3, 2]), float32("fc.bias", [5])],
    inputShape: [2, 3, 6, 7],
  },
  "Conv, one axis": {
    nodes: [
      node("Conv", ["x", "fc.weight"], "y", { name: "auto_pad", type: 3, s: new TextEncoder().encode("SAME_UPPER") }),
    ],
    initializers: [float32("fc.weight", [5, 3, 3])],
    inputShape: [2, 3, 6],
  },
  "Conv, three axes": {
    nodes: [node("Conv", ["x", "fc.weight"], "y")],
    initializers: [float32("fc.weight", [2, 3, 2, 1, 2])],
    inputShape: [1, 3, 2, 2, 3],
  },
};

export const model = (name: keyof typeof layers): OnnxModule =>
  importModel(modelBytes(layers[name] as ModelSpec)).eval();

export const random: Generator = new Generator(5);
export const values = (t: Tensor): number[] => [...t.toArray()];

/** Gives an untrained update values that count. */
export function stir(network: OnnxModule): void {
  for (const [name, parameter] of network.namedParameters())
    if (/lora_B\.weight$/.test(name)) parameter.assign(sines(parameter.shape));
}

export function adapted(network: OnnxModule, options: LoraOptions = {}): OnnxModule {
  network.addLora({ rank: 2, alpha: 3, targets: /./, generator: random, ...options });
  stir(network);
  return network;
}

export const inputOf = (network: OnnxModule): Tensor => sines(network.inputSpecs()[0]?.shape ?? []);
export const run = (network: OnnxModule, x: Tensor = inputOf(network)): number[] =>
  values(noGrad(() => network.forward(x)));

export function expectClose(got: readonly number[], expected: readonly number[], scale = 1e-5): void {
  const { pass, message } = closeTo(Float32Array.from(got), expected, { scale, atol: 1e-6 });
  expect(pass, message).toBe(true);
}
