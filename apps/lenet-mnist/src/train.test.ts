import { readMnist, TensorDataset } from "@graftjs/data";
import { Generator } from "@graftjs/nn";
import { wasm } from "@graftjs/wasm";
import { expect, test } from "vitest";
import { Net } from "./net.ts";
import { images, labels } from "./syntheticDigits.ts";
import { evaluate, type Mode, train } from "./train.ts";

const device = await wasm({ threads: 1 });

async function dataset(): Promise<TensorDataset> {
  const digits = await readMnist(new Uint8Array(images(400)), new Uint8Array(labels(400)));
  return new TensorDataset({
    inputs: digits.images,
    shape: [1, 28, 28],
    labels: digits.labels,
    normalization: { divisor: 255, mean: [0.5], std: [0.5] },
  });
}

async function run(mode: Mode, epochs: number, reportEvery: number) {
  const [net, digits, lines] = [new Net(new Generator(3)), await dataset(), [] as string[]];
  const report = (line: string): void => void lines.push(line);
  const losses = await train(net, digits, { mode, device, epochs, batchSize: 4, seed: 1, reportEvery, report });
  return { losses, lines, evaluation: await evaluate(net, digits, { mode, device }) };
}

test("eager and compiled, the same code does the same", async () => {
  const [eager, compiled] = [await run("eager", 1, 25), await run("compiled", 1, 25)];
  expect(eager.losses).toHaveLength(4);
  for (const [i, loss] of compiled.losses.entries()) expect(loss).toBeCloseTo(eager.losses[i] as number, 4);
  expect(compiled.lines[0]).toMatch(/^\[1, {4}25\] loss: \d\.\d{3}$/);
  expect(compiled.evaluation).toEqual(eager.evaluation);
});

test("it learns", async () => {
  const { losses, evaluation } = await run("compiled", 9, 100);
  expect(losses.at(-1)).toBeLessThan(0.1);
  expect(evaluation.correct / evaluation.total).toBeGreaterThan(0.9);
  expect(evaluation.classes.map((c) => c.total)).toEqual(new Array(10).fill(40));
});
