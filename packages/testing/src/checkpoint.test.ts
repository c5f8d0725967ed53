import { BatchNorm2d, Conv2d, checkpointSequential, Dropout, ReLU, Sequential } from "@graftjs/nn";
import { SGD } from "@graftjs/optim";
import { compile, Generator, mul, randomNormal, sum, type Tensor, useDevice } from "@graftjs/tensor";
import { wasm } from "@graftjs/wasm";
import { afterAll, expect, test } from "vitest";

const device = await wasm({ threads: 2, parallelFrom: 0 });
afterAll(() => {
  useDevice(null);
  device.close();
});

/** Output, parameters and running statistics after some training steps on the WASM device. */
function train(segments: number, compiled: boolean): number[][] {
  const generator = new Generator(1);
  const net = new Sequential(
    ...[2, 4, 4, 4, 4].map(
      (channels) =>
        new Sequential(
          new Conv2d(channels, 4, 3, { padding: 1, generator }),
          new BatchNorm2d(4),
          new ReLU(),
          new Dropout(0.2, { generator }),
        ),
    ),
  );
  const optimizer = new SGD(net.parameters(), { learningRate: 0.01, momentum: 0.9 });
  const step = (x: Tensor): Tensor => {
    optimizer.zeroGrad();
    const y = checkpointSequential(net, segments, x);
    const loss = sum(mul(y, y));
    loss.backward();
    optimizer.step();
    return loss;
  };
  const run = compiled ? compile(step, { device }) : step;
  const x = randomNormal([3, 2, 7, 5], new Generator(2));
  const losses = [0, 1, 2, 3].map(() => run(x).item());
  return [losses, ...[...net.parameters(), ...net.buffers(), generator.state].map((t) => Array.from(t.toArray()))];
}

test.each(["eager", "compiled"])("checkpointing does not change what training comes to, bit for bit: %s", (mode) => {
  useDevice(device);
  const expected = train(1, mode === "compiled");
  expect(expected[0]?.every(Number.isFinite)).toBe(true);
  for (const segments of [2, 3, 5]) expect(train(segments, mode === "compiled")).toEqual(expected);
});
