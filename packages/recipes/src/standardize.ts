import type { Parameter } from "@graftjs/nn";
import type { Features } from "./features.ts";

/** Mean of each feature over a set, and one scale for all: the root of the mean variance. */
export interface Statistics {
  readonly mean: Float64Array;
  readonly scale: number;
}

export function statisticsOf({ values, width }: Features): Statistics {
  const n = values.length / width;
  const mean = new Float64Array(width);
  let variance = 0;
  values.forEach((v, i) => {
    mean[i % width] = (mean[i % width] as number) + v / n;
  });
  values.forEach((v, i) => {
    variance += (v - (mean[i % width] as number)) ** 2 / values.length;
  });
  return { mean, scale: Math.sqrt(variance) || 1 };
}

/** (x - mean) / scale, so that one learning rate suits every backbone. */
export function standardize(features: Features, { mean, scale }: Statistics): Features {
  const { width } = features;
  return { ...features, values: features.values.map((v, i) => (v - (mean[i % width] as number)) / scale) };
}

/**
 * Turns a linear layer [classes, features] on standardised features into the same function of the features themselves:
 * W ← W / scale, b ← b - W · mean / scale.
 */
export function foldStandardization(weight: Parameter, bias: Parameter, { mean, scale }: Statistics): void {
  const w = weight.toArray();
  const b = Float64Array.from(bias.toArray());
  const width = mean.length;
  w.forEach((value, i) => {
    const row = Math.floor(i / width);
    b[row] = (b[row] as number) - (value / scale) * (mean[i % width] as number);
    w[i] = value / scale;
  });
  weight.assign(w);
  bias.assign(Float32Array.from(b));
}
