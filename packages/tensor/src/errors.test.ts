import { describe, expect, test } from "vitest";
import * as errors from "./errors.ts";

const { ArgumentError, AutogradError, DeviceError, DTypeError, GraftError, isGraftError, ShapeError, TraceError } =
  errors;

describe("errors", () => {
  test.each([ShapeError, DTypeError, ArgumentError])(
    "say operation, expectation, what came and what to do",
    (Class) => {
      const details = { op: "matmul", expected: "[m, k]", got: "[2]", help: "Reshape it." };
      const error = new Class(details);
      expect(error.message).toBe("matmul: expected [m, k], got [2]. Reshape it.");
      expect(error).toMatchObject({ ...details, name: Class.name });
      expect(error).toBeInstanceOf(GraftError);
      expect(new Class({ op: "a", expected: "b", got: "c" }).message).toBe("a: expected b, got c.");
      expect(new Class({ op: "a", expected: "b", got: "c" }).help).toBeUndefined();
    },
  );

  test.each([AutogradError, TraceError, DeviceError])("carry their cause", (Class) => {
    const cause = new Error("inner");
    const error = new Class("outer", {}, { cause });
    expect([error.message, error.cause, error.name, error.op]).toEqual(["outer", cause, Class.name, undefined]);
  });

  test("are recognised by brand", () => {
    expect(isGraftError(new TraceError("x"))).toBe(true);
    expect(isGraftError({ brand: "@graftjs/error" })).toBe(true);
    for (const other of [new Error("x"), null, undefined, "x", {}]) expect(isGraftError(other)).toBe(false);
  });
});
