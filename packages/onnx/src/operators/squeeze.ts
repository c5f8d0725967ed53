import { formatShape, normalizeAxes, ShapeError } from "@graftjs/tensor";
import { defineOperator, ints, type Operator } from "../operator.ts";
import { reshapeValue } from "./reshape.ts";

/** Axes are an attribute below version 13, an input from there on. https://onnx.ai/onnx/operators/onnx__Squeeze.html */
export const squeezeOperator: Operator = defineOperator({
  opType: "Squeeze",
  since: [1, 11, 13, 21, 23, 24, 25],
  attributes: { axes: ints() },
  roles: { 1: "constant" },
  import:
    ({ attributes: { axes } }) =>
    (inputs) => {
      const shape = inputs.shape(0);
      const given = inputs.has(1) ? inputs.numbers(1) : axes;
      const drop = given
        ? normalizeAxes("Squeeze", given, shape.length)
        : shape.flatMap((d, i) => (d === 1 ? [i] : []));
      if (drop.some((i) => shape[i] !== 1)) {
        throw new ShapeError({
          op: "Squeeze",
          expected: `size 1 at axes ${formatShape(drop)}`,
          got: formatShape(shape),
        });
      }
      return reshapeValue(
        inputs.value(0),
        shape.filter((_, i) => !drop.includes(i)),
      );
    },
});
