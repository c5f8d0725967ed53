// The public surface of every package, one report an entry under etc/. Compares by default; --update writes.
// Reads what tsc emitted, so that a report shows what a user's editor shows: declarations, without comments.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseSync } from "oxc-parser";
import { root } from "./setup.mjs";

const parsed = new Map();

/** Top-level declarations, imports and exports of one .d.ts file. */
function read(file) {
  const known = parsed.get(file);
  if (known) return known;
  const source = readFileSync(file, "utf8");
  const { program, comments } = parseSync(file, source);
  const found = { declared: new Map(), imported: new Map(), exports: [] };
  parsed.set(file, found);

  const declare = (name, node) => {
    let text = source.slice(node.start, node.end);
    const inside = comments.filter(({ start, end }) => start >= node.start && end <= node.end);
    for (const { start, end } of inside.reverse()) {
      text = text.slice(0, start - node.start) + text.slice(end - node.start);
    }
    text = text.replace(/\n\s*(?=\n)/g, "").replace(/\n\s*(private |#private)[^\n]*/g, "");
    found.declared.set(name, [...(found.declared.get(name) ?? []), text.replace(/^(export |declare )+/, "")]);
  };
  const names = (node) => (node.declarations ? node.declarations.map(({ id }) => id.name) : [node.id.name]);
  const key = (node) => node.name ?? node.value;

  for (const node of program.body) {
    if (node.type === "ImportDeclaration") {
      for (const { local, imported } of node.specifiers) {
        found.imported.set(local.name, { from: node.source.value, name: imported ? key(imported) : "*" });
      }
    } else if (node.type === "ExportAllDeclaration") {
      found.exports.push({ from: node.source.value, name: "*", as: node.exported ? key(node.exported) : "*" });
    } else if (node.type === "ExportNamedDeclaration" && node.declaration) {
      for (const name of names(node.declaration)) {
        declare(name, node);
        found.exports.push({ name, as: name });
      }
    } else if (node.type === "ExportNamedDeclaration") {
      const from = node.source?.value;
      for (const { local, exported } of node.specifiers) {
        found.exports.push({ from, name: key(local), as: key(exported) });
      }
    } else if (node.id || node.declarations) {
      for (const name of names(node)) declare(name, node);
    }
  }
  return found;
}

const sibling = (file, from) => join(dirname(file), from.replace(/\.[jt]s$/, ".d.ts"));

/** Every export of a file: its name and the text that declares it. */
function surface(file) {
  const { declared, imported, exports } = read(file);
  const all = new Map();
  for (const entry of exports) {
    const { as } = entry;
    const { from, name } = entry.from || declared.has(entry.name) ? entry : (imported.get(entry.name) ?? entry);
    if (!from) all.set(as, declared.get(name) ?? [`unresolved ${name}`]);
    else if (!from.startsWith(".")) all.set(as === "*" ? from : as, [`export { ${name} as ${as} } from "${from}"`]);
    else if (as === "*") for (const [each, text] of surface(sibling(file, from))) all.set(each, text);
    else if (name === "*") all.set(as, [`namespace ${as} = "${from}"`]);
    else all.set(as, surface(sibling(file, from)).get(name) ?? [`unresolved ${name}`]);
  }
  return new Map([...all].map(([as, text]) => [as, [...new Set(text)]]));
}

const update = process.argv.includes("--update");
const stale = [];
mkdirSync(join(root, "etc"), { recursive: true });

for (const folder of readdirSync(join(root, "packages"))) {
  const dir = join(root, "packages", folder);
  const { name, private: hidden, exports } = JSON.parse(readFileSync(join(dir, "package.json"), "utf8"));
  if (hidden) continue;
  for (const [entry, { types }] of Object.entries(exports).filter(([, target]) => target.types)) {
    const title = join(name, entry);
    const texts = [...surface(join(dir, types))].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, text]) => text);
    const report = `# ${title}\n\nThe public surface; \`npm run api\` rewrites this file.\n\n\`\`\`ts no-run\n${texts.join("\n\n")}\n\`\`\`\n`;
    const file = join(root, "etc", `${[folder, ...entry.split("/").slice(1)].join(".")}.api.md`);
    let before = "";
    try {
      before = readFileSync(file, "utf8");
    } catch {}
    if (before === report) continue;
    stale.push(title);
    if (update) writeFileSync(file, report);
  }
}

if (stale.length) {
  console.error(
    update ? `Updated: ${stale.join(", ")}` : `Changed: ${stale.join(", ")}. Run npm run api, and commit etc/.`,
  );
  process.exitCode = update ? 0 : 1;
}
