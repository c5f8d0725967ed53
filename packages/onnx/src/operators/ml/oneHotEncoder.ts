import { cast, equal, tensor, unsqueeze } from "@graftjs/tensor";
import { checkFill } from "../../constant.ts";
import { defineOperator, int, ints, type Operator, strings } from "../../operator.ts";
import { mlDomain } from "./domain.ts";

/**
 * One number a category, on a new last axis: 1 where the element is that category, else 0. Floats lose their fraction first.
 * https://onnx.ai/onnx/operators/onnx_aionnxml_OneHotEncoder.html
 */
export const oneHotEncoderOperator: Operator = defineOperator({
  opType: "OneHotEncoder",
  domain: mlDomain,
  since: [1],
  attributes: { cats_int64s: ints(), cats_strings: strings(), zeros: int(1) },
  import: ({ attributes: { cats_int64s, cats_strings, zeros }, reject }) => {
    if (cats_strings?.length) reject("its categories are text, and tensors hold numbers");
    if (!cats_int64s?.length) return reject("it has no categories");
    if (zeros !== 1) reject("zeros = 0: it shall fail for an unknown category, which data alone tell");
    const categories = tensor(Int32Array.from(cats_int64s));
    return (inputs) => {
      const x = cast(inputs.tensor(0), "int32");
      checkFill("OneHotEncoder", [...x.shape, categories.size], x.size);
      return cast(equal(unsqueeze(x, x.rank), categories), "float32");
    };
  },
});
