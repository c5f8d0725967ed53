// Checks docs/pytorch.md: it answers for every name of PyTorch's lists, names nothing that is not exported, and leaves out no
// public op, layer, loss, optimiser or schedule.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./setup.mjs";

const compared = ["tensor", "nn", "optim"];
const parts = /^packages\/(tensor\/src\/(ops|random|ranges)|nn\/src\/(layers|losses|init)|optim\/src)/;

/** The words in code of a table cell: names up to a bracket or a dot of a method. */
const codes = (cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, text]) => text);

/** The rows of each section's table: cells by column. */
function sections(text) {
  const found = new Map();
  for (const part of text.split(/^## /m).slice(1)) {
    const title = part.slice(0, part.indexOf("\n")).trim();
    const rows = part.split("\n").filter((line) => line.startsWith("|"));
    found.set(
      title,
      rows.slice(2).map((line) => line.split(/(?<!\\)\|/).slice(1, -1)),
    );
  }
  return found;
}

/** What is wrong with the page, given the packages' exports. */
export function comparison(packages) {
  const problems = [];
  const exported = new Map(
    packages
      .filter(({ folder }) => compared.includes(folder))
      .flatMap(({ entries }) => entries.flatMap(({ exports }) => [...exports])),
  );
  const page = sections(readFileSync(join(root, "docs", "pytorch.md"), "utf8"));
  const names = JSON.parse(readFileSync(join(root, "fixtures", "pytorch", "names.json"), "utf8"));
  for (const [title, list] of Object.entries(names)) {
    const answered = new Set((page.get(title) ?? []).flatMap(([theirs]) => codes(theirs)));
    const open = list.filter((name) => !answered.has(name));
    if (open.length) problems.push(`docs/pytorch.md, ${title}: says nothing of ${open.join(", ")}`);
    const unknown = [...answered].filter((name) => !list.includes(name));
    if (unknown.length) problems.push(`docs/pytorch.md, ${title}: PyTorch has no ${unknown.join(", ")}`);
  }
  const mentioned = new Set();
  for (const [title, rows] of page) {
    for (const [, ours = ""] of rows) {
      for (const code of codes(ours)) {
        const [name] = code.match(/^\w+/) ?? [code];
        mentioned.add(name);
        if (!exported.has(name)) problems.push(`docs/pytorch.md, ${title}: ${name} is not exported`);
      }
    }
  }
  const missing = [...exported.values()].filter(
    ({ name, kind, file }) => ["function", "class"].includes(kind) && parts.test(file) && !mentioned.has(name),
  );
  if (missing.length) problems.push(`docs/pytorch.md: nothing of ${missing.map(({ name }) => name).join(", ")}`);
  return problems;
}
