import { add, type KernelAttrs, mul, type Node, type Value } from "@graftjs/tensor";
import { defineOperator, type ExportContext, float, ignored, int, type Operator } from "../operator.ts";
import { products } from "./matMul.ts";

/** alpha · A' · B' + beta · C, where ' transposes if asked to. https://onnx.ai/onnx/operators/onnx__Gemm.html */
export const gemmOperator: Operator = defineOperator({
  opType: "Gemm",
  since: [1, 6, 7, 9, 11, 13],
  attributes: { alpha: float(1), beta: float(1), transA: int(0), transB: int(0), broadcast: ignored() },
  roles: { 1: "parameter", 2: "parameter" },
  exports: {
    matmul: (context) => {
      const { op, opset, input, float: scalar } = context;
      if (op.inputs.some(({ spec }) => spec.shape.length !== 2)) exportMatMul(context);
      else exportGemm(context, op, [input(0), input(1), ...(opset < 11 ? [scalar(0)] : [])]);
    },
  },
  patterns: {
    // A product to which a vector is added.
    add: (context) => {
      const { op, producer, readOnce, name } = context;
      const [product, bias] = op.inputs as [Value, Value];
      const matmul = producer(product);
      const fits = matmul?.op.name === "matmul" && readOnce(product) && bias.spec.shape.length === 1;
      if (!fits || matmul.inputs.some(({ spec }) => spec.shape.length !== 2)) return false;
      exportGemm(context, matmul, [...matmul.inputs, bias].map(name));
      return true;
    },
  },
  import:
    ({ attributes: { alpha, beta, transA, transB } }) =>
    (inputs) => {
      const product = products(inputs.tensor(0), inputs.tensor(1), {
        transposeA: transA !== 0,
        transposeB: transB !== 0,
      });
      const scaled = alpha === 1 ? product : mul(product, alpha);
      if (!inputs.has(2) || beta === 0) return scaled;
      const c = inputs.tensor(2);
      return add(scaled, beta === 1 ? c : mul(c, beta));
    },
});

function exportGemm({ emit }: ExportContext, matmul: Node, inputs: readonly string[]): void {
  const { transposeA, transposeB } = matmul.attrs as KernelAttrs["matmul"];
  emit("Gemm", inputs, {
    ...(transposeA && { transA: { type: "int", value: 1 } }),
    ...(transposeB && { transB: { type: "int", value: 1 } }),
  });
}

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
