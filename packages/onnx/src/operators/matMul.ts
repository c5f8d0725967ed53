import {
  einsum,
  isFloat,
  type KernelAttrs,
  type MatmulOptions,
  matmul,
  squeeze,
  type Tensor,
  unsqueeze,
  type Value,
} from "@graftjs/tensor";
import { defineOperator, type ExportContext, type Operator } from "../operator.ts";

/** Products of matrices; those of integers, which `matmul` does not take, as sums of products of elements. */
export function products(a: Tensor, b: Tensor, transpose: MatmulOptions = {}): Tensor {
  if (isFloat(a.dtype)) return matmul(a, b, transpose);
  const { transposeA, transposeB } = transpose;
  return einsum(`...${transposeA ? "ji" : "ij"},...${transposeB ? "kj" : "jk"}->...ik`, a, b);
}

/** As NumPy's matmul: a vector on either side is a row or a column, and goes again. https://onnx.ai/onnx/operators/onnx__MatMul.html */
export const matMulOperator: Operator = defineOperator({
  opType: "MatMul",
  since: [1, 9, 13],
  patterns: { reshape: exportRows },
  import: () => (inputs) => {
    const [a, b] = [inputs.tensor(0), inputs.tensor(1)];
    const product = products(a.rank === 1 ? unsqueeze(a, 0) : a, b.rank === 1 ? unsqueeze(b, 1) : b);
    const row = a.rank === 1 ? squeeze(product, -2) : product;
    return b.rank === 1 ? squeeze(row, -1) : row;
  },
});

/** A product with a matrix, of the rows of a larger tensor: they are a matrix in between, which the operator does without. */
function exportRows({ op, producer, readOnce, name, emit, fresh }: ExportContext): boolean {
  const [flat, result] = [op.inputs[0] as Value, op.outputs[0] as Value];
  const product = producer(flat);
  if (product?.op.name !== "matmul" || !readOnce(flat)) return false;
  const [left, matrix] = product.inputs as [Value, Value];
  const rows = producer(left);
  const x = rows?.op.name === "reshape" ? rows.inputs[0] : undefined;
  const { transposeA, transposeB } = product.attrs as KernelAttrs["matmul"];
  const [outer, inner] = [x?.spec.shape.slice(0, -1) ?? [], x?.spec.shape.at(-1)];
  const width = flat.spec.shape[1];
  const fits =
    left.spec.shape.length === 2 &&
    left.spec.shape[1] === inner &&
    String(result.spec.shape) === String([...outer, width]);
  if (!x || outer.length < 2 || transposeA || !fits) return false;
  const perm = { type: "ints", value: [1, 0] } as const;
  emit("MatMul", [name(x), transposeB ? emit("Transpose", [name(matrix)], { perm }, fresh()) : name(matrix)]);
  return true;
}
