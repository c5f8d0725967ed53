import { describe, expect, test } from "vitest";
import { DTypeError, ShapeError } from "../errors.ts";
import { tensor } from "../tensor.ts";
import { ops } from "./index.ts";
import type { ElementwiseName } from "./names.ts";
import { square } from "./square.ts";

const elementwise = Object.values(ops).filter((op) => op.kind === "elementwise");
const binary = elementwise.filter((op) => op.samples[0]?.inputs.length === 2);

describe("element-wise ops", () => {
  // `cast` takes every dtype.
  test.each(elementwise.filter((op) => op.name !== "cast"))(
    "$name refuses dtypes that it is not for",
    ({ name, samples, infer }) => {
      const count = samples[0]?.inputs.length as number;
      const spec = (dtype: "float32" | "int32" | "bool") =>
        Array.from({ length: count }, () => ({ shape: [2], dtype }));
      const accepted = (["float32", "int32", "bool"] as const).filter((dtype) => {
        try {
          infer({}, ...spec(dtype));
          return true;
        } catch (error) {
          expect(error).toBeInstanceOf(DTypeError);
          expect(error).toMatchObject({ op: name });
          return false;
        }
      });
      expect(accepted).toEqual(takes(name as ElementwiseName));
    },
  );

  test.each(binary)("$name refuses different dtypes, and shapes that do not broadcast", ({ name, infer }) => {
    const dtype = takes(name as ElementwiseName).includes("float32") ? "float32" : "bool";
    expect(() => infer({}, { shape: [2], dtype }, { shape: [2], dtype: "int32" })).toThrowError(DTypeError);
    expect(() => infer({}, { shape: [2], dtype }, { shape: [3], dtype })).toThrowError(ShapeError);
    expect(infer({}, { shape: [2, 1], dtype }, { shape: [3], dtype })[0]?.shape).toEqual([2, 3]);
  });
});

/** Which of float32, int32 and bool an op takes for all of its inputs. */
function takes(name: ElementwiseName): string[] {
  switch (name) {
    case "logicalAnd":
    case "logicalOr":
    case "logicalNot":
    case "where": // x and y may be anything, but here the condition is of the same dtype
      return ["bool"];
    case "bitwiseAnd":
      return ["int32", "bool"];
    case "equal":
    case "notEqual":
    case "less":
    case "lessEqual":
    case "greater":
    case "greaterEqual":
    case "maximum":
    case "minimum":
      return ["float32", "int32", "bool"];
    case "abs":
    case "add":
    case "floorDivide":
    case "fmod":
    case "mul":
    case "neg":
    case "sign":
    case "sub":
      return ["float32", "int32"];
    default:
      return ["float32"];
  }
}

test("squares of truth values are numbers, as powers are", () => {
  const y = square(tensor([true, false]));
  expect([y.dtype, y.toNested()]).toEqual(["int32", [1, 0]]);
});
