import { normalizeAxis, pad, slice } from "@graftjs/tensor";
import { checkFill } from "../constant.ts";
import { defineOperator, ints, type Operator } from "../operator.ts";
import { checkLists } from "./window.ts";

/**
 * The middle of each axis, or zeros around it; of an odd number the larger half is at the end.
 * https://onnx.ai/onnx/operators/onnx__CenterCropPad.html
 */
export const centerCropPadOperator: Operator = defineOperator({
  opType: "CenterCropPad",
  since: [18],
  attributes: { axes: ints() },
  roles: { 1: "constant" },
  import:
    ({ attributes: { axes } }) =>
    (inputs) => {
      const x = inputs.tensor(0);
      const at = axes?.map((axis) => normalizeAxis("CenterCropPad", axis, x.rank)) ?? x.shape.map((_, i) => i);
      const wanted = inputs.numbers(1);
      checkLists("CenterCropPad", at.length, { shape: wanted });
      const shape = x.shape.map((d, axis) => wanted[at.indexOf(axis)] ?? d);
      checkFill("CenterCropPad", shape, x.size);
      const cropped = shape.reduce((y, d, axis) => {
        const start = Math.floor(Math.max(0, (x.shape[axis] as number) - d) / 2);
        return slice(y, axis, start, start + d);
      }, x);
      const sides = shape.map((d, axis) => {
        const missing = d - (cropped.shape[axis] as number);
        return [Math.floor(missing / 2), Math.ceil(missing / 2)] as const;
      });
      return pad(cropped, sides);
    },
});
