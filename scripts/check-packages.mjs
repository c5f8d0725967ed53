// Packs every public package as npm would publish it; lints the tarballs (publint, are-the-types-wrong), installs them
// into an empty folder, imports every entry there and trains a small network, on the workspace's Node and on the
// machine's own.
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { pack, packages, run } from "./packages.mjs";
import { root } from "./setup.mjs";

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

try {
  mkdirSync(out);
  const tarballs = [];
  for (const found of packages) tarballs.push(await check(found));

  const home = join(out, "home");
  mkdirSync(home);
  const dependencies = Object.fromEntries(packages.map(({ name }, i) => [name, `file:${tarballs[i]}`]));
  writeFileSync(join(home, "package.json"), JSON.stringify({ private: true, type: "module", dependencies }));
  // The packages depend on each other by version; what is asked for here is this version, not a published one.
  writeFileSync(join(home, "pnpm-workspace.yaml"), JSON.stringify({ overrides: dependencies }));
  run(home, "pnpm", "install", "--prefer-offline", "--ignore-scripts");

  const entries = packages.flatMap(({ name, exports }) =>
    Object.keys(exports)
      .filter((entry) => !entry.endsWith(".json"))
      .map((entry) => name + entry.slice(1)),
  );
  writeFileSync(join(home, "smoke.mjs"), entries.map((entry) => `await import("${entry}");\n`).join(""));
  copyFileSync(join(root, "scripts", "packed-training.mjs"), join(home, "training.mjs"));
  for (const node of new Set([process.execPath, systemNode() ?? process.execPath])) {
    run(home, node, "smoke.mjs");
    run(home, node, "training.mjs");
    run(home, node, join(home, "node_modules", "graftjs", "dist", "main.js"), "--help");
  }
} catch (error) {
  problems.push(error.stderr || error.stdout || error.stack);
} finally {
  rmSync(out, { recursive: true, force: true });
}

for (const problem of problems) console.error(problem);
process.exitCode = problems.length ? 1 : 0;
