import { ones, sum, type Tensor, tensor } from "@graftjs/tensor";
import { expect, test } from "vitest";
import { Bilinear, ELU, Embedding, EmbeddingBag, GLU, Hardtanh, PReLU, Softshrink, Unflatten } from "../index.ts";

const int = (rows: number[][]): Tensor => tensor(rows, [rows.length, rows[0]?.length ?? 0], { dtype: "int32" });

test("no gradient reaches the row of padding", () => {
  const layer = new Embedding(4, 2, { paddingIdx: -2 });
  expect(layer.paddingIdx).toBe(2);
  sum(layer.forward(int([[0, 2, 2, 3]]))).backward();
  expect(layer.weight.grad?.toNested()).toEqual([
    [1, 1],
    [0, 0],
    [0, 0],
    [1, 1],
  ]);
  expect(layer.forward(tensor([], [0, 3], { dtype: "int32" })).shape).toEqual([0, 3, 2]);
});

test("bags refuse what they cannot do", () => {
  const bag = new EmbeddingBag(4, 2);
  expect(() => bag.forward(tensor([1, 2], [2], { dtype: "int32" }))).toThrow(
    "EmbeddingBag: expected indices [B, N], got [2]",
  );
  expect(() => bag.forward(int([[1, 2]]), ones([1, 2]))).toThrow("expected mode sum with weights of samples, got mean");
  expect(() => new EmbeddingBag(4, 2, { mode: "sum" }).forward(int([[1, 2]]), ones([2]))).toThrow(
    "expected weights of samples of shape [1, 2], got [2]",
  );
  expect(() => new EmbeddingBag(4, 2, { mode: "min" as "max" })).toThrow("expected mode sum, mean or max, got min");
});

test("layers name shapes that they do not take", () => {
  expect(() => new Bilinear(2, 3, 1).forward(ones([4, 2]), ones([5, 3]))).toThrow(
    "Bilinear: expected [..., 2] and [..., 3] with the same leading axes, got [4, 2] and [5, 3]",
  );
  expect(() => new GLU().forward(ones([2, 3]))).toThrow("glu: expected an even size of axis 1, got [2, 3]");
  expect(() => new PReLU(2).forward(ones([2, 3]))).toThrow("prelu: expected a weight of shape [1], or one number");
  expect(() => new Hardtanh(1, 1)).toThrow("Hardtanh: expected minVal < maxVal, got 1 and 1");
  expect(() => new Softshrink(-1).forward(ones([1]))).toThrow("softshrink: expected lambda >= 0, got -1");
  expect(() => new Unflatten(0, [])).toThrow("Unflatten: expected at least one size");
  expect(() => new Unflatten(1, [2, 2]).forward(ones([2, 5]))).toThrow(expect.objectContaining({ name: "ShapeError" }));
});

test("gradients at large numbers are finite", () => {
  const x = tensor([-1e4, 1e4], [2], { requiresGrad: true });
  sum(new ELU().forward(x)).backward();
  expect(x.grad?.toNested()).toEqual([0, 1]);
});
