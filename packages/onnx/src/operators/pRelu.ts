import { greater, mul, reshape, where } from "@graftjs/tensor";
import { defineOperator, type Operator } from "../operator.ts";

/** x where x > 0, slope · x elsewhere; below operator set 7 a slope [C] is that of the channels. https://onnx.ai/onnx/operators/onnx__PRelu.html */
export const pReluOperator: Operator = defineOperator({
  opType: "PRelu",
  since: [1, 6, 7, 9, 16],
  roles: { 1: "parameter" },
  import:
    ({ opset }) =>
    (inputs) => {
      const [x, slope] = [inputs.tensor(0), inputs.tensor(1)];
      const channels = opset < 7 && x.rank > 1 && slope.rank === 1;
      const factor = channels ? reshape(slope, [-1, ...x.shape.slice(2).map(() => 1)]) : slope;
      return where(greater(x, 0), x, mul(x, factor));
    },
});
