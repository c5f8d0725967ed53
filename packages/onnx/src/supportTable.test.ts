import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { standardOperators } from "../conformance/standardOperators.ts";
import { mlTables, operatorCells } from "../conformance/supportTable.ts";
import { operators, operatorsByType } from "./operators/index.ts";
import { reasonAgainst } from "./refusals.ts";

const page = readFileSync(new URL("../../../docs/onnx-support.md", import.meta.url), "utf8");
const rows = page
  .split("\n")
  .filter((line) => line.startsWith("| "))
  .map((line) => line.split("|").map((cell) => cell.trim()));

it("lists each operator as it is: npm run conformance -- --suite DIR --update", () => {
  const listed = new Set(rows.map((cells) => cells.slice(1, 4).join(" | ")));
  const missing = operators.map((operator) => operatorCells(operator).join(" | ")).filter((row) => !listed.has(row));
  expect(missing).toEqual([]);
});

it("lists each operator of the standard that is refused, with its reason", () => {
  const listed = new Map(rows.map(([, name = "", reason = ""]) => [name, reason]));
  const refused = standardOperators.filter((name) => !operatorsByType.has(name));
  expect(refused.filter((name) => listed.get(name) !== reasonAgainst(name))).toEqual([]);
});

it("lists the operators of scikit-learn's exports", () => {
  expect(page).toContain(mlTables().join("\n"));
});
