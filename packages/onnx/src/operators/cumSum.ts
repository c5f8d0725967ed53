import { cumsum, flip, type KernelAttrs, normalizeAxis, pad, slice } from "@graftjs/tensor";
import { defineOperator, int, type Operator } from "../operator.ts";

/** https://onnx.ai/onnx/operators/onnx__CumSum.html */
export const cumSumOperator: Operator = defineOperator({
  opType: "CumSum",
  since: [11, 14],
  attributes: { exclusive: int(0), reverse: int(0) },
  roles: { 1: "constant" },
  exports: {
    cumsum: ({ op, opset, emit, input, scalar, reject }) => {
      if (opset < 11) reject("CumSum exists from operator set 11 on");
      const { axis, reverse } = op.attrs as KernelAttrs["cumsum"];
      emit("CumSum", [input(0), scalar(axis, "int64")], reverse ? { reverse: { type: "int", value: 1 } } : {});
    },
  },
  import:
    ({ attributes: { exclusive, reverse } }) =>
    (inputs) => {
      const x = inputs.tensor(0);
      const axis = normalizeAxis("CumSum", inputs.numbers(1)[0] as number, x.rank);
      let y = reverse ? flip(x, [axis]) : x;
      if (exclusive) {
        const moved = y.shape.map((_, i) => [Number(i === axis), 0] as const);
        y = slice(pad(y, moved), axis, 0, x.shape[axis] as number);
      }
      y = cumsum(y, axis);
      return reverse ? flip(y, [axis]) : y;
    },
});
