import { existsSync, readFileSync } from "node:fs";
import { crossEntropy, type Parameter } from "@graftjs/nn";
import { Adam, AdamW, SGD, type SGDOptions } from "@graftjs/optim";
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
  unet_adam: ["x"],
  rnn_sgd: ["x"],
  gru_sgd: ["x"],
  lstm_sgd: ["x"],
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

type Make = (parameters: Parameter[]) => SGD | Adam;

const sgd =
  (options: Partial<SGDOptions>): Make =>
  (parameters) =>
    new SGD(parameters, options);
const slow = { learningRate: 1e-3 };

const runs: [id: string, file: string, mode: "train" | "eval", batches: number[], make: Make][] = [
  ["lenet_sgd", "lenet_sgd", "train", [0, 0, 0, 0, 0], sgd({ ...slow, momentum: 0.9 })],
  [
    "resnet_bn_train",
    "resnet_bn_train",
    "train",
    [0, 1, 2],
    sgd({ learningRate: 0.05, momentum: 0.9, weightDecay: 1e-3 }),
  ],
  [
    "resnet_bn_eval",
    "resnet_bn_train",
    "eval",
    [0, 1, 2],
    sgd({ learningRate: 0.05, momentum: 0.9, weightDecay: 1e-3 }),
  ],
  ["mobile_train", "mobile_train", "train", [0, 1, 2], sgd({ learningRate: 0.02, momentum: 0.9, nesterov: true })],
  ["rnn_sgd", "rnn_sgd", "train", [0, 0, 0], sgd({ learningRate: 0.1 })],
  ["gru_sgd", "gru_sgd", "train", [0, 0, 0], sgd({ learningRate: 0.1 })],
  ["lstm_sgd", "lstm_sgd", "train", [0, 0, 0], sgd({ learningRate: 0.1 })],
  ["unet_adam", "unet_adam", "train", [0, 0, 0], (parameters) => new Adam(parameters, slow)],
  [
    "vit_adamw",
    "vit_adamw",
    "train",
    [0, 0, 0, 0, 0],
    (parameters) => new AdamW(parameters, { ...slow, weightDecay: 0.05 }),
  ],
  [
    "bert_adamw",
    "bert_adamw",
    "train",
    [0, 0, 0, 0, 0],
    (parameters) => new AdamW(parameters, { ...slow, weightDecay: 0.01 }),
  ],
];

interface Entry {
  readonly id: string;
  /** Weights whose gradient is all rounding, and how far they then come apart. */
  readonly ill_conditioned?: Readonly<Record<string, number>>;
}

const entries: readonly Entry[] = here
  ? (JSON.parse(readFileSync(new URL("index.json", folder), "utf8")) as { entries: Entry[] }).entries
  : [];

describe.runIf(here).each(runs)("training %s", (id, file, mode, batches, make) => {
  it.each(["legacy_preserve", "legacy_train", "dynamo_noopt"])(
    "ends in PyTorch's weights, as exported by %s",
    (how) => {
      const golden = readSafetensors(`${id}.safetensors`);
      const network = load(`${file}.${how}.onnx`).train(mode === "train");
      const state = new Map<string, Tensor>([...network.namedParameters(), ...network.namedBuffers()]);
      // Exporting in training mode has moved the running statistics by one batch.
      for (const [name, values] of state) values.assign(given(golden, `init/${name}`));
      const illConditioned = entries.find((entry) => entry.id === id)?.ill_conditioned ?? {};
      const optimizer = make(network.parameters());
      const inputs = networks[file as keyof typeof networks];
      const losses = batches.map((batch) => {
        const values = inputs.map((name) => given(golden, `batch${batch}/${name}`)) as [Tensor, ...Tensor[]];
        const loss = crossEntropy(network.forward(...values), given(golden, `batch${batch}/target`));
        optimizer.zeroGrad();
        loss.backward();
        optimizer.step();
        return loss.item();
      });
      expect(distance(losses, golden.losses?.data ?? [])).toBeLessThan(1e-5);
      const finals = Object.entries(golden).filter(([key]) => key.startsWith("final/") && state.has(key.slice(6)));
      expect(finals.length).toBe(state.size);
      for (const [key, { data }] of finals)
        expect
          .soft(distance(state.get(key.slice(6))?.toArray() ?? [], data), key)
          .toBeLessThan(illConditioned[key] ?? 1e-5);
    },
  );
});
