// The examples of doc comments, checked by the compiler: they run without their types being looked at.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { blocks, sources } from "./markdown-tests.ts";
import { command, root } from "./setup.mjs";

const folder = join(root, "node_modules", ".cache", "graft", "examples");
const settings = {
  extends: relative(folder, join(root, "tsconfig.base.json")),
  compilerOptions: { declaration: false, isolatedDeclarations: false },
  include: ["**/*.ts"],
};

/** What the compiler says of the examples, with file and line of the source. */
export function exampleTypeErrors() {
  rmSync(folder, { recursive: true, force: true });
  const put = (file, text) => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  };
  put("package.json", JSON.stringify({ type: "module" }));
  put("tsconfig.json", JSON.stringify(settings));
  for (const file of sources()) {
    for (const { line, code } of blocks(file)) put(`${relative(root, file)}.${line}.ts`, code);
  }
  const { output } = command(["tsc", "-p", folder, "--pretty", "false"], true);
  return output
    .split("\n")
    .filter((line) => /examples\/.*: error TS/.test(line)) // not those of the sources, which typecheck tells of
    .map((line) => line.replace(/^.*?examples\//, "").replace(/\.\d+\.ts\((\d+),\d+\)/, ":$1"));
}
