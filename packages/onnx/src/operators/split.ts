import { normalizeAxis, slice, stridesOf } from "@graftjs/tensor";
import { gather, isConstant } from "../constant.ts";
import { defineOperator, int, ints, type Operator } from "../operator.ts";

/** Lengths are an attribute below version 13, an input from there on, or equal parts. https://onnx.ai/onnx/operators/onnx__Split.html */
export const splitOperator: Operator = defineOperator({
  opType: "Split",
  since: [1, 2, 11, 13, 18],
  attributes: { axis: int(0), split: ints(), num_outputs: int(undefined) },
  roles: { 1: "constant" },
  import:
    ({ node, attributes: { axis, split, num_outputs } }) =>
    (inputs) => {
      const shape = inputs.shape(0);
      const at = normalizeAxis("Split", axis, shape.length);
      const size = shape[at] as number;
      const parts = num_outputs ?? node.outputs.length;
      const equal = Math.ceil(size / parts);
      const lengths = inputs.has(1)
        ? inputs.numbers(1)
        : (split ?? Array.from({ length: parts }, (_, i) => Math.max(0, Math.min(equal, size - i * equal))));
      const value = inputs.value(0);
      const strides = stridesOf(shape);
      let start = 0;
      return lengths.map((length) => {
        const from = start;
        start += length;
        if (!isConstant(value)) return slice(value, at, from, from + length);
        return gather(
          value,
          shape.map((d, i) => (i === at ? length : d)),
          strides,
          from * (strides[at] as number),
        );
      });
    },
});
