import { elu } from "@graftjs/nn";
import { mul } from "@graftjs/tensor";
import { defineOperator, float, type Operator } from "../operator.ts";

/** gamma · x where x > 0, gamma · alpha · (e^x - 1) elsewhere. https://onnx.ai/onnx/operators/onnx__Selu.html */
export const seluOperator: Operator = defineOperator({
  opType: "Selu",
  since: [1, 6, 22],
  attributes: { alpha: float(1.6732631921768188), gamma: float(1.0507010221481323) },
  import:
    ({ attributes: { alpha, gamma } }) =>
    (inputs) =>
      mul(elu(inputs.tensor(0), alpha), gamma),
});
