import { formatShape, normalizeAxis, ShapeError, slice, stridesOf } from "@graftjs/tensor";
import { gather, isConstant, shapeOf, type Value } from "../constant.ts";
import { defineOperator, int, ints, type Operator } from "../operator.ts";

/** Parts of a value one after the other along an axis. */
export function splitValue(value: Value, axis: number, lengths: readonly number[]): Value[] {
  const shape = shapeOf(value);
  const strides = stridesOf(shape);
  let start = 0;
  return lengths.map((length) => {
    const from = start;
    start += length;
    if (!isConstant(value)) return slice(value, axis, from, start);
    const dims = shape.map((d, i) => (i === axis ? length : d));
    return gather(value, dims, strides, from * (strides[axis] as number));
  });
}

/** Lengths are an attribute below version 13, an input from there on, or equal parts. https://onnx.ai/onnx/operators/onnx__Split.html */
export const splitOperator: Operator = defineOperator({
  opType: "Split",
  since: [1, 2, 11, 13, 18],
  attributes: { axis: int(0), split: ints(), num_outputs: int(undefined) },
  roles: { 1: "constant" },
  import: ({ node, attributes: { axis, split, num_outputs }, reject }) => {
    const parts = node.outputs.length;
    if (num_outputs !== undefined && num_outputs !== parts) reject(`${num_outputs} parts for ${parts} outputs`);
    return (inputs) => {
      const shape = inputs.shape(0);
      const at = normalizeAxis("Split", axis, shape.length);
      const size = shape[at] as number;
      const equal = Math.ceil(size / parts);
      const lengths = inputs.has(1)
        ? inputs.numbers(1)
        : (split ?? Array.from({ length: parts }, (_, i) => Math.max(0, Math.min(equal, size - i * equal))));
      const total = lengths.reduce((sum, length) => sum + length, 0);
      if (lengths.length !== parts || lengths.some((length) => length < 0) || total !== size) {
        const expected = `${parts} lengths that add up to ${size}`;
        throw new ShapeError({ op: "Split", expected, got: formatShape(lengths) });
      }
      return splitValue(inputs.value(0), at, lengths);
    };
  },
});
