import { randomNormal } from "@graftjs/tensor";
import { checkFill } from "../constant.ts";
import { defineOperator, float, int, ints, type Operator } from "../operator.ts";
import { castValue, targetDType } from "./cast.ts";
import { drawsOf } from "./draws.ts";

/** Numbers drawn from the normal distribution. https://onnx.ai/onnx/operators/onnx__RandomNormal.html */
export const randomNormalOperator: Operator = defineOperator({
  opType: "RandomNormal",
  since: [1, 22],
  attributes: { dtype: int(1), mean: float(0), scale: float(1), seed: float(undefined), shape: ints() },
  import: ({ attributes: { dtype, mean, scale, seed, shape = [] }, reject }) => {
    const to = targetDType(dtype, reject);
    const draws = drawsOf(seed);
    return (inputs) => {
      checkFill("RandomNormal", shape);
      return castValue(randomNormal(shape, draws(inputs), mean, scale), to);
    };
  },
});
