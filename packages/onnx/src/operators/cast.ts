import { cast, type DType } from "@graftjs/tensor";
import { isConstant, isFloat, mapConstants, type Value } from "../constant.ts";
import { defineOperator, type ExportContext, ignored, int, type Operator } from "../operator.ts";
import { dtypeName, dtypeNumber, type OnnxDType } from "../tensorData.ts";

/** A value in another element type; all floats compute as float32, all integers as int32. */
export function castValue(value: Value, to: OnnxDType): Value {
  if (isConstant(value)) return mapConstants([value], to, (x) => x);
  return cast(value, isFloat(to) ? "float32" : to === "bool" ? "bool" : "int32");
}

/** Writes the op's output `i` as `name` in another element type: operators give int64 where ops give int32. */
export function castTo(dtype: DType, { emit, result }: ExportContext, name: string, i = 0): void {
  emit("Cast", [name], { to: { type: "int", value: dtypeNumber(dtype) } }, result(i));
}

/** https://onnx.ai/onnx/operators/onnx__Cast.html */
export const castOperator: Operator = defineOperator({
  opType: "Cast",
  since: [1, 6, 9, 13, 19, 21, 23, 24, 25],
  attributes: { to: int(undefined), saturate: ignored(), round_mode: ignored() },
  exports: {
    cast: (context) => castTo((context.op.attrs as { dtype: DType }).dtype, context, context.input(0)),
  },
  import: ({ attributes: { to }, reject }) => {
    const dtype = dtypeName(to ?? 0);
    if (!dtype || dtype === "string" || /float8|int4|float4|complex/.test(dtype))
      return reject(`a cast to ${dtype ?? to}`);
    return (inputs) => castValue(inputs.value(0), dtype);
  },
});
