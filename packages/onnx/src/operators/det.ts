import {
  abs,
  arange,
  argmax,
  div,
  equal,
  formatShape,
  full,
  mul,
  ShapeError,
  select,
  slice,
  sub,
  sum,
  type Tensor,
  unsqueeze,
  where,
} from "@graftjs/tensor";
import { defineOperator, type Operator } from "../operator.ts";

/** Each row is a step of the graph. */
const largest = 64;

/**
 * Determinants of square matrices [..., n, n], n ≤ 64, by Gaussian elimination with partial pivoting.
 * https://onnx.ai/onnx/operators/onnx__Det.html
 */
export const detOperator: Operator = defineOperator({
  opType: "Det",
  since: [11, 22],
  import: () => (inputs) => determinant(inputs.tensor(0)),
});

function determinant(x: Tensor): Tensor {
  const n = x.shape.at(-1) ?? 0;
  if (x.rank < 2 || x.shape.at(-2) !== n || n > largest) {
    const expected = `square matrices [..., n, n] with n <= ${largest}`;
    throw new ShapeError({ op: "Det", expected, got: formatShape(x.shape) });
  }
  let [product, rows] = [full(x.shape.slice(0, -2), 1, { dtype: x.dtype }), x];
  for (let size = n; size > 0; size--) {
    const best = argmax(abs(select(rows, -1, 0)), -1);
    const isBest = unsqueeze(equal(unsqueeze(best, -1), arange(size)), -1);
    const row = sum(where(isBest, rows, 0), { axes: -2, keepDims: true });
    // The first row goes where the best one was, which changes the sign.
    const others = slice(where(isBest, slice(rows, -2, 0, 1), rows), -2, 1);
    const pivot = select(row, -1, 0);
    const factors = div(slice(others, -1, 0, 1), unsqueeze(where(equal(pivot, 0), 1, pivot), -1));
    const signed = where(equal(best, 0), select(pivot, -1, 0), mul(select(pivot, -1, 0), -1));
    product = mul(product, signed);
    rows = sub(slice(others, -1, 1), mul(factors, slice(row, -1, 1)));
  }
  return product;
}
