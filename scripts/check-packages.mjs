// Packs every public package as npm would publish it; lints the tarballs (publint, are-the-types-wrong); installs each of
// them alone into a project of its own, where every entry is imported, by the workspace's Node and by the machine's own,
// and in a page that Vite makes; and trains a small network in Node and in such a page.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { pack, packages, run } from "./packages.mjs";
import { root } from "./setup.mjs";
import { pagesOf } from "./vite-pages.mjs";

const out = join(tmpdir(), `graft-packages-${process.pid}`);
const problems = [];

async function check(found) {
  const { name, exports } = found;
  const tarball = pack(found, out);
  const data = readFileSync(tarball);

  const { messages, pkg } = await publint({ pack: { tarball: new Uint8Array(data).buffer } });
  for (const message of messages) problems.push(`${name}: ${formatMessage(message, pkg)}`);

  // ES modules only: what a CommonJS or a pre-exports resolver would see is not our concern.
  if (exports["."]) {
    const { problems: wrong = [] } = await checkPackage(createPackageFromTarballData(data));
    const ours = wrong.filter(({ resolutionKind }) => !["node10", "node16-cjs"].includes(resolutionKind));
    for (const { kind, entrypoint } of ours) problems.push(`${name}: ${kind} at ${entrypoint ?? "the package"}`);
  }
  return tarball;
}

/** The machine's Node, when it is another than the workspace's. */
function systemNode() {
  const own = process.env.PATH.split(delimiter).filter((dir) => !dir.includes("node_modules"));
  return own.map((dir) => join(dir, process.platform === "win32" ? "node.exe" : "node")).find(existsSync);
}

/** A project in `home` that depends on `names` and nothing else, with a module `main.mjs` and a page that runs it. */
function project(home, folder, names, main) {
  const dir = join(home, folder);
  mkdirSync(dir);
  const dependencies = Object.fromEntries(names.map((name) => [name, "*"]));
  writeFileSync(
    join(dir, "package.json"),
    JSON.stringify({ name: folder, private: true, type: "module", dependencies }),
  );
  writeFileSync(join(dir, "main.mjs"), main);
  // The page says in its title that all is well.
  writeFileSync(join(dir, "page.mjs"), 'await import("./main.mjs");\ndocument.title = "done";\n');
  writeFileSync(join(dir, "index.html"), '<!doctype html><script type="module" src="/page.mjs"></script>');
  return dir;
}

try {
  mkdirSync(out);
  const tarballs = [];
  for (const found of packages) tarballs.push(await check(found));

  const home = join(out, "home");
  mkdirSync(home);
  const alone = packages.map(({ name, exports }) => {
    const entries = Object.keys(exports).filter((entry) => !entry.endsWith(".json"));
    const main = entries.map((entry) => `await import("${name + entry.slice(1)}");\n`).join("");
    return { name, entries, dir: project(home, name.replace("@graftjs/", ""), [name], main) };
  });
  const parts = ["@graftjs/nn", "@graftjs/optim", "@graftjs/tensor", "@graftjs/wasm"];
  const training = project(home, "training", parts, readFileSync(join(root, "scripts", "packed-training.mjs")));
  // What is asked for here is this version, not a published one. Nothing is hoisted: what a package imports, it has to
  // depend on.
  const overrides = Object.fromEntries(packages.map(({ name }, i) => [name, `file:${tarballs[i]}`]));
  writeFileSync(join(home, "pnpm-workspace.yaml"), JSON.stringify({ packages: ["*"], hoist: false, overrides }));
  writeFileSync(join(home, "package.json"), JSON.stringify({ private: true }));
  run(home, "pnpm", "install", "--prefer-offline", "--ignore-scripts");

  for (const node of new Set([process.execPath, systemNode() ?? process.execPath])) {
    for (const { dir } of alone) run(dir, node, "main.mjs");
    run(training, node, "main.mjs");
    const { dir } = alone.find(({ name }) => name === "graftjs");
    run(dir, node, join(dir, "node_modules", "graftjs", "dist", "main.js"), "--help");
  }
  // Entries for Node are not for pages.
  const pages = alone.filter(({ entries }) => entries.includes("."));
  for (const { dir, name } of pages) writeFileSync(join(dir, "main.mjs"), `await import("${name}");\n`);
  problems.push(...(await pagesOf([...pages.map(({ dir }) => dir), training])));
} catch (error) {
  problems.push(error.stderr || error.stdout || error.stack);
} finally {
  rmSync(out, { recursive: true, force: true });
}

for (const problem of problems) console.error(problem);
process.exitCode = problems.length ? 1 : 0;
