import { describe, expect, it } from "vitest";
import { DatasetError } from "./errors.ts";
import { Subset } from "./subset.ts";
import { TensorDataset } from "./tensorDataset.ts";

const key = { seed: 0, epoch: 0 };

describe("TensorDataset", () => {
  it("gives one example", () => {
    const dataset = new TensorDataset({ inputs: Float32Array.of(1, 2, 3, 4, 5, 6), shape: [2], labels: [0, 1, 0] });
    expect(dataset.length).toBe(3);
    expect(dataset.sample(1)).toEqual({ input: Float32Array.of(3, 4), label: 1 });
  });

  it("gives a copy, so that nobody's writing changes the data", () => {
    const dataset = new TensorDataset({ inputs: Float32Array.of(1, 2), shape: [2], labels: [0] });
    dataset.sample(0).input.fill(9);
    expect(dataset.sample(0).input).toEqual(Float32Array.of(1, 2));
  });

  it("normalises bytes by channel", () => {
    const dataset = new TensorDataset({
      inputs: Uint8Array.of(0, 255, 10, 20),
      shape: [2, 1, 2],
      labels: [7],
      normalization: { divisor: 1, mean: [0, 10], std: [255, 10] },
    });
    expect(dataset.sample(0).input).toEqual(Float32Array.of(0, 1, 0, 1));
  });

  it("refuses sizes that do not fit", () => {
    expect(() => new TensorDataset({ inputs: new Float32Array(5), shape: [2], labels: [0, 1] })).toThrow(DatasetError);
    const normalization = { divisor: 1, mean: [0], std: [1] };
    const inputs = new Float32Array(2);
    expect(() => new TensorDataset({ inputs, shape: [2], labels: [0], normalization })).toThrow("float32 inputs");
  });
});

describe("Subset", () => {
  const dataset = new TensorDataset({ inputs: Float32Array.of(1, 2, 3), shape: [1], labels: [0, 1, 2] });

  it("gives the chosen examples in the chosen order", () => {
    const subset = new Subset(dataset, [2, 0]);
    expect(subset.length).toBe(2);
    expect(subset.labels).toEqual(Int32Array.of(2, 0));
    expect(subset.sample(0, key)).toEqual({ input: Float32Array.of(3), label: 2 });
    expect(new Subset(subset, [1]).sample(0, key)).toEqual({ input: Float32Array.of(1), label: 0 });
  });

  it("refuses an index outside", () => {
    expect(() => new Subset(dataset, [3])).toThrow("indices from 0 to 2, got 3");
  });
});
