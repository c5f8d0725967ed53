import { add, type KernelAttrs, matmul, mul, type Node } from "@graftjs/tensor";
import { defineOperator, type ExportContext, float, ignored, int, type Operator } from "../operator.ts";

/** alpha · A' · B' + beta · C, where ' transposes if asked to. https://onnx.ai/onnx/operators/onnx__Gemm.html */
export const gemmOperator: Operator = defineOperator({
  opType: "Gemm",
  since: [1, 6, 7, 9, 11, 13],
  attributes: { alpha: float(1), beta: float(1), transA: int(0), transB: int(0), broadcast: ignored() },
  roles: { 1: "parameter", 2: "parameter" },
  exports: {
    matmul: (context) => {
      const { op, opset, emit, input, float: scalar, absorb } = context;
      const { transposeA, transposeB } = op.attrs as KernelAttrs["matmul"];
      const result = op.outputs[0] as Node["outputs"][number];
      if (op.inputs.some(({ spec }) => spec.shape.length !== 2)) return exportMatMul(context);
      const isBias = ({ op: next, inputs }: Node): boolean =>
        next.name === "add" && inputs[0] === result && inputs[1] !== result && inputs[1]?.spec.shape.length === 1;
      const bias = absorb(isBias)?.inputs[1] ?? (opset < 11 ? scalar(0) : undefined);
      emit("Gemm", [input(0), input(1), ...(bias === undefined ? [] : [bias])], {
        ...(transposeA && { transA: { type: "int", value: 1 } }),
        ...(transposeB && { transB: { type: "int", value: 1 } }),
      });
    },
  },
  import:
    ({ attributes: { alpha, beta, transA, transB } }) =>
    (inputs) => {
      const product = matmul(inputs.tensor(0), inputs.tensor(1), { transposeA: transA !== 0, transposeB: transB !== 0 });
      const scaled = alpha === 1 ? product : mul(product, alpha);
      if (!inputs.has(2) || beta === 0) return scaled;
      const c = inputs.tensor(2);
      return add(scaled, beta === 1 ? c : mul(c, beta));
    },
});

function exportMatMul({ op, emit, fresh, input }: ExportContext): void {
  const { transposeA, transposeB } = op.attrs as KernelAttrs["matmul"];
  const operand = (i: 0 | 1, transposed: boolean): string => {
    if (!transposed) return input(i);
    const axes = (op.inputs[i]?.spec.shape ?? []).map((_, axis) => axis);
    const [row, column] = axes.splice(-2) as [number, number];
    return emit("Transpose", [input(i)], { perm: { type: "ints", value: [...axes, column, row] } }, fresh());
  };
  emit("MatMul", [operand(0, transposeA), operand(1, transposeB)]);
}
