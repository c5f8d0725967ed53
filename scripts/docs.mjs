// Documentation made from the sources: an index of everything public, one page a package, under docs/api/. Compares by
// default; --update writes. Complains of what is public and not described, of functions and classes without an example, of
// examples that do not type-check, and of a table in docs/pytorch.md that is not whole.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { exampleTypeErrors } from "./example-types.mjs";
import { comparison } from "./pytorch-table.mjs";
import { root } from "./setup.mjs";
import { packages } from "./surface.mjs";

const update = process.argv.includes("--update");
const problems = [];
const all = packages();

/** Of these, the comment has to name what the formula or the numbers come from. */
const sourced = /^packages\/(tensor\/src\/(ops|random|ranges)|nn\/src\/(layers|losses)|optim\/src)/;
/** Helpers and bases in those folders that follow no paper and no page. */
const ownWork = new Set([
  ...[
    "conv2dOutputSize",
    "matmulGeometry",
    "namedPadding",
    "pair",
    "planarSides",
    "sides",
    "single",
    "triple",
    "volumeSides",
  ],
  ...["BatchNorm", "Generator", "GradientAccumulator", "InstanceNorm", "OptimizerStateError", "ParameterGroup"],
  ...["Recurrent", "RecurrentCell", "resample"],
]);
/** Packages whose functions and classes all have an example in their comments. */
const shown = new Set(["tensor", "nn", "optim", "data", "metrics", "models", "onnx", "recipes", "wasm"]);
/** Those that no example shows, and why. */
const notShown = new Map([
  ["@graftjs/data/browser: decodeImage", "examples run in Node, which has no createImageBitmap"],
]);
for (const { folder, entries } of all) {
  for (const { name, exports } of entries) {
    for (const { name: export_, kind, doc, file, line } of exports.values()) {
      const at = `${name}: ${export_} (${file}:${line})`;
      if (!kind) problems.push(`${name}: ${export_} is declared nowhere`);
      else if (!doc) problems.push(`${at} has no doc comment`);
      else if (!/\p{L}.*[.:)`]/su.test(doc)) problems.push(`${at}: the comment has no sentence`);
      else if (
        ["function", "class"].includes(kind) &&
        sourced.test(file) &&
        !ownWork.has(export_) &&
        !isSourced(doc, exports)
      ) {
        problems.push(`${at}: the comment names no source ("Source: https://…")`);
      } else if (
        ["function", "class"].includes(kind) &&
        shown.has(folder) &&
        !notShown.has(`${name}: ${export_}`) &&
        !/^```ts( no-run)?$/m.test(doc)
      ) {
        problems.push(`${at}: the comment has no example (@example, and a block of ts)`);
      }
    }
  }
}

/** Whether a comment names its source, or refers to a function that does. */
function isSourced(doc, exports) {
  if (/https?:\/\//.test(doc)) return true;
  return [...doc.matchAll(/\{@link (\w+)/g)].some(([, name]) => /https?:\/\//.test(exports.get(name)?.doc ?? ""));
}

/** The first sentence of a comment, as Markdown in a table. */
function summary(doc) {
  const paragraph = doc.split(/\n\s*\n|\n@|\n```/)[0].replace(/\s+/g, " ");
  const [sentence] = paragraph.replace(/ (@|Source:).*$/, "").match(/^.*?[.;:](?= [A-Z{`]|$)|^.*$/);
  return sentence
    .replace(/\{@link (\w+)[^}]*\}/g, "`$1`")
    .replace(/[|]/g, "\\|")
    .replace(/[<>]/g, (sign) => (sign === "<" ? "&lt;" : "&gt;"));
}

const titles = {
  function: "Functions",
  class: "Classes",
  constant: "Constants",
  namespace: "Namespaces",
  type: "Types",
  "re-export": "From other packages",
};

function page({ name, description, entries }) {
  const parts = [
    `# ${name}`,
    `${description}. Everything public, by kind; \`npm run docs\` makes this page from the doc comments.`,
  ];
  for (const entry of entries) {
    const list = [...entry.exports.values()];
    if (entries.length > 1) parts.push(`## ${entry.name}`);
    for (const [kind, title] of Object.entries(titles)) {
      const rows = list.filter((e) => e.kind === kind).sort((a, b) => a.name.localeCompare(b.name, "en"));
      if (rows.length === 0) continue;
      parts.push(`${entries.length > 1 ? "###" : "##"} ${title}`, ["| | |", "|---|---|", ...rows.map(row)].join("\n"));
    }
  }
  return `${parts.join("\n\n")}\n`;
}

function row({ name, kind, doc = "", file, params }) {
  const call = kind === "function" ? `${name}(${(params ?? []).join(", ")})` : name;
  const made = kind === "class" && params?.length ? `new ${name}(${params.join(", ")})` : call;
  return `| ${file ? `[\`${made}\`](../../${file})` : `\`${made}\``} | ${summary(doc)} |`;
}

const folder = join(root, "docs", "api");
mkdirSync(folder, { recursive: true });
const pages = new Map(all.map((each) => [`${each.folder}.md`, page(each)]));
const stale = [...pages].filter(
  ([file, text]) => !existsSync(join(folder, file)) || readFileSync(join(folder, file), "utf8") !== text,
);
const gone = readdirSync(folder).filter((file) => !pages.has(file));
if (update) {
  for (const [file, text] of stale) writeFileSync(join(folder, file), text);
  for (const file of gone) rmSync(join(folder, file));
} else
  for (const file of [...stale.map(([file]) => file), ...gone])
    problems.push(`docs/api/${file} is out of date: run npm run docs`);

problems.push(...comparison(all), ...exampleTypeErrors());

for (const problem of problems) console.error(problem);
if (update && stale.length) console.error(`Updated: ${stale.map(([file]) => file).join(", ")}`);
process.exitCode = problems.length ? 1 : 0;
