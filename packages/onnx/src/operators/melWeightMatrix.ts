import { formatShape, numel } from "@graftjs/tensor";
import { constant, fewEnough, rounding } from "../constant.ts";
import { defineOperator, int, type Operator } from "../operator.ts";
import { targetDType } from "./cast.ts";

/** Hertz as mels, and back: m = 2595 · log₁₀(1 + f / 700). */
const mels = (hertz: number): number => (2595 * Math.log1p(hertz / 700)) / Math.LN10;
const hertz = (mel: number): number => 700 * Math.expm1((mel * Math.LN10) / 2595);

/**
 * Weights [bins of a spectrum, mel bins] that turn one into the other: triangles over bins that lie evenly in mels.
 * https://onnx.ai/onnx/operators/onnx__MelWeightMatrix.html
 */
export const melWeightMatrixOperator: Operator = defineOperator({
  opType: "MelWeightMatrix",
  since: [17],
  attributes: { output_datatype: int(1) },
  roles: { 0: "constant", 1: "constant", 2: "constant", 3: "constant", 4: "constant" },
  import: ({ attributes: { output_datatype }, reject }) => {
    const dtype = targetDType(output_datatype, reject);
    return (inputs) => {
      const [bins, length, rate, lower, upper] = [0, 1, 2, 3, 4].map((i) => inputs.numbers(i)[0]) as [
        number,
        number,
        number,
        number,
        number,
      ];
      const shape = [Math.floor(length / 2) + 1, bins];
      if (!(shape.every((d) => d >= 0) && fewEnough(numel(shape)) && fewEnough(bins)))
        inputs.reject(`weights of the shape ${formatShape(shape)}`);
      const step = (mels(upper) - mels(lower)) / (bins + 2);
      const edges = Array.from({ length: bins + 2 }, (_, i) =>
        Math.floor(((length + 1) * hertz(mels(lower) + i * step)) / rate),
      );
      const weight = (bin: number, mel: number): number => {
        const [left, center, right] = edges.slice(mel, mel + 3) as [number, number, number];
        if (bin >= center && bin < right) return (right - bin) / (right - center);
        if (bin === center) return 1;
        return bin >= left && bin < center ? (bin - left) / (center - left) : 0;
      };
      const data = Array.from({ length: (shape[0] as number) * bins }, (_, i) =>
        weight(Math.floor(i / bins), i % bins),
      );
      return constant(data.map(rounding(dtype)), shape, dtype);
    };
  },
});
