import { constant, fewEnough, rounding } from "../constant.ts";
import { defineOperator, int, type Operator } from "../operator.ts";
import { targetDType } from "./cast.ts";

/**
 * A window Σ coefficientₖ · cos(2πkn / N) of as many elements as its input says: N is that number if the window is periodic,
 * one less if it is symmetric.
 */
export function cosineWindow(opType: string, coefficients: readonly number[]): Operator {
  return defineOperator({
    opType,
    since: [17],
    attributes: { output_datatype: int(1), periodic: int(1) },
    roles: { 0: "constant" },
    import: ({ attributes: { output_datatype, periodic }, reject }) => {
      const dtype = targetDType(output_datatype, reject);
      return (inputs) => {
        const size = inputs.numbers(0)[0] as number;
        if (!(size >= 0 && fewEnough(size))) inputs.reject(`a window of ${size} elements`);
        const period = periodic === 1 ? size : size - 1;
        const value = (n: number): number =>
          coefficients.reduce((sum, c, k) => sum + c * Math.cos((2 * Math.PI * k * n) / period), 0);
        // A symmetric window of one element has no period.
        const data = Array.from({ length: size }, (_, n) => (period === 0 ? 1 : value(n)));
        return constant(data.map(rounding(dtype)), [size], dtype);
      };
    },
  });
}
