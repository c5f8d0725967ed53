import { ArgumentError, compile, Generator, randomNormal, referenceDevice, sum, type Tensor } from "@graftjs/tensor";
import { describe, expect, test } from "vitest";
import { checkpointSequential } from "./checkpointSequential.ts";
import { BatchNorm2d } from "./layers/batchNorm2d.ts";
import { Conv2d } from "./layers/conv2d.ts";
import { Dropout } from "./layers/dropout.ts";
import { ReLU } from "./layers/relu.ts";
import { Sequential } from "./layers/sequential.ts";

function network(): Sequential {
  const generator = new Generator(1);
  const block = (inChannels: number): Sequential =>
    new Sequential(
      new Conv2d(inChannels, 4, 3, { padding: 1, bias: false, generator }),
      new BatchNorm2d(4),
      new ReLU(),
      new Dropout(0.3, { generator }),
    );
  return new Sequential(block(2), block(4), block(4), block(4), block(4));
}

const input = (): Tensor => randomNormal([2, 2, 5, 5], new Generator(2));

/** Output, gradients and running statistics after two training steps. */
function train(segments: number | null, compiled: boolean): number[][] {
  const net = network();
  const forward = (x: Tensor): Tensor => (segments === null ? net.forward(x) : checkpointSequential(net, segments, x));
  const step = (x: Tensor): Tensor[] => {
    for (const p of net.parameters()) p.grad = null;
    const y = forward(x);
    sum(y).backward();
    return [y, ...net.parameters().map((p) => p.grad as Tensor)];
  };
  const run = compiled ? compile(step, { device: referenceDevice }) : step;
  const x = input();
  return [...run(x), ...run(x), ...net.buffers()].map((t) => Array.from(t.toArray()));
}

describe.each([false, true])("compiled: %s", (compiled) => {
  test.each([1, 2, 3, 5])("in %i segments: the same values, gradients and running statistics", (segments) => {
    expect(train(segments, compiled)).toEqual(train(null, compiled));
  });
});

test("all segments but the last are recomputed, each once", () => {
  const net = network();
  const calls = Object.values(net.layers).map((layer) => {
    const count = { runs: 0 };
    const forward = layer.forward.bind(layer);
    layer.forward = (x: Tensor): Tensor => {
      count.runs++;
      return forward(x);
    };
    return count;
  });
  sum(checkpointSequential(net, 2, input())).backward();
  expect(calls.map(({ runs }) => runs)).toEqual([2, 2, 1, 1, 1]);
});

test("says which numbers of segments there are", () => {
  for (const segments of [0, 6, 1.5]) {
    expect(() => checkpointSequential(network(), segments, input())).toThrow(ArgumentError);
  }
  expect(() => checkpointSequential(network(), 6, input())).toThrow("from 1 to 5, got 6");
});
