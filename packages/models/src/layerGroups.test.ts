import { Generator } from "@graftjs/tensor";
import { expect, test } from "vitest";
import { bert, LeNet, type ParameterGroupsOptions, vgg11 } from "./index.ts";

const net = (): LeNet => new LeNet({ generator: new Generator(0) });

test("each layer learns slower than the one above it; what has one axis does not decay", () => {
  const groups = net().parameterGroups({ learningRate: 0.1, layerDecay: 0.5, weightDecay: 0.01 });
  const rates = groups.map(({ learningRate, weightDecay, parameters }) => {
    return [learningRate, weightDecay, parameters.map((p) => p.rank)];
  });
  expect(rates).toEqual([
    [0.1 / 16, 0.01, [4]],
    [0.1 / 16, 0, [1]],
    [0.1 / 8, 0.01, [4]],
    [0.1 / 8, 0, [1]],
    [0.1 / 4, 0.01, [2]],
    [0.1 / 4, 0, [1]],
    [0.1 / 2, 0.01, [2]],
    [0.1 / 2, 0, [1]],
    [0.1, 0.01, [2]],
    [0.1, 0, [1]],
  ]);
});

test("frozen layers are left out, and count all the same", () => {
  const partly = net();
  partly.conv1.freeze();
  partly.fc2.freeze();
  const groups = partly.parameterGroups({ learningRate: 1, layerDecay: 0.5 });
  expect([...new Set(groups.map(({ learningRate }) => learningRate))]).toEqual([1 / 8, 1 / 4, 1]);
});

test("a smallest factor, and further parameters without decay", () => {
  const groups = net().parameterGroups({
    learningRate: 1,
    layerDecay: 0.1,
    minScale: 0.05,
    noWeightDecay: ["conv1.weight"],
  });
  expect([...new Set(groups.map(({ learningRate }) => learningRate))]).toEqual([0.05, 0.1, 1]);
  expect(groups[0]?.weightDecay).toBe(0);
  expect(groups[0]?.parameters).toHaveLength(2);
});

test("VGG's normalisations belong to the convolutions before them; BERT's pooler to the head", () => {
  const rates = (of: { parameterGroups: (options: ParameterGroupsOptions) => readonly { learningRate: number }[] }) =>
    new Set(of.parameterGroups({ learningRate: 1, layerDecay: 0.5 }).map(({ learningRate }) => learningRate)).size;
  expect(rates(vgg11({ batchNorm: true, hiddenFeatures: 8 }))).toBe(8 + 3);
  const small = { vocabularySize: 20, width: 8, depth: 3, heads: 2, intermediate: 12, maxPositions: 6 };
  expect(rates(bert(small))).toBe(1 + 3 + 1);
});

test.each([
  [{ learningRate: -1 }, "learningRate"],
  [{ learningRate: Number.NaN }, "learningRate"],
  [{ learningRate: 1, layerDecay: 0 }, "layerDecay"],
  [{ learningRate: 1, layerDecay: 1.1 }, "layerDecay"],
  [{ learningRate: 1, minScale: 2 }, "minScale"],
  [{ learningRate: 1, weightDecay: -1 }, "weightDecay"],
])("%j is refused", (options, message) => {
  expect(() => net().parameterGroups(options)).toThrow(expect.objectContaining({ name: "ArgumentError" }));
  expect(() => net().parameterGroups(options)).toThrow(message);
});
