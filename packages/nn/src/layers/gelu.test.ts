import { ArgumentError, tensor } from "@graftjs/tensor";
import { expect, test } from "vitest";
import { GELU, gelu } from "./gelu.ts";

test("an approximation by another name is an error", () => {
  const approximate = "sigmoid" as "tanh";
  expect(() => gelu(tensor([1]), { approximate })).toThrow(ArgumentError);
  expect(() => new GELU({ approximate }).forward(tensor([1]))).toThrow('"none" or "tanh", got sigmoid');
});
