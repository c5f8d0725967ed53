import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { env, root } from "./setup.mjs";

/** What is published: each package's manifest, with its folder. */
export const packages = [...readdirSync(join(root, "packages")).map((name) => `packages/${name}`), "apps/cli"]
  .map((folder) => ({
    dir: join(root, folder),
    ...JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8")),
  }))
  .filter((found) => !found.private);

/** Runs a command and returns what it writes. */
export function run(cwd, name, ...args) {
  return execFileSync(name, args, { cwd, env, encoding: "utf8", stdio: "pipe", timeout: 300_000 });
}

/** Packs a package into `folder` as npm would publish it, and returns the tarball's path. */
export function pack({ dir, name, version }, folder) {
  run(dir, "pnpm", "pack", "--pack-destination", folder);
  return join(folder, `${name.replace("@", "").replace("/", "-")}-${version}.tgz`);
}
