import { existsSync, readFileSync } from "node:fs";
import { crossEntropy } from "@graftjs/nn";
import { noGrad, type Tensor, tensor } from "@graftjs/tensor";
import { describe, expect, it } from "vitest";
import { importModel, type OnnxModule } from "./module.ts";

// Whole networks, exported by PyTorch in several ways, with outputs and training steps of PyTorch. They lie beside the repository.
const folder = new URL("../../../../shared/conformance/goldens/", import.meta.url);
const here = existsSync(folder);
if (!here) console.warn("The goldens beside the repository are not there; their tests are left out.");

interface Stored {
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array;
}

function readSafetensors(name: string): Record<string, Stored> {
  const bytes = readFileSync(new URL(name, folder));
  const start = 8 + Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.toString("utf8", 8, start)) as Record<
    string,
    { dtype: string; shape: number[]; data_offsets: [number, number] }
  >;
  const tensors: Record<string, Stored> = {};
  for (const [
    key,
    {
      dtype,
      shape,
      data_offsets: [from, to],
    },
  ] of Object.entries(header).filter(([key]) => key !== "__metadata__")) {
    const { buffer } = new Uint8Array(bytes.subarray(start + from, start + to));
    tensors[key] = { shape, data: dtype === "F32" ? new Float32Array(buffer) : new Int32Array(buffer) };
  }
  return tensors;
}

function given(golden: Record<string, Stored>, key: string): Tensor {
  const { data, shape } = golden[key] as Stored;
  return tensor(data, shape);
}

function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  return Array.from(a).reduce((largest, x, i) => Math.max(largest, Math.abs(x - (b[i] as number))), 0);
}

const load = (name: string): OnnxModule => importModel(new Uint8Array(readFileSync(new URL(name, folder))));
const exports = ["legacy_eval", "legacy_preserve", "dynamo_eval", "dynamo_noopt"];
const networks = {
  lenet_sgd: ["x"],
  resnet_bn_train: ["x"],
  mobile_train: ["x"],
  vit_adamw: ["x"],
  bert_adamw: ["ids", "mask"],
};

describe.runIf(here).each(Object.entries(networks))("%s", (id, inputs) => {
  // "legacy_train" is not among them: exporting in training mode moves the running statistics.
  it.each(exports)("gives PyTorch's output as exported by %s", (how) => {
    const golden = readSafetensors(`${id}.safetensors`);
    const network = load(`${id}.${how}.onnx`).eval();
    const values = inputs.map((name) => given(golden, `batch0/${name}`)) as [Tensor, ...Tensor[]];
    const logits = noGrad(() => network.forward(...values)).toArray();
    expect(distance(logits, golden["init/eval_logits"]?.data ?? [])).toBeLessThan(1e-5);
  });
});

interface Sgd {
  readonly learningRate: number;
  readonly momentum: number;
  readonly weightDecay?: number;
  readonly nesterov?: boolean;
}

/** Stochastic gradient descent as PyTorch does it. */
function stepper(
  parameters: readonly Tensor[],
  { learningRate, momentum, weightDecay = 0, nesterov = false }: Sgd,
): () => void {
  const velocities = parameters.map((p) => new Float64Array(p.size));
  return () => {
    parameters.forEach((p, i) => {
      const [values, grad, v] = [p.toArray(), p.grad?.toArray() ?? [], velocities[i] as Float64Array];
      const next = Array.from(values, (w, j) => {
        const g = (grad[j] ?? 0) + weightDecay * w;
        v[j] = momentum * (v[j] as number) + g;
        return w - learningRate * (nesterov ? g + momentum * (v[j] as number) : (v[j] as number));
      });
      p.assign(next);
      p.grad = null;
    });
  };
}

const runs: [id: string, file: string, mode: "train" | "eval", batches: number[], options: Sgd][] = [
  ["lenet_sgd", "lenet_sgd", "train", [0, 0, 0, 0, 0], { learningRate: 0.001, momentum: 0.9 }],
  ["resnet_bn_train", "resnet_bn_train", "train", [0, 1, 2], { learningRate: 0.05, momentum: 0.9, weightDecay: 0.001 }],
  ["resnet_bn_eval", "resnet_bn_train", "eval", [0, 1, 2], { learningRate: 0.05, momentum: 0.9, weightDecay: 0.001 }],
  ["mobile_train", "mobile_train", "train", [0, 1, 2], { learningRate: 0.02, momentum: 0.9, nesterov: true }],
];

describe.runIf(here).each(runs)("training %s", (id, file, mode, batches, options) => {
  it.each(["legacy_preserve", "legacy_train", "dynamo_noopt"])(
    "ends in PyTorch's weights, as exported by %s",
    (how) => {
      const golden = readSafetensors(`${id}.safetensors`);
      const network = load(`${file}.${how}.onnx`).train(mode === "train");
      const state = new Map<string, Tensor>([...network.namedParameters(), ...network.namedBuffers()]);
      // Exporting in training mode has moved the running statistics by one batch.
      for (const [name, values] of state) values.assign(given(golden, `init/${name}`));
      const step = stepper(network.parameters(), options);
      const losses = batches.map((batch) => {
        const loss = crossEntropy(
          network.forward(given(golden, `batch${batch}/x`)),
          given(golden, `batch${batch}/target`),
        );
        loss.backward();
        step();
        return loss.item();
      });
      expect(distance(losses, golden.losses?.data ?? [])).toBeLessThan(1e-5);
      const finals = Object.entries(golden).filter(([key]) => key.startsWith("final/") && state.has(key.slice(6)));
      expect(finals.length).toBe(state.size);
      for (const [key, { data }] of finals)
        expect.soft(distance(state.get(key.slice(6))?.toArray() ?? [], data), key).toBeLessThan(1e-5);
    },
  );
});
