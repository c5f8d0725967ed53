import { clamp, hardtanh, relu } from "@graftjs/tensor";
import { isConstant, mapConstants } from "../constant.ts";
import { defineOperator, dtypeOf, type ExportContext, float, type Operator } from "../operator.ts";

/** Bounds are attributes below version 11 and optional inputs from there on. https://onnx.ai/onnx/operators/onnx__Clip.html */
export const clipOperator: Operator = defineOperator({
  opType: "Clip",
  since: [1, 6, 11, 12, 13],
  attributes: { min: float(Number.NEGATIVE_INFINITY), max: float(Number.POSITIVE_INFINITY) },
  roles: { 1: "constant", 2: "constant" },
  exports: {
    clamp: exportClip,
    hardtanh: exportClip,
  },
  import:
    ({ attributes: { min, max } }) =>
    (inputs) => {
      const low = inputs.has(1) ? (inputs.numbers(1)[0] as number) : min;
      const high = inputs.has(2) ? (inputs.numbers(2)[0] as number) : max;
      const x = inputs.value(0);
      if (isConstant(x)) return mapConstants([x], x.dtype, (v) => Math.min(Math.max(v, low), high));
      if (low === 0 && high === Number.POSITIVE_INFINITY) return relu(x);
      // hardtanh has no gradient at its bounds, as PyTorch's ReLU6, which is where such a Clip comes from.
      return Number.isFinite(low) && Number.isFinite(high) ? hardtanh(x, low, high) : clamp(x, low, high);
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
