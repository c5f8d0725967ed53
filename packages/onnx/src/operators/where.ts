import { cast, where } from "@graftjs/tensor";
import { foldTogether, mapConstants, toTensor } from "../constant.ts";
import { defineOperator, type Operator } from "../operator.ts";

/** https://onnx.ai/onnx/operators/onnx__Where.html */
export const whereOperator: Operator = defineOperator({
  opType: "Where",
  since: [9, 16],
  exports: {
    where: ({ opset, emit, input, reject }) =>
      opset < 9 ? reject("Where exists from operator set 9 on") : void emit("Where", [input(0), input(1), input(2)]),
  },
  import: () => (inputs) => {
    const [condition, a, b] = [inputs.value(0), inputs.value(1), inputs.value(2)];
    const all = [condition, a, b];
    if (foldTogether(all))
      return mapConstants(all, (all[1] as (typeof all)[1]).dtype, (c, x, y) => (c ? x : y) as number);
    const [x, y] = [toTensor(a), toTensor(b)];
    return where(toTensor(condition), x, x.dtype === y.dtype ? y : cast(y, x.dtype));
  },
});
