import type { Operator } from "../src/operator.ts";
import { operators, operatorsByType } from "../src/operators/index.ts";
import { mlOperators } from "../src/operators/ml/index.ts";
import { reasonAgainst, refusedMlOperators } from "../src/refusals.ts";
import type { FolderReport } from "./report.ts";
import { standardOperators } from "./standardOperators.ts";

/** Cases that an operator occurs in and that passed, of all those. */
interface Count {
  readonly passed: number;
  readonly cases: number;
}

const columns = ["operator", "operator sets", "written from", "cases", "gradients"];

/** The part of a row that the operators alone determine. */
export function operatorCells({ opType, since, exports, patterns }: Operator): readonly [string, string, string] {
  const ops = [...new Set([...Object.keys(exports), ...Object.keys(patterns)])].sort();
  return [opType, since.join(", "), ops.map((op) => `\`${op}\``).join(", ")];
}

/** docs/onnx-support.md: which operators are imported and exported, and how the cases of a suite ended. */
export function supportPage(reports: readonly FolderReport[]): string {
  const byName = operators.toSorted((a, b) => (a.opType < b.opType ? -1 : 1));
  const gradients = reports.filter(({ folder }) => folder.endsWith("-grads"));
  const nodes = reports.filter((report) => !gradients.includes(report));
  const rows = byName.map((operator) => [
    ...operatorCells(operator),
    cell(count(nodes, operator.opType)),
    cell(count(gradients, operator.opType)),
  ]);
  const missing = standardOperators.filter((name) => !operatorsByType.has(name));
  return [
    "# ONNX operators",
    "",
    "`npm run conformance -- --suite DIR --update` makes this page from the list of operators and from a run of the suite.",
    "",
    "- **operator sets**: the versions at which the operator's definition changed; all of them are read, from 6 on, and what did",
    "  not change since an older one. A file of a newer set is read where its operators' definitions are among these.",
    "- **written from**: the ops that a network's trace is written from as this operator, by itself or together with others.",
    "- **cases**: how many of the suite's cases with this operator pass. **gradients**: how many of those that compare gradients. Where",
    "  the suite has none, data still has its gradient; indices, shapes, comparisons and random numbers have none.",
    "",
    table(columns, rows),
    "",
    "## The suite",
    "",
    table(
      ["folder", "passed", "failed", "refused by name"],
      reports.map(({ folder, results }) => [
        folder,
        ...(["passed", "failed", "refused"] as const).map((status) =>
          String(results.filter(({ outcome }) => outcome.status === status).length),
        ),
      ]),
    ),
    "",
    "Values are compared with the suite's tolerance, but no tighter than rounding: two units in the last place of float16 and bfloat16,",
    "and 2⁻²¹ of the largest element, as doubles too are computed in single precision. Integers and bools have to be equal. Gradients have",
    "to agree to 1e-3, or 1e-4 of the largest; whole networks' to 1e-4 of the largest, at a point within rounding of the given one.",
    "",
    "## Refused by name",
    "",
    "A model that needs one of these is refused when it is imported, with the node's name and the reason.",
    "",
    table(
      ["operator", "reason"],
      missing.map((name) => [name, reasonAgainst(name)]),
    ),
    "",
    "## Of scikit-learn",
    "",
    "Operators of the domain `ai.onnx.ml` work on numbers here; of the others, each is refused for the reason beside it:",
    "",
    ...mlTables(),
    "",
    "So are operators of other domains, unless the file defines them as functions, and optimisers of",
    "`ai.onnx.preview.training`.",
    "",
  ].join("\n");
}

/** The operators of ai.onnx.ml that are imported, and those that are not. */
export function mlTables(): readonly string[] {
  return [
    table(
      ["operator", "operator sets"],
      mlOperators.map(({ opType, since }) => [opType, since.join(", ")]),
    ),
    "",
    table(
      ["operator", "reason"],
      refusedMlOperators.map((name) => [name, reasonAgainst(name)]),
    ),
  ];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`.replace(/ {2,}/g, " ");
  return [line(head), `|${head.map(() => "---").join("|")}|`, ...rows.map(line)].join("\n");
}

function count(reports: readonly FolderReport[], opType: string): Count {
  const results = reports.flatMap((report) => report.results).filter(({ operators: used }) => used.includes(opType));
  return { passed: results.filter(({ outcome }) => outcome.status === "passed").length, cases: results.length };
}

function cell({ passed, cases }: Count): string {
  if (cases === 0) return "";
  return passed === cases ? String(cases) : `${passed} of ${cases}`;
}
