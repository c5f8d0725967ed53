import { normalizeAxis } from "@graftjs/tensor";
import { defineOperator, int, type Operator } from "../operator.ts";
import { fourier } from "./fourier.ts";

/** The axis is an attribute below version 20, by default 1, then an input, by default -2. https://onnx.ai/onnx/operators/onnx__DFT.html */
export const dftOperator: Operator = defineOperator({
  opType: "DFT",
  since: [17, 20],
  attributes: { axis: int(1), inverse: int(0), onesided: int(0) },
  roles: { 1: "constant", 2: "constant" },
  import:
    ({ opset, attributes }) =>
    (inputs) => {
      const x = inputs.tensor(0);
      const number = (i: number): number | undefined => (inputs.has(i) ? inputs.numbers(i)[0] : undefined);
      const axis = normalizeAxis("DFT", opset < 20 ? attributes.axis : (number(2) ?? -2), x.rank);
      const [inverse, onesided] = [attributes.inverse === 1, attributes.onesided === 1];
      const size = x.shape[axis] as number;
      const length = number(1) ?? (inverse && onesided ? 2 * (size - 1) : size);
      return fourier("DFT", x, axis, { length, inverse, onesided });
    },
});
