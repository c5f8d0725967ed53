import { add, cast, type DType, remainder, sub, type Tensor } from "@graftjs/tensor";
import { isConstant, mapConstants, tensorDType, type Value } from "../constant.ts";
import { defineOperator, type ExportContext, type Inputs, ignored, int, type Operator } from "../operator.ts";
import { dtypeName, dtypeNumber, isComputable, type OnnxDType } from "../tensorData.ts";

/** The type of that number in `TensorProto.DataType`. Refuses those that are not computed with. */
export function targetDType(number: number, reject: (reason: string) => never): OnnxDType {
  const dtype = dtypeName(number);
  if (dtype === undefined || !isComputable(dtype)) return reject(`elements of type ${dtype ?? number}`);
  return dtype;
}

/** The type of an input's elements: the one that the file declares. Where it declares none, integers of tensors count as the widest. */
export function elementType(inputs: Inputs, i: number): OnnxDType {
  const value = inputs.value(i);
  if (isConstant(value)) return value.dtype;
  const declared = inputs.declared(i);
  if (declared && tensorDType(declared) === value.dtype) return declared;
  return value.dtype === "int32" ? "int64" : value.dtype;
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
  return value.dtype === "bool" ? made : wrapAround(made, to);
}

/** Integers of a tensor in the range of a type, if that is one of 8 or 16 bits; else as they are. */
export function wrapAround(x: Tensor, dtype: OnnxDType | undefined): Tensor {
  const count = dtype && narrow[dtype];
  if (count === undefined || x.dtype !== "int32") return x;
  const below = dtype?.startsWith("u") ? 0 : count / 2;
  return sub(remainder(add(x, below), count), below);
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
