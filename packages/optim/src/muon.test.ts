import { mul, ShapeError, sum, type Tensor, tensor, zeros } from "@graftjs/tensor";
import { expect, test } from "vitest";
import { Muon } from "./index.ts";

const weight = (values: number[]): Tensor => tensor(values, [2, 2], { requiresGrad: true });

test("only matrices, and options that are there", () => {
  const bias = zeros([2]);
  expect(() => new Muon([bias])).toThrow(ShapeError);
  expect(() => new Muon([{ parameters: [weight([1, 2, 3, 4]), bias] }])).toThrow("Muon: expected matrices, got [2]");
  const optimizer = new Muon([weight([1, 2, 3, 4])]);
  expect(() => optimizer.addGroup({ parameters: [bias] })).toThrow(
    "Give biases, embeddings and convolutions to another",
  );
  expect(() => new Muon([weight([1, 2, 3, 4])], { nsSteps: 0 })).toThrow("an integer nsSteps >= 1, got original and 0");
  const later = { parameters: [weight([1, 2, 3, 4])], nsSteps: 2.5 };
  expect(() => optimizer.addGroup(later)).toThrow("an integer nsSteps >= 1, got original and 2.5");
  expect(optimizer.groups.length).toBe(1);
});

test("stopped and resumed, it ends in the same bits", () => {
  const run = (values: number[], steps: number, from?: Muon) => {
    const p = weight(values);
    const optimizer = new Muon([p], { learningRate: 0.1 });
    if (from) optimizer.loadStateDict(from.stateDict());
    for (let i = 0; i < steps; i++) {
      optimizer.zeroGrad();
      sum(mul(p, mul(p, p))).backward();
      optimizer.step();
    }
    return { values: [...p.toArray()], optimizer };
  };
  const first = run([1, -2, 0.5, 3], 3);
  expect(run(first.values, 4, first.optimizer).values).toEqual(run([1, -2, 0.5, 3], 7).values);
});
