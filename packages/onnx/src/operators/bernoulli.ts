import { bernoulli } from "@graftjs/tensor";
import { defineOperator, float, int, type Operator } from "../operator.ts";
import { castValue, elementType, targetDType } from "./cast.ts";
import { drawsOf } from "./draws.ts";

/** 1 with the probability that the input holds, else 0. https://onnx.ai/onnx/operators/onnx__Bernoulli.html */
export const bernoulliOperator: Operator = defineOperator({
  opType: "Bernoulli",
  since: [15, 22],
  attributes: { dtype: int(undefined), seed: float(undefined) },
  import: ({ attributes: { dtype, seed }, reject }) => {
    const to = dtype === undefined ? undefined : targetDType(dtype, reject);
    const draws = drawsOf(seed);
    return (inputs) =>
      castValue(bernoulli(inputs.shape(0), draws(inputs), inputs.tensor(0)), to ?? elementType(inputs, 0));
  },
});
