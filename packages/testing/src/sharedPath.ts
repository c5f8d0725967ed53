/**
 * Where models and data sets lie that tests use but the repository does not hold: the folder named by `GRAFT_SHARED`, or
 * `shared` beside the repository. `null` where there is none, as in a browser; such tests are then skipped.
 */
export function sharedPath(): string | null {
  const { process } = globalThis as { process?: NodeJS.Process };
  const fs = process?.getBuiltinModule?.("node:fs");
  const url = process?.getBuiltinModule?.("node:url");
  if (!process || !fs || !url) return null;
  const beside = url.fileURLToPath(new URL("../../../../shared", import.meta.url));
  const path = process.env.GRAFT_SHARED ?? beside;
  return fs.existsSync(path) ? path : null;
}
