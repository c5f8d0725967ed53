import { readFileSync } from "node:fs";
import { LeNet } from "@graftjs/models";
import { BatchNorm2d, Conv2d, crossEntropy, Linear, Module } from "@graftjs/nn";
import { SGD } from "@graftjs/optim";
import { compile, type Device, mean, referenceDevice, relu, type Tensor, tensor } from "@graftjs/tensor";
import { wasm } from "@graftjs/wasm";
import { describe, expect, test } from "vitest";
import { bitwiseEqual, closeTo } from "../closeTo.ts";
import { onDevice, type Runner } from "./device.ts";

/** Enough of a tensor to tell it from another: sum, norm, every `stride`-th element. */
interface Digest {
  readonly shape: readonly number[];
  readonly sum: number;
  readonly norm: number;
  readonly stride: number;
  readonly some: readonly number[];
}

interface Run {
  readonly losses: readonly number[];
  readonly logits: { readonly shape: readonly number[]; readonly data: readonly number[] };
  readonly grads: Readonly<Record<string, Digest>>;
  readonly final: Readonly<Record<string, Digest>>;
}

const file = new URL("../../../../fixtures/nn/training.json", import.meta.url);
const goldens = JSON.parse(readFileSync(file, "utf8")) as { lenet: Run; train: Run; frozen: Run };

class Small extends Module {
  readonly conv1: Conv2d = new Conv2d(2, 4, 3, { padding: 1, bias: false });
  readonly bn1: BatchNorm2d = new BatchNorm2d(4);
  readonly conv2: Conv2d = new Conv2d(4, 5, 3, { stride: 2, bias: false });
  readonly bn2: BatchNorm2d = new BatchNorm2d(5);
  readonly fc: Linear = new Linear(5, 3);

  forward(x: Tensor): Tensor {
    const y = relu(this.bn1.forward(this.conv1.forward(x)));
    const z = relu(this.bn2.forward(this.conv2.forward(y)));
    return this.fc.forward(mean(z, { axes: [2, 3] }));
  }
}

/** The numbers that the script of the fixtures makes, bit for bit. */
function formula(shape: readonly number[], j: number, scale: number, offset = 0): Tensor {
  const size = shape.reduce((n, d) => n * d, 1);
  const value = (i: number): number => Math.fround(((i * 1103 + j * 7919) % 2003) / 2003 - 0.5) * 2 * scale;
  return tensor(
    Float32Array.from({ length: size }, (_, i) => Math.fround(value(i)) + offset),
    shape,
  );
}

function expectDigest(name: string, actual: Tensor, expected: Digest): void {
  expect(actual.shape, name).toEqual(expected.shape);
  const values = Float64Array.from(actual.toArray());
  const some = values.filter((_, i) => i % expected.stride === 0);
  const { pass, message } = closeTo(some, expected.some, { rtol: 0, scale: 1e-5, atol: 1e-7 });
  expect(pass, `${name}: ${message}`).toBe(true);
  const sum = values.reduce((total, v) => total + v, 0);
  const norm = Math.hypot(...values);
  expect(Math.abs(norm - expected.norm), `norm of ${name}`).toBeLessThanOrEqual(1e-5 * expected.norm + 1e-7);
  const slack = 1e-5 * expected.norm * Math.sqrt(values.length) + 1e-6;
  expect(Math.abs(sum - expected.sum), `sum of ${name}`).toBeLessThanOrEqual(slack);
}

function trainAsGolden(net: Module, x: Tensor, target: Tensor, optimizer: SGD, golden: Run, run: Runner): void {
  const parameters = net.namedParameters();
  const step = run((input: Tensor, classes: Tensor) => {
    optimizer.zeroGrad();
    const logits = net.forward(input);
    const loss = crossEntropy(logits, classes);
    loss.backward();
    const grads = [...parameters].flatMap(([name, p]) => (p.grad ? [[`grad ${name}`, p.grad] as const] : []));
    optimizer.step();
    return { loss: loss.detach(), logits: logits.detach(), ...Object.fromEntries(grads) };
  });
  golden.losses.forEach((expected, s) => {
    const { loss, logits, ...grads } = step(x, target);
    expect(Math.abs(loss.item() - expected), `loss of step ${s}`).toBeLessThanOrEqual(1e-5 * Math.max(1, expected));
    if (s > 0) return;
    expect(closeTo(logits, tensor([...golden.logits.data], golden.logits.shape), { scale: 1e-5 })).toMatchObject({
      pass: true,
    });
    expect(Object.keys(grads).sort()).toEqual(
      Object.keys(golden.grads)
        .map((name) => `grad ${name}`)
        .sort(),
    );
    for (const [name, grad] of Object.entries(golden.grads)) {
      expectDigest(`gradient of ${name}`, (grads as Record<string, Tensor>)[`grad ${name}`] as Tensor, grad);
    }
  });
  const state = net.stateDict();
  expect(Object.keys(state).sort()).toEqual(Object.keys(golden.final).sort());
  for (const [name, digest] of Object.entries(golden.final)) expectDigest(name, state[name] as Tensor, digest);
}

function trainLeNet(run: Runner): void {
  const net = new LeNet();
  for (const [j, p] of net.parameters().entries()) p.assign(formula(p.shape, j, p.rank > 1 ? 0.125 : 0.0625));
  const optimizer = new SGD(net.parameters(), { learningRate: 0.001, momentum: 0.9 });
  const x = formula([4, 1, 28, 28], 100, 1);
  trainAsGolden(net, x, tensor([3, 0, 7, 3], [4], { dtype: "int32" }), optimizer, goldens.lenet, run);
}

function trainSmall(mode: "train" | "frozen", run: Runner): void {
  const net = new Small();
  // The order of PyTorch's state dictionary, a buffer after the parameters of its module.
  const names = Object.keys(goldens[mode].final);
  const init = names.map((name, j) => {
    const { shape } = goldens[mode].final[name] as Digest;
    return [name, formula(shape, j, 0.25, /running_var|bn\d.weight/.test(name) ? 1 : 0)] as const;
  });
  net.loadStateDict(Object.fromEntries(init));
  if (mode === "frozen") for (const part of [net.conv1, net.bn1, net.conv2, net.bn2]) part.freeze();
  net.train();
  const optimizer = new SGD(net.parameters(), { learningRate: 0.1, momentum: 0.9, weightDecay: 0.01 });
  const x = formula([6, 2, 7, 7], 200, 2);
  trainAsGolden(net, x, tensor([0, 2, 1, 1, 0, 2], [6], { dtype: "int32" }), optimizer, goldens[mode], run);
  if (mode === "train") return;
  const state = net.stateDict();
  for (const [name, value] of init.filter(([n]) => !n.startsWith("fc."))) {
    expect(bitwiseEqual(state[name] as Tensor, value), `${name} is unchanged`).toBe(true);
  }
}

const devices: readonly Device[] = [referenceDevice, await wasm()];

describe.each(devices.map((device) => [device.name, device] as const))(
  "training equals PyTorch's on %s",
  (_, device) => {
    const ways: Readonly<Record<string, Runner>> = {
      eager:
        (fn) =>
        (...inputs) =>
          onDevice(device, () => fn(...inputs)),
      compiled: (fn) => compile(fn, { device }),
    };
    describe.each(Object.entries(ways))("%s", (_way, run) => {
      test("LeNet", () => trainLeNet(run));
      test("a small network with BatchNorm", () => trainSmall("train", run));
      test("the same with everything but the head frozen", () => trainSmall("frozen", run));
    });
  },
);
