import { type KernelAttrs, normalizeAxis, type PadOptions, pad, slice } from "@graftjs/tensor";
import { defineOperator, type ExportContext, float, ints, type Operator, string } from "../operator.ts";

const modes = new Map<string, NonNullable<PadOptions["mode"]>>([
  ["constant", "constant"],
  ["reflect", "reflect"],
  ["edge", "replicate"],
  ["wrap", "circular"],
]);

/** Negative amounts crop. Amounts are an attribute below version 11. https://onnx.ai/onnx/operators/onnx__Pad.html */
export const padOperator: Operator = defineOperator({
  opType: "Pad",
  since: [1, 2, 11, 13, 18, 19, 21, 23, 24, 25],
  attributes: { mode: string("constant"), pads: ints(), value: float(0) },
  roles: { 1: "constant", 2: "constant", 3: "constant" },
  exports: { pad: exportPad },
  import: ({ attributes, reject }) => {
    const mode = modes.get(attributes.mode) ?? reject(`padding of mode "${attributes.mode}"`);
    return (inputs) => {
      let x = inputs.tensor(0);
      const amounts = inputs.has(1) ? inputs.numbers(1) : (attributes.pads ?? []);
      const value = inputs.has(2) ? (inputs.numbers(2)[0] as number) : attributes.value;
      const axes = inputs.has(3) ? inputs.numbers(3) : x.shape.map((_, i) => i);
      const sides = x.shape.map((): [number, number] => [0, 0]);
      axes.forEach((axis, i) => {
        sides[normalizeAxis("Pad", axis, x.rank)] = [amounts[i] as number, amounts[axes.length + i] as number];
      });
      sides.forEach(([before, after], axis) => {
        if (before < 0 || after < 0)
          x = slice(x, axis, Math.max(0, -before), (x.shape[axis] as number) + Math.min(0, after));
      });
      return pad(
        x,
        sides.map(([before, after]) => [Math.max(0, before), Math.max(0, after)] as const),
        { mode, value },
      );
    };
  },
});

function exportPad({ op, opset, emit, input, ints: list, scalar, isBatch, reject }: ExportContext): void {
  const { padding, interior, value } = op.attrs as KernelAttrs["pad"];
  if (interior.some((between) => between !== 0)) reject("padding between elements");
  if (op.inputs[0]?.spec.shape.some((d, i) => isBatch(d) && padding[i]?.some((p) => p !== 0)))
    reject("it pads the batch");
  const pads = [...padding.map(([before]) => before), ...padding.map(([, after]) => after)];
  if (opset >= 11)
    return void emit("Pad", [input(0), list(pads), scalar(value, op.inputs[0]?.spec.dtype ?? "float32")]);
  emit("Pad", [input(0)], { pads: { type: "ints", value: pads }, value: { type: "float", value } });
}
