import { ArgumentError } from "@graftjs/tensor";
import { constant, rounding } from "../constant.ts";
import { defineOperator, ignored, type Operator } from "../operator.ts";

/** start, start + delta, … up to, not including, limit. https://onnx.ai/onnx/operators/onnx__Range.html */
export const rangeOperator: Operator = defineOperator({
  opType: "Range",
  since: [11, 27],
  attributes: { stash_type: ignored() },
  roles: { 0: "constant", 1: "constant", 2: "constant" },
  import: () => (inputs) => {
    const [start, limit, delta] = [0, 1, 2].map((i) => inputs.numbers(i)[0]) as [number, number, number];
    const length = Math.max(0, Math.ceil((limit - start) / delta));
    if (!(length < 2 ** 24))
      throw new ArgumentError({ op: "Range", expected: "fewer than 2^24 numbers", got: String(length) });
    const { dtype } = inputs.constant(0);
    const round = rounding(dtype);
    return constant(
      Array.from({ length }, (_, i) => round(start + i * delta)),
      [length],
      dtype,
    );
  },
});
