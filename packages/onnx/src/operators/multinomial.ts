import { multinomial, softmax } from "@graftjs/tensor";
import { checkFill } from "../constant.ts";
import { defineOperator, float, int, type Operator } from "../operator.ts";
import { drawsOf } from "./draws.ts";

/**
 * Classes drawn, with replacement, by their unnormalised logarithms of probabilities [N, C]: [N, sample_size].
 * https://onnx.ai/onnx/operators/onnx__Multinomial.html
 */
export const multinomialOperator: Operator = defineOperator({
  opType: "Multinomial",
  since: [7, 22],
  attributes: { dtype: int(6), sample_size: int(1), seed: float(undefined) },
  import: ({ attributes: { dtype, sample_size, seed }, reject }) => {
    if (dtype !== 6 && dtype !== 7) reject(`dtype ${dtype}, where classes are int32 or int64`);
    const draws = drawsOf(seed);
    return (inputs) => {
      checkFill("Multinomial", [...inputs.shape(0), sample_size]);
      return multinomial(softmax(inputs.tensor(0), -1), sample_size, draws(inputs), { replacement: true });
    };
  },
});
