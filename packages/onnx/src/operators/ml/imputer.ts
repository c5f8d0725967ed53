import { equal, isFloat, isnan, type Tensor, tensor, where } from "@graftjs/tensor";
import { defineOperator, float, floats, int, ints, type Operator } from "../../operator.ts";
import { mlDomain } from "./domain.ts";

/**
 * X with the elements that are one number (NaN, say) replaced by another, or by one a feature: the last axis.
 * https://onnx.ai/onnx/operators/onnx_aionnxml_Imputer.html
 */
export const imputerOperator: Operator = defineOperator({
  opType: "Imputer",
  domain: mlDomain,
  since: [1],
  attributes: {
    imputed_value_floats: floats(),
    imputed_value_int64s: ints(),
    replaced_value_float: float(0),
    replaced_value_int64: int(0),
  },
  import: ({ attributes }) => {
    const { imputed_value_floats = [], imputed_value_int64s = [] } = attributes;
    return (inputs) => {
      const x = inputs.tensor(0);
      const real = isFloat(x.dtype);
      const values = real ? imputed_value_floats : imputed_value_int64s;
      if (values.length === 0) inputs.reject(`no values of the input's type, ${x.dtype}, to put in`);
      const replaced = real ? attributes.replaced_value_float : attributes.replaced_value_int64;
      const missing: Tensor = Number.isNaN(replaced) ? isnan(x) : equal(x, replaced);
      return where(missing, tensor([...values], [values.length], { dtype: x.dtype }), x);
    };
  },
});
