import { randomUniform } from "@graftjs/tensor";
import { checkFill } from "../constant.ts";
import { defineOperator, float, int, ints, type Operator } from "../operator.ts";
import { castValue, targetDType } from "./cast.ts";
import { drawsOf } from "./draws.ts";

/** Numbers drawn uniformly from [low, high). https://onnx.ai/onnx/operators/onnx__RandomUniform.html */
export const randomUniformOperator: Operator = defineOperator({
  opType: "RandomUniform",
  since: [1, 22],
  attributes: { dtype: int(1), high: float(1), low: float(0), seed: float(undefined), shape: ints() },
  import: ({ attributes: { dtype, high, low, seed, shape = [] }, reject }) => {
    const to = targetDType(dtype, reject);
    const draws = drawsOf(seed);
    return (inputs) => {
      checkFill("RandomUniform", shape);
      return castValue(randomUniform(shape, draws(inputs), low, high), to);
    };
  },
});
