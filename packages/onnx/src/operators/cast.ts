import { add, cast, type DType, remainder, sub } from "@graftjs/tensor";
import { isConstant, mapConstants, tensorDType, type Value } from "../constant.ts";
import { defineOperator, type ExportContext, ignored, int, type Operator } from "../operator.ts";
import { dtypeName, dtypeNumber, isComputable, type OnnxDType } from "../tensorData.ts";

/** The type of that number in `TensorProto.DataType`. Refuses those that are not computed with. */
export function targetDType(number: number, reject: (reason: string) => never): OnnxDType {
  const dtype = dtypeName(number);
  if (dtype === undefined || !isComputable(dtype)) return reject(`elements of type ${dtype ?? number}`);
  return dtype;
}

/** The type of a value's elements. Integers of tensors may have been any; they count as the widest. */
export function elementType(value: Value): OnnxDType {
  return !isConstant(value) && value.dtype === "int32" ? "int64" : value.dtype;
}

/** Integer types that are narrower than int32, with how many values they have. */
const narrow: Partial<Record<OnnxDType, number>> = { int8: 2 ** 8, uint8: 2 ** 8, int16: 2 ** 16, uint16: 2 ** 16 };

/**
 * A value in another element type. Constants are rounded to it. Tensors compute as {@link tensorDType}, so that a cast to half
 * precision leaves them as they are; as integers of 8 and 16 bits they wrap around.
 */
export function castValue(value: Value, to: OnnxDType): Value {
  if (isConstant(value)) return mapConstants([value], to, (x) => x);
  const made = cast(value, tensorDType(to));
  const count = narrow[to];
  if (count === undefined || value.dtype === "bool") return made;
  const below = to.startsWith("u") ? 0 : count / 2;
  return sub(remainder(add(made, below), count), below);
}

/** Writes the op's output `i` as `name` in another element type: operators give int64 where ops give int32. */
export function castTo(dtype: DType, { emit, result }: ExportContext, name: string, i = 0): void {
  emit("Cast", [name], { to: { type: "int", value: dtypeNumber(dtype) } }, result(i));
}

/** https://onnx.ai/onnx/operators/onnx__Cast.html */
export const castOperator: Operator = defineOperator({
  opType: "Cast",
  since: [1, 6, 9, 13, 19, 21, 23, 24, 25, 28],
  attributes: { to: int(undefined), saturate: ignored(), round_mode: ignored() },
  exports: {
    cast: (context) => castTo((context.op.attrs as { dtype: DType }).dtype, context, context.input(0)),
  },
  import: ({ attributes: { to }, reject }) => {
    const dtype = targetDType(to ?? 0, reject);
    return (inputs) => castValue(inputs.value(0), dtype);
  },
});
