import { clamp, hardtanh, isFloat, isTensor, type Operand, relu } from "@graftjs/tensor";
import { isConstant, mapConstants, toTensor } from "../constant.ts";
import { defineOperator, dtypeOf, type ExportContext, float, type Operator } from "../operator.ts";

/**
 * Bounds are attributes below version 11, and optional inputs from there on, which may be computed.
 * https://onnx.ai/onnx/operators/onnx__Clip.html
 */
export const clipOperator: Operator = defineOperator({
  opType: "Clip",
  since: [1, 6, 11, 12, 13],
  attributes: { min: float(undefined), max: float(undefined) },
  roles: { 1: "constant", 2: "constant" },
  exports: {
    clamp: exportClip,
    hardtanh: exportClip,
  },
  import:
    ({ attributes: { min, max } }) =>
    (inputs) => {
      const bound = (i: number, attribute: number | undefined): Operand | undefined => {
        const value = inputs.has(i) ? inputs.value(i) : undefined;
        return value && isConstant(value) ? value.data[0] : (value ?? attribute);
      };
      const [low, high] = [bound(1, min), bound(2, max)];
      const x = inputs.value(0);
      if (isTensor(low) || isTensor(high)) return clamp(toTensor(x), low, high);
      const [from, to] = [low ?? Number.NEGATIVE_INFINITY, high ?? Number.POSITIVE_INFINITY];
      if (isConstant(x)) return mapConstants([x], x.dtype, (v) => Math.min(Math.max(v, from), to));
      if (!isFloat(x.dtype)) return clamp(x, low, high);
      if (from === 0 && to === Number.POSITIVE_INFINITY) return relu(x);
      // hardtanh has no gradient at its bounds, as PyTorch's ReLU6, which is where such a Clip comes from.
      return Number.isFinite(from) && Number.isFinite(to) ? hardtanh(x, from, to) : clamp(x, from, to);
    },
});

function exportClip({ op, opset, emit, fresh, input, number, scalar, reject }: ExportContext): void {
  const [low, high] = [number(op.inputs[1]), number(op.inputs[2])];
  const dtype = dtypeOf(op);
  if (low === undefined || high === undefined) {
    if (opset < 8) reject("bounds that are tensors, below operator set 8");
    return void emit("Min", [emit("Max", [input(0), input(1)], {}, fresh()), input(2)]);
  }
  if (dtype === "int32" && opset < 12) reject("Clip takes integers from operator set 12 on");
  if (opset >= 11) {
    return void emit("Clip", [
      input(0),
      ...[low, high].map((bound) => (Number.isFinite(bound) ? scalar(bound, dtype) : "")),
    ]);
  }
  const bounds = Object.entries({ min: low, max: high }).filter(([, value]) => Number.isFinite(value));
  emit(
    "Clip",
    [input(0)],
    Object.fromEntries(bounds.map(([name, value]) => [name, { type: "float", value }] as const)),
  );
}
