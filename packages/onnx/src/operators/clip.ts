import { clamp, hardtanh, isFloat, relu, type Tensor } from "@graftjs/tensor";
import { constant, isConstant, mapConstants, toTensor } from "../constant.ts";
import { defineOperator, dtypeOf, type ExportContext, float, type Operator } from "../operator.ts";

/** Bounds are attributes below version 11, and optional inputs from there on, which may be computed. https://onnx.ai/onnx/operators/onnx__Clip.html */
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
      const bound = (i: number, otherwise: number): Tensor | number => {
        const value = inputs.has(i) ? inputs.value(i) : constant([otherwise], [], "float32");
        return isConstant(value) ? (value.data[0] as number) : value;
      };
      const [low, high] = [bound(1, min), bound(2, max)];
      const x = inputs.value(0);
      if (typeof low !== "number" || typeof high !== "number") return clamp(toTensor(x), low, high);
      if (isConstant(x)) return mapConstants([x], x.dtype, (v) => Math.min(Math.max(v, low), high));
      if (!isFloat(x.dtype)) return clamp(x, finite(low), finite(high));
      if (low === 0 && high === Number.POSITIVE_INFINITY) return relu(x);
      // hardtanh has no gradient at its bounds, as PyTorch's ReLU6, which is where such a Clip comes from.
      return Number.isFinite(low) && Number.isFinite(high) ? hardtanh(x, low, high) : clamp(x, low, high);
    },
});

/** A bound of integers, if it is one. */
function finite(bound: number): number | undefined {
  return Number.isFinite(bound) ? bound : undefined;
}

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
