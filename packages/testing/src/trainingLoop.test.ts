import { BatchNorm2d, Conv2d, crossEntropy, Flatten, Linear, ReLU, Sequential } from "@graftjs/nn";
import {
  AdamW,
  clipGradAdaptive,
  clipGradNorm,
  ExponentialMovingAverage,
  GradientAccumulator,
  LearningRateSchedule,
  Lookahead,
  type OptimizerLike,
  oneCycle,
  SAM,
  SGD,
  StochasticWeightAverage,
  updateBatchNorm,
} from "@graftjs/optim";
import { compile, type Device, Generator, randomNormal, referenceDevice, type Tensor, tensor } from "@graftjs/tensor";
import { wasm } from "@graftjs/wasm";
import { describe, expect, test } from "vitest";
import { closeTo } from "./closeTo.ts";
import { plannedDevice } from "./plannedDevice.ts";

const devices: readonly Device[] = [plannedDevice, await wasm()];

function network(): Sequential {
  const generator = new Generator(1);
  return new Sequential(
    new Conv2d(2, 3, 3, { generator }),
    new BatchNorm2d(3),
    new ReLU(),
    new Flatten(),
    new Linear(12, 3, { generator }),
  );
}

const batches = [0, 1, 2, 3].map((i) => ({
  x: randomNormal([4, 2, 4, 4], new Generator(10 + i)),
  target: tensor([i % 3, 1, 2, 0], [4], { dtype: "int32" }),
}));

/** Every value that a run ends in. */
interface Outcome {
  readonly values: readonly (readonly number[])[];
  readonly averaged: readonly (readonly number[])[];
}

async function train(device: Device): Promise<Outcome> {
  const net = network();
  const optimizer = new SAM(
    new Lookahead(new SGD(net.parameters(), { learningRate: 0.05, momentum: 0.9, nesterov: true }), { k: 3 }),
    { rho: 0.05, adaptive: true },
  );
  const schedule = new LearningRateSchedule(optimizer, oneCycle({ steps: 8 }));
  const [moving, mean] = [new ExponentialMovingAverage(net, { decay: 0.8 }), new StochasticWeightAverage(net)];
  const step = compile(
    (x: Tensor, target: Tensor) => {
      const loss = optimizer.step(() => {
        const inner = crossEntropy(net.forward(x), target, { labelSmoothing: 0.1 });
        inner.backward();
        clipGradNorm(net.parameters(), 1);
        return inner;
      });
      moving.update();
      mean.update();
      return loss.detach();
    },
    { device },
  );
  for (let i = 0; i < 8; i++) {
    const { x, target } = batches[i % 4] as (typeof batches)[0];
    step(x, target);
    schedule.step();
    // There and back changes nothing.
    moving.swap();
    moving.swap();
  }
  const values = (): number[][] => Object.values(net.stateDict()).map((t) => [...t.toArray()]);
  const own = values();
  mean.swap();
  const forward = compile((x: Tensor) => net.forward(x), { device });
  await updateBatchNorm(
    batches.map(({ x }) => x),
    net,
    forward,
  );
  return { values: [...own, ...moving.tensors.map((t) => [...t.toArray()])], averaged: values() };
}

describe.each(devices.map((device) => [device.name, device] as const))("a whole loop on %s", (_, device) => {
  test("ends where it ends on the reference device", async () => {
    const [here, there] = [await train(device), await train(referenceDevice)];
    for (const part of ["values", "averaged"] as const) {
      for (const [i, expected] of there[part].entries()) {
        const { pass, message } = closeTo(here[part][i] as number[], expected, { scale: 2e-5, atol: 1e-6 });
        expect(pass, `${part} ${i}: ${message}`).toBe(true);
      }
    }
  });

  test("an exchange of weights and averages is exact", () => {
    const net = network();
    const average = new ExponentialMovingAverage(net);
    const optimizer: OptimizerLike = new AdamW(net.parameters(), { learningRate: 0.1 });
    const step = compile(
      (x: Tensor, target: Tensor) => {
        optimizer.zeroGrad();
        crossEntropy(net.forward(x), target).backward();
        clipGradAdaptive(net.parameters(), { clipFactor: 0.1 });
        optimizer.step();
        average.update();
      },
      { device },
    );
    for (const { x, target } of batches) step(x, target);
    const values = (tensors: readonly Tensor[]): number[][] => tensors.map((t) => [...t.toArray()]);
    const weights = [...net.parameters(), ...net.buffers()];
    const [before, averages] = [values(weights), values(average.tensors)];
    expect(before).not.toEqual(averages);
    average.swap();
    expect([values(weights), values(average.tensors)]).toEqual([averages, before]);
    average.swap();
    expect([values(weights), values(average.tensors)]).toEqual([before, averages]);
  });

  test("gradients of small batches make the update of a large one", () => {
    const [large, small] = [new Linear(6, 3), new Linear(6, 3)];
    small.loadStateDict(large.stateDict());
    const [whole, parts] = [new AdamW(large.parameters()), new AdamW(small.parameters())];
    const accumulator = new GradientAccumulator(small.parameters());
    const x = randomNormal([4, 6], new Generator(3));
    const target = tensor([0, 1, 2, 0], [4], { dtype: "int32" });
    const step = compile(
      () => {
        whole.zeroGrad();
        crossEntropy(large.forward(x), target).backward();
        whole.step();
      },
      { device },
    );
    const part = compile(
      (inputs: Tensor, classes: Tensor) => {
        parts.zeroGrad();
        crossEntropy(small.forward(inputs), classes).backward();
        accumulator.add();
      },
      { device },
    );
    const update = compile(
      () => {
        accumulator.take();
        parts.step();
      },
      { device },
    );
    for (let i = 0; i < 3; i++) {
      step();
      const values = x.toArray();
      for (const half of [0, 1]) {
        part(
          tensor(values.slice(12 * half, 12 * half + 12), [2, 6]),
          tensor([...target.toArray()].slice(2 * half, 2 * half + 2), [2], { dtype: "int32" }),
        );
      }
      update();
    }
    const { pass, message } = closeTo(small.weight, large.weight.toArray(), { scale: 1e-5 });
    expect(pass, message).toBe(true);
  });
});
