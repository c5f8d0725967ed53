// What the packages export, as their sources say it: names, kinds, parameters and doc comments.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { parseSync } from "oxc-parser";
import { root } from "./setup.mjs";

const parsed = new Map();

/** The text of a doc comment without its stars. */
function textOf(comment) {
  return comment
    .replace(/^\*/, "")
    .split("\n")
    .map((line) => line.replace(/^\s*\* ?/, ""))
    .join("\n")
    .trim();
}

/** Declarations with their doc comments, imports and exports of one source file. */
function read(file) {
  const known = parsed.get(file);
  if (known) return known;
  const source = readFileSync(file, "utf8");
  const { program, comments } = parseSync(file, source);
  const found = { declared: new Map(), exports: [], imported: new Map() };
  parsed.set(file, found);
  const docs = comments.filter(({ type, value }) => type === "Block" && value.startsWith("*"));
  const docBefore = (start) => {
    const doc = docs.findLast(({ end }) => end <= start && /^\s*(\/\/.*\s*)*$/.test(source.slice(end, start)));
    return doc && textOf(doc.value);
  };
  const declare = (name, kind, start, params) => {
    const before = found.declared.get(name);
    const line = source.slice(0, start).split("\n").length;
    const doc = docBefore(start);
    // Of a function with overloads, the first comment counts, and the last parameters before the implementation.
    if (before) found.declared.set(name, { ...before, doc: before.doc ?? doc });
    else found.declared.set(name, { kind, doc, file: relative(root, file), line, params });
  };
  const declaration = (node, start) => {
    switch (node.type) {
      case "FunctionDeclaration":
      case "TSDeclareFunction":
        return declare(node.id.name, "function", start, node.params.map(parameter));
      case "ClassDeclaration": {
        const { value } = node.body.body.find((member) => member.kind === "constructor") ?? {};
        return declare(node.id.name, "class", start, value?.params.map(parameter));
      }
      case "TSInterfaceDeclaration":
      case "TSTypeAliasDeclaration":
        return declare(node.id.name, "type", start);
      case "VariableDeclaration":
        for (const { id, init } of node.declarations) {
          const isFunction = init?.type === "ArrowFunctionExpression";
          declare(id.name, isFunction ? "function" : "constant", start, init?.params?.map(parameter));
        }
    }
  };
  for (const node of program.body) {
    if (node.type === "ImportDeclaration") {
      for (const { local, imported } of node.specifiers) {
        found.imported.set(local.name, { from: node.source.value, name: imported?.name ?? "*" });
      }
    } else if (node.type === "ExportAllDeclaration") {
      found.exports.push({ from: node.source.value, name: "*", as: node.exported?.name ?? "*", start: node.start });
    } else if (node.type === "ExportNamedDeclaration" && node.declaration) {
      declaration(node.declaration, node.start);
      const { declarations, id } = node.declaration;
      for (const name of declarations?.map((d) => d.id.name) ?? [id.name]) found.exports.push({ name, as: name });
    } else if (node.type === "ExportNamedDeclaration") {
      for (const { local, exported } of node.specifiers) {
        found.exports.push({
          from: node.source?.value,
          name: local.name,
          as: exported.name,
          doc: docBefore(node.start),
        });
      }
    } else declaration(node, node.start);
  }
  return found;
}

/** A parameter as a reader needs it: its name, with a question mark where it may be left out. */
function parameter(node) {
  if (node.type === "TSParameterProperty") return parameter(node.parameter);
  if (node.type === "AssignmentPattern") return `${parameter(node.left)}?`;
  if (node.type === "RestElement") return `...${parameter(node.argument)}`;
  if (node.type === "ObjectPattern") return "options";
  return node.type === "Identifier" ? `${node.name}${node.optional ? "?" : ""}` : "…";
}

const isLocal = (from) => from.startsWith(".");

function surface(file) {
  const { declared, imported, exports } = read(file);
  const all = new Map();
  const put = (as, found) => found && all.set(as, { ...found, name: as });
  for (const entry of exports) {
    const { from, name } = entry.from || declared.has(entry.name) ? entry : (imported.get(entry.name) ?? entry);
    const doc = entry.doc && { doc: entry.doc };
    if (!from) put(entry.as, { ...declared.get(name), ...doc });
    // What another package declares is described there.
    else if (!isLocal(from)) put(entry.as, { kind: "re-export", from, doc: `{@link ${name}} of ${from}.` });
    else if (entry.as === "*") for (const [each, found] of surface(join(dirname(file), from))) all.set(each, found);
    else if (name === "*") put(entry.as, { kind: "namespace", doc: entry.doc, file: relative(root, file) });
    else put(entry.as, { ...surface(join(dirname(file), from)).get(name), ...doc });
  }
  return all;
}

/** The public packages, each with its entries, each with its exports by name. */
export function packages() {
  return readdirSync(join(root, "packages"))
    .map((folder) => ({ folder, ...JSON.parse(readFileSync(join(root, "packages", folder, "package.json"), "utf8")) }))
    .filter((manifest) => !manifest.private)
    .map(({ folder, name, description, exports }) => ({
      folder,
      name,
      description,
      entries: Object.entries(exports)
        .filter(([, target]) => target["@graftjs/source"])
        .map(([entry, target]) => ({
          name: join(name, entry),
          exports: surface(join(root, "packages", folder, target["@graftjs/source"])),
        })),
    }));
}
