import { existsSync, readdirSync, readFileSync } from "node:fs";
import { crossEntropy, Parameter } from "@graftjs/nn";
import { Generator, noGrad, type Tensor, tensor } from "@graftjs/tensor";
import { describe, expect, it } from "vitest";
import { constantOf, isConstant, isFloat, toTensor, type Value } from "./constant.ts";
import { type OnnxModel, readModel } from "./model.ts";
import { importModel } from "./module.ts";
import { bakedBatch, constantsOf, nodesFor, type Plan, planOf, runNodes } from "./plan.ts";
import { proto } from "./proto.ts";
import { type TensorData, tensorData } from "./tensorData.ts";

// The official suite of single operators, older forms of operators, and exports of real architectures. They lie beside the repository.
const root = new URL("../../../../shared/conformance/", import.meta.url);
const here = existsSync(root);
if (!here) console.warn("The conformance suites beside the repository are not there; their tests are left out.");

/** Where our meaning differs on purpose, or the suite asks for what no model needs. */
const deviations: readonly (readonly [name: RegExp, reason: string])[] = [
  [
    /batchnorm.*training/,
    "a file's training mode is PyTorch's: it is the module's, and evaluation uses running statistics",
  ],
  [/training_dropout/, "dropout drops in the module's training mode, at random"],
  [/convtranspose_3d/, "a convolution over three axes, which only shapes tell"],
  [/mod_float_edge_cases_fmod_0/, "the remainder of a division by infinity"],
  [/maxpool_2d_uint8/, "pooling of integers"],
  [/test_not_[234]d/, "operator set 1"],
];

const bytesOf = (path: string): Uint8Array => new Uint8Array(readFileSync(new URL(path, root)));
const read = (path: string): TensorData => tensorData(path, proto.TensorProto.decode(bytesOf(path)), undefined);

interface Case {
  readonly path: string;
  readonly model: OnnxModel;
  readonly plan: Plan;
}

/** The cases of a folder whose operators are all imported. */
function casesOf(suite: string): (readonly [name: string, Case])[] {
  if (!here) return [];
  return readdirSync(new URL(suite, root)).flatMap((name) => {
    const path = `${suite}/${name}/`;
    if (!existsSync(new URL(`${path}model.onnx`, root)) || deviations.some(([pattern]) => pattern.test(name)))
      return [];
    try {
      const model = readModel(bytesOf(`${path}model.onnx`));
      const plan = planOf(model);
      return plan.unsupported.length === 0 ? [[name, { path, model, plan }] as const] : [];
    } catch {
      // Optimisers are of another domain, without the standard operator set.
      return [];
    }
  });
}

describe.runIf(here).each(["onnx-node", "onnx-oldopset"])("%s", (suite) => {
  const cases = casesOf(suite);

  it("has cases for what is imported", () => expect(cases.length).toBeGreaterThan(50));

  it.each(cases)("%s", (_, { path, model, plan }) => {
    const { graph } = model;
    const values = new Map<string, Value>(constantsOf(plan));
    const given = (name: string, stored: TensorData): void => {
      const value = constantOf(stored);
      values.set(name, isFloat(value.dtype) && value.data.length > 1 ? toTensor(value) : value);
    };
    for (const [name, role] of plan.roles)
      if (role === "parameter" || role === "buffer") given(name, graph.initializers.get(name) as TensorData);
    graph.inputs.forEach(({ name }, i) => {
      const file = `${path}test_data_set_0/input_${i}.pb`;
      if (existsSync(new URL(file, root))) given(name, read(file));
    });
    const outputs = graph.outputs.map(({ name }) => name);
    const modes = {
      training: () => false,
      bakedBatch: bakedBatch(model),
      generator: new Generator(0),
      buffer: () => undefined,
    };
    noGrad(() => runNodes(plan, nodesFor(plan, outputs), values, modes));
    outputs.forEach((name, i) => {
      const [got, expected] = [values.get(name) as Value, constantOf(read(`${path}test_data_set_0/output_${i}.pb`))];
      expect(isConstant(got) ? got.dims : got.shape).toEqual(expected.dims);
      const elements = isConstant(got) ? got.data : got.toArray();
      const wrong = Array.from(expected.data).filter((y, k) => {
        const x = Number(elements[k]);
        return !(Object.is(x, y) || x === y || Math.abs(x - y) <= 1e-6 + 1e-3 * Math.abs(y));
      });
      expect(wrong).toEqual([]);
    });
  });
});

/** A NumPy file of float32 or int64. */
function readNpy(path: string): Tensor {
  const bytes = Buffer.from(bytesOf(path));
  const start = 10 + bytes.readUInt16LE(8);
  const header = bytes.toString("latin1", 10, start);
  const shape = (/'shape': \(([^)]*)\)/.exec(header)?.[1] ?? "")
    .split(",")
    .filter((d) => d.trim() !== "")
    .map(Number);
  const { buffer } = new Uint8Array(bytes.subarray(start));
  return tensor(
    header.includes("<f4") ? new Float32Array(buffer) : Int32Array.from(new BigInt64Array(buffer), Number),
    shape,
  );
}

const zoo = casesOf("zoo").filter(([, { model }]) => model.graph.inputs.every(({ dtype }) => dtype === "float32"));

describe.runIf(here).each(zoo)("zoo/%s", (_, { path, model }) => {
  it("gives PyTorch's output, loss and input gradient", () => {
    const network = importModel(model).eval();
    const meta = JSON.parse(readFileSync(new URL(`${path}meta.json`, root), "utf8")) as {
      target: number[];
      loss: number;
    };
    const x = new Parameter(readNpy(`${path}input_0.npy`));
    const y = network.forward(x);
    const close = (got: Tensor, file: string): void => {
      const [a, b] = [Array.from(got.toArray()), Array.from(readNpy(path + file).toArray())];
      const scale = b.reduce((largest, v) => Math.max(largest, Math.abs(v)), 0);
      const error = b.reduce((largest, v, i) => Math.max(largest, Math.abs(v - (a[i] as number))), 0);
      expect(error / scale, file).toBeLessThan(1e-4);
    };
    close(y, "output_0.npy");
    const loss = crossEntropy(y, tensor(Int32Array.from(meta.target), [meta.target.length]));
    expect(Math.abs(loss.item() - meta.loss)).toBeLessThan(1e-4);
    loss.backward();
    close(x.grad as Tensor, "grad_input_0.npy");
    expect([...network.namedParameters().values()].every((p) => p.grad !== null)).toBe(true);
  });
});
