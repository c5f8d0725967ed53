import type { Parameter } from "@graftjs/nn";
import type { Features } from "./features.ts";

/** Mean and standard deviation of each feature over a set. */
export interface Statistics {
  readonly mean: Float64Array;
  readonly std: Float64Array;
}

/** Features that hardly vary are only centred: dividing by their deviation would blow up noise. */
const LEAST_STD = 1e-4;

export function statisticsOf({ values, width }: Features): Statistics {
  const n = values.length / width;
  const mean = new Float64Array(width);
  const std = new Float64Array(width);
  values.forEach((v, i) => {
    mean[i % width] = (mean[i % width] as number) + v / n;
  });
  values.forEach((v, i) => {
    std[i % width] = (std[i % width] as number) + (v - (mean[i % width] as number)) ** 2 / n;
  });
  return { mean, std: std.map((v) => (Math.sqrt(v) > LEAST_STD ? Math.sqrt(v) : 1)) };
}

/** (x - mean) / std, so that one learning rate suits every backbone. */
export function standardize(features: Features, { mean, std }: Statistics): Features {
  const { width } = features;
  const values = features.values.map((v, i) => (v - (mean[i % width] as number)) / (std[i % width] as number));
  return { ...features, values };
}

/**
 * Turns a linear layer [classes, features] on standardised features into the same function of the features themselves:
 * W ← W / std, b ← b - W · mean / std.
 */
export function foldStandardization(weight: Parameter, bias: Parameter, { mean, std }: Statistics): void {
  const w = weight.toArray();
  const b = Float64Array.from(bias.toArray());
  const width = mean.length;
  w.forEach((value, i) => {
    const [row, column] = [Math.floor(i / width), i % width];
    const scaled = value / (std[column] as number);
    b[row] = (b[row] as number) - scaled * (mean[column] as number);
    w[i] = scaled;
  });
  weight.assign(w);
  bias.assign(Float32Array.from(b));
}
