import { type KernelAttrs, normalizeAxis, type Shape } from "@graftjs/tensor";
import { defineOperator, type ExportContext, int, type Operator, string } from "../operator.ts";
import { foldable } from "./foldable.ts";
import { wrapIndices } from "./indices.ts";
import { scatterOf } from "./scatterReduction.ts";

/** Indices below zero count from the end. https://onnx.ai/onnx/operators/onnx__ScatterElements.html */
export const scatterElementsOperator: Operator = defineOperator({
  opType: "ScatterElements",
  since: [11, 13, 16, 18],
  attributes: { axis: int(0), reduction: string("none") },
  exports: {
    scatter: (context) => {
      const { op, opset, emit, input, reject } = context;
      if (opset < 11) reject("ScatterElements exists from operator set 11 on");
      const { axis } = op.attrs as KernelAttrs["scatter"];
      emit("ScatterElements", [input(0), input(1), input(2)], { axis: { type: "int", value: axis } });
    },
    scatterAdd: (context) => {
      const { axis } = context.op.attrs as KernelAttrs["scatterAdd"];
      exportSum(context, axis, context.input(1));
    },
    indexAdd: (context) => {
      const { op, emit, fresh, input, ints, shape } = context;
      const { axis } = op.attrs as KernelAttrs["indexAdd"];
      // One index a slice, repeated for each of its elements.
      const source = sourceShape(context);
      const column = emit("Reshape", [input(1), ints(source.map((_, i) => (i === axis ? -1 : 1)))], {}, fresh());
      exportSum(context, axis, emit("Expand", [column, shape(source)], {}, fresh()));
    },
  },
  import: ({ attributes: { axis, reduction }, reject }) => {
    const scatter = scatterOf(reduction, reject);
    return foldable((inputs) => {
      const x = inputs.tensor(0);
      const at = normalizeAxis("ScatterElements", axis, x.rank);
      return scatter(x, wrapIndices(inputs.value(1), x.shape[at] as number), inputs.tensor(2), at);
    });
  },
});

function sourceShape({ op }: ExportContext): Shape {
  return op.inputs[0]?.spec.shape ?? [];
}

/** The source, added up where the indices say, on zeros. */
function exportSum(context: ExportContext, axis: number, indices: string): void {
  const { op, opset, emit, fresh, input, scalar, shape, reject } = context;
  if (opset < 16) reject("ScatterElements adds up from operator set 16 on");
  const [sums] = op.outputs;
  const zeros = emit("Expand", [scalar(0, sums?.spec.dtype ?? "float32"), shape(sums?.spec.shape ?? [])], {}, fresh());
  emit("ScatterElements", [zeros, indices, input(0)], {
    axis: { type: "int", value: axis },
    reduction: { type: "string", value: "add" },
  });
}
