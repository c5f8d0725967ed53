import {
  formatShape,
  indexSelect,
  type KernelAttrs,
  normalizeAxis,
  pad,
  ShapeError,
  slice,
  type Tensor,
  tensor,
} from "@graftjs/tensor";
import { checkFill } from "../constant.ts";
import { defineOperator, type ExportContext, float, ints, type Operator, string } from "../operator.ts";
import { foldable } from "./foldable.ts";
import { checkLists } from "./window.ts";

/** Which element lies at place i of an axis that goes on beyond its ends. */
const sources = new Map<string, (i: number, size: number) => number>([
  ["edge", (i, size) => Math.min(Math.max(i, 0), size - 1)],
  ["reflect", reflect],
  ["wrap", wrap],
]);

/** The image in an edge goes on to the other edge, and there back again. */
function reflect(i: number, size: number): number {
  const period = Math.max(1, 2 * (size - 1));
  const place = wrap(i, period);
  return place < size ? place : period - place;
}

function wrap(i: number, size: number): number {
  return ((i % size) + size) % size;
}

/** Negative amounts crop. Amounts are an attribute below version 11. https://onnx.ai/onnx/operators/onnx__Pad.html */
export const padOperator: Operator = defineOperator({
  opType: "Pad",
  since: [1, 2, 11, 13, 18, 19, 21, 23, 24, 25],
  attributes: { mode: string("constant"), pads: ints(), value: float(0) },
  roles: { 1: "constant", 2: "constant", 3: "constant" },
  exports: { pad: exportPad },
  import: ({ opset, attributes: { mode, pads, value: fill }, reject }) => {
    const source = sources.get(mode);
    if (mode !== "constant" && !source) reject(`padding of mode "${mode}"`);
    return foldable((inputs) => {
      const x = inputs.tensor(0);
      const amounts = opset < 11 ? (pads ?? []) : inputs.numbers(1);
      const value = inputs.has(2) ? (inputs.numbers(2)[0] as number) : fill;
      const axes = inputs.has(3) ? inputs.numbers(3) : x.shape.map((_, i) => i);
      checkLists("Pad", 2 * axes.length, { pads: amounts });
      const sides = x.shape.map((): Side => [0, 0]);
      axes.forEach((axis, i) => {
        sides[normalizeAxis("Pad", axis, x.rank)] = [amounts[i] as number, amounts[axes.length + i] as number];
      });
      const added = sides.map(([before, after]): Side => [Math.max(0, before), Math.max(0, after)]);
      for (const ends of [sides, added]) {
        const shape = x.shape.map((d, i) => d + (ends[i] as Side)[0] + (ends[i] as Side)[1]);
        checkFill("Pad", shape, x.size);
      }
      // More can be taken off at one end than there is, of what is added at the other.
      return source ? surround(cropped(x, sides), added, source) : cropped(pad(x, added, value), sides);
    });
  },
});

type Side = readonly [before: number, after: number];

/** Without as many elements at each end as its amount is below zero. */
export function cropped(x: Tensor, sides: readonly Side[]): Tensor {
  return sides.reduce((y, [before, after], axis) => {
    if (before >= 0 && after >= 0) return y;
    const size = y.shape[axis] as number;
    return slice(y, axis, Math.min(size, Math.max(0, -before)), Math.max(0, size + Math.min(0, after)));
  }, x);
}

/** Goes on beyond the ends with elements of `x`. @throws {ShapeError} if an axis has none */
function surround(x: Tensor, sides: readonly Side[], source: (i: number, size: number) => number): Tensor {
  return sides.reduce((y, [before, after], axis) => {
    const size = y.shape[axis] as number;
    if (before === 0 && after === 0) return y;
    if (size === 0)
      throw new ShapeError({ op: "Pad", expected: `elements along axis ${axis}`, got: formatShape(x.shape) });
    const length = before + size + after;
    return indexSelect(y, tensor(new Int32Array(length).map((_, i) => source(i - before, size))), axis);
  }, x);
}

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
