import {
  ArgumentError,
  formatShape,
  indexSelect,
  type KernelAttrs,
  normalizeAxis,
  slice,
  stridesOf,
  type Tensor,
  tensor,
} from "@graftjs/tensor";
import { gather, isConstant, toTensor } from "../constant.ts";
import { defineOperator, type ExportContext, ints, type Operator } from "../operator.ts";

/** Bounds are attributes below version 10, inputs from there on; no step is 0. https://onnx.ai/onnx/operators/onnx__Slice.html */
export const sliceOperator: Operator = defineOperator({
  opType: "Slice",
  since: [1, 10, 11, 13],
  attributes: { starts: ints(), ends: ints(), axes: ints() },
  roles: { 1: "constant", 2: "constant", 3: "constant", 4: "constant" },
  exports: { slice: exportSlice },
  import:
    ({ attributes }) =>
    (inputs) => {
      const given = (i: number, attribute?: readonly number[]): readonly number[] | undefined =>
        inputs.has(i) ? inputs.numbers(i) : attribute;
      const shape = inputs.shape(0);
      const starts = given(1, attributes.starts) ?? [];
      const ends = given(2, attributes.ends) ?? [];
      const axes = given(3, attributes.axes) ?? starts.map((_, i) => i);
      const steps = given(4) ?? starts.map(() => 1);
      const lists = [starts, ends, axes, steps];
      if (lists.some(({ length }) => length !== starts.length) || steps.includes(0)) {
        const got = lists.map(formatShape).join(", ");
        throw new ArgumentError({ op: "Slice", expected: "as many starts, ends, axes and steps, none of them 0", got });
      }
      const ranges = shape.map((size): Range => ({ start: 0, step: 1, length: size }));
      axes.forEach((axis, i) => {
        const at = normalizeAxis("Slice", axis, shape.length);
        ranges[at] = range(shape[at] as number, starts[i] as number, ends[i] as number, steps[i] as number);
      });
      const value = inputs.value(0);
      if (!isConstant(value)) return ranges.reduce((x, r, axis) => sliceAxis(x, axis, r), toTensor(value));
      const strides = stridesOf(shape);
      const start = ranges.reduce((sum, r, i) => sum + r.start * (strides[i] as number), 0);
      return gather(
        value,
        ranges.map((r) => r.length),
        ranges.map((r, i) => r.step * (strides[i] as number)),
        start,
      );
    },
});

interface Range {
  readonly start: number;
  readonly step: number;
  readonly length: number;
}

/** Bounds as NumPy reads them: negative ones from the end, clamped to what is there. */
function range(size: number, start: number, end: number, step: number): Range {
  const wrap = (i: number): number => (i < 0 ? i + size : i);
  const [low, high] = step > 0 ? [0, size] : [-1, size - 1];
  const first = Math.min(Math.max(wrap(start), step > 0 ? 0 : low), high);
  // Far below zero means "to the very beginning" for a negative step.
  const last = Math.min(Math.max(wrap(end), low), high);
  return { start: first, step, length: Math.max(0, Math.ceil((last - first) / step)) };
}

function sliceAxis(x: Tensor, axis: number, { start, step, length }: Range): Tensor {
  if (step === 1) return slice(x, axis, start, start + length);
  const indices = Int32Array.from({ length }, (_, i) => start + i * step);
  return indexSelect(x, tensor(indices, [length]), axis);
}

/** Far below all indices: to the very beginning, for a negative step. */
const beginning = -(2 ** 31);

function exportSlice({ op, opset, emit, input, ints: list, isBatch, reject }: ExportContext): void {
  const { starts, sizes, steps } = op.attrs as KernelAttrs["slice"];
  const shape = op.inputs[0]?.spec.shape ?? [];
  const axes = shape.flatMap((d, i) => (sizes[i] !== d || steps[i] !== 1 ? [i] : []));
  const bounds = axes.map((i): readonly [start: number, end: number, step: number] => {
    const [d, start, size, step] = [shape, starts, sizes, steps].map((of) => of[i] as number) as [
      number,
      number,
      number,
      number,
    ];
    if (isBatch(d)) {
      if (step !== -1 || size !== d) reject("it takes a part of the batch");
      return [-1, beginning, -1];
    }
    const end = start + size * step;
    return [start, end < 0 ? beginning : end, step];
  });
  const [from, to, by] = [0, 1, 2].map((k) => bounds.map((b) => b[k] as number)) as [number[], number[], number[]];
  if (opset >= 10) return void emit("Slice", [input(0), ...[from, to, axes, by].map(list)]);
  if (by.some((step) => step !== 1)) reject("Slice has steps from operator set 10 on");
  const attribute = (value: readonly number[]) => ({ type: "ints", value }) as const;
  emit("Slice", [input(0)], { starts: attribute(from), ends: attribute(to), axes: attribute(axes) });
}
