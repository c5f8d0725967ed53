import { expect, test } from "vitest";
import { lowered } from "../../../test/graphOf.ts";
import { add } from "../../ops/add.ts";
import { gelu } from "../../ops/gelu.ts";
import { matmul } from "../../ops/matmul.ts";
import { mul } from "../../ops/mul.ts";
import { relu } from "../../ops/relu.ts";
import type { Tensor } from "../../tensor.ts";
import type { Call } from "../call.ts";
import type { Output } from "../compile.ts";

const callsOf = (fn: (...inputs: Tensor[]) => Output, ...shapes: number[][]): readonly Call[] =>
  lowered(fn, ...shapes).calls;

const shapes = [[2, 3, 8], [8, 5], [5], [2, 3, 5]];
const describeCall = (call: Call): string => {
  if (call.kernel === "chain") return call.attrs.steps.map((s) => s.op).join(" ");
  const epilogue = call.kernel === "matmul" ? call.attrs.epilogue : undefined;
  return [call.kernel, epilogue?.bias && "bias", epilogue?.residual && "residual", epilogue?.clamp && "clamp"]
    .filter(Boolean)
    .join(" + ");
};

test("a product of a stack takes the bias, and what remains of the chain follows", () => {
  const calls = callsOf((x, w, b) => gelu(add(matmul(x as Tensor, w as Tensor), b as Tensor)), ...shapes);
  expect(calls.map(describeCall)).toEqual(["matmul + bias", "gelu"]);
});

test("what is returned before the rest is written once", () => {
  const calls = callsOf(
    (x, w, b, r) => {
      const y = add(add(matmul(x as Tensor, w as Tensor), b as Tensor), r as Tensor);
      return [y, mul(y, y)];
    },
    ...shapes,
  );
  expect(calls.map(describeCall)).toEqual(["matmul + bias + residual", "mul"]);
});

test("nothing after a result that something else reads", () => {
  const calls = callsOf(
    (x, w, b) => {
      const y = add(matmul(x as Tensor, w as Tensor), b as Tensor);
      return [y, relu(y)];
    },
    ...shapes,
  );
  expect(calls.map(describeCall)).toEqual(["matmul + bias", "relu"]);
  const twice = callsOf(
    (x, w, b) => {
      const y = matmul(x as Tensor, w as Tensor);
      return mul(add(y, b as Tensor), y);
    },
    ...shapes,
  );
  expect(twice.map(describeCall)).toEqual(["matmul", "add mul"]);
});
