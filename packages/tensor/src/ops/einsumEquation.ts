import { ArgumentError } from "../errors.ts";

/** The axes of each operand and of the output: letters, and for those that `...` stands for, their places from the right. */
export interface EinsumEquation {
  readonly operands: readonly (readonly string[])[];
  readonly output: readonly string[];
}

/**
 * Reads an equation of `einsum` for operands with so many axes.
 * @throws {ArgumentError} if it is malformed, or does not fit the operands.
 */
export function parseEquation(equation: string, ranks: readonly number[]): EinsumEquation {
  const fail = (expected: string): never => {
    throw new ArgumentError({
      op: "einsum",
      expected,
      got: `"${equation}" for ${ranks.length} operands with ${ranks.join(", ")} axes`,
    });
  };
  const [left, right, ...more] = equation.replaceAll(" ", "").split("->") as [string, string?, ...string[]];
  const terms = left.split(",");
  const valid = (term: string): boolean => /^[A-Za-z]*(\.\.\.)?[A-Za-z]*$/.test(term);
  if (more.length > 0 || ![...terms, right ?? ""].every(valid)) fail('letters, "...", "," and one "->"');
  if (terms.length !== ranks.length) fail("one term for each operand");
  const operands = terms.map((term, i) => {
    const letters = term.replace("...", "").length;
    const open = (ranks[i] as number) - letters;
    if (open < 0 || (open > 0 && !term.includes("..."))) fail("as many letters as each operand has axes");
    return spell(term, open);
  });
  const widest = Math.max(0, ...operands.flat().filter(isOpen).map(Number));
  const output = right === undefined ? implicitOutput(operands, widest) : spell(right, widest);
  if (new Set(output).size !== output.length) fail("each letter once in the output");
  return { operands, output };
}

/** One name for each axis; `...` stands for `open` of them, numbered down to 1, so that the last ones have equal names. */
function spell(term: string, open: number): string[] {
  const [before, after] = term.split("...");
  if (after === undefined) return [...term];
  return [...(before as string), ...numbered(open), ...after];
}

function numbered(count: number): string[] {
  return Array.from({ length: count }, (_, i) => String(count - i));
}

function isOpen(axis: string): boolean {
  return /\d/.test(axis);
}

function implicitOutput(operands: readonly (readonly string[])[], widest: number): string[] {
  const letters = operands.flat().filter((axis) => !isOpen(axis));
  const once = letters.filter((axis) => letters.indexOf(axis) === letters.lastIndexOf(axis));
  return [...numbered(widest), ...once.sort()];
}
