import { ones, tensor } from "@graftjs/tensor";
import { expect, test, vi } from "vitest";
import { checkOutput, expectOutput, expectReached } from "./expected-output.ts";

const accepts = (comment: string, ...got: readonly unknown[]) => expectOutput(comment, "page.md:3", ...got);
const rejects = (comment: string, ...got: readonly unknown[]) =>
  expect(() => accepts(comment, ...got), `${comment} for ${String(got)}`).toThrow(/^page\.md:3: expected/);

test("a number stands for what rounds to its decimals", () => {
  accepts("0.6667", 2 / 3);
  accepts("-0.67 2.5", -2 / 3, 2.5);
  accepts("1.2e-7", 1.23e-7);
  rejects("0.6668", 2 / 3);
  rejects("0.666", 2 / 3);
  rejects("-0.6667", 2 / 3);
  rejects("1.3e-7", 1.23e-7);
});

test("an integer stands for itself, up to the rounding of float32", () => {
  accepts("3 1e6", 2.9999998, 1_000_000);
  accepts("0", -0);
  rejects("3", 3.1);
  rejects("0", 1e-9);
  rejects("3", "3");
});

test("an ellipsis stands for what follows", () => {
  accepts("0.666… -0.666...", 2 / 3, -2 / 3);
  accepts('"Expected …" [1, 2, …] { a: 1, … }', "Expected a float", [1, 2, 3], { a: 1, b: 2 });
  rejects("0.667…", 2 / 3);
  rejects('"Expected a…"', "Expected b");
  rejects("[1, 2, …]", [1]);
  rejects("{ a: 1, … }", { b: 2 });
});

test("words are exact", () => {
  accepts("NaN -Infinity Infinity", Number.NaN, -Infinity, Infinity);
  accepts('true false null undefined "true"', true, false, null, undefined, "true");
  rejects("NaN", 0);
  rejects("Infinity", -Infinity);
  rejects("true", 1);
  rejects("null", undefined);
  rejects('"a"', "b");
});

test("lists are arrays, typed arrays and tensors", () => {
  accepts(
    "[[1, 2], [3, 4]] [2, 3] [true]",
    tensor([
      [1, 2],
      [3, 4],
    ]),
    Int32Array.of(2, 3),
    [true],
  );
  accepts("[ [1,1],[1,1] ]", ones([2, 2]).toNested());
  rejects("[1, 2]", [1, 2, 3]);
  rejects("[1, 2, 3]", [1, 2]);
  rejects("[[1, 2]]", [1, 2]);
  rejects("[1]", 1);
});

test("objects have the keys that are named, and no other", () => {
  accepts('{ a: 1, "b": [2] }', { a: 1, b: [2] });
  rejects("{ a: 1 }", { a: 1, b: 2 });
  rejects("{ a: 1, b: 2 }", { a: 1 });
  rejects("{ a: 1 }", { a: 2 });
});

test("there is a value for each argument", () => {
  rejects("1 2", 1);
  rejects("1", 1, 2);
  expect(() => accepts("[1, 2]", [1, 0.1])).toThrow("page.md:3: expected [1, 2], got [1, 0.1]");
  expect(() => accepts('"a"', new Error("b"), undefined)).toThrow('page.md:3: expected "a", got "b" undefined');
});

test("prose is not compared, and must not begin as a value", () => {
  const log = vi.spyOn(console, "log").mockImplementation(() => undefined);
  accepts("what goes in and out", 1, 2);
  expect(log).toHaveBeenCalledWith(1, 2);
  log.mockRestore();
  rejects("8 images", 8);
  rejects("[1, 2", [1, 2]);
  rejects("[1 2]", [1, 2]);
});

test("calls with a comment are checked in their line", () => {
  const code = checkOutput(
    '\nconst a = 1;\n  console.log(a, f(2)); // 1 "two"\nconsole.log(a);\nconsole.log(a); // prose',
    "page.md",
  );
  expect(code.split("\n").slice(1)).toEqual([
    "const a = 1;",
    '  expectOutput("1 \\"two\\"", "page.md:3", a, f(2));',
    "console.log(a);",
    'expectOutput("prose", "page.md:5", a);',
    'expectReached("page.md:3");',
    "",
  ]);
  expect(checkOutput("console.log(1);", "page.md")).toBe("console.log(1);");
});

test("every line whose output is expected has to be reached", () => {
  expectOutput("1", "reached.md:3", 1);
  expectReached("reached.md:3");
  expect(() => expectReached("reached.md:3", "reached.md:4")).toThrow(/^reached\.md:4: expected that this line logs/);
});
