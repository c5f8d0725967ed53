// Makes a checkout ready to work: installs what the lockfile names, then builds. Runs on any Node from 20 up.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));
const bin = join(root, "node_modules", ".bin");

// Everything started from here finds the workspace's own tools first, its Node 24 among them.
export const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}`, TURBO_TELEMETRY_DISABLED: "1" };
if (!process.stdout.isTTY) env.NO_COLOR = "1";

/** No command of ours takes so long, in milliseconds; one that hangs must not hang its caller for ever. */
const LIMIT = 20 * 60_000;

/** Runs a command in the root. With `quiet` its output is kept and returned rather than shown. */
export function command(words, quiet = false) {
  const [name, ...args] = words;
  const stdio = quiet ? ["ignore", "pipe", "pipe"] : "inherit";
  const done = spawnSync(name, args, { cwd: root, env, stdio, encoding: "utf8", maxBuffer: 2 ** 28, timeout: LIMIT });
  if (done.error) throw done.error;
  return { code: done.status ?? 1, output: `${done.stdout ?? ""}${done.stderr ?? ""}` };
}

const read = (file) => {
  try {
    return readFileSync(join(root, file), "utf8");
  } catch {
    return "";
  }
};

/** Installs when what lies in node_modules is not what the lockfile says. */
export function install() {
  if (existsSync(join(bin, "node")) && read("node_modules/.pnpm/lock.yaml") === read("pnpm-lock.yaml")) return;
  console.error("Installing packages ...");
  const pnpm = JSON.parse(read("package.json")).packageManager;
  const { code, output } = command(["npx", "--yes", pnpm, "install", "--frozen-lockfile"], true);
  if (code !== 0) {
    console.error(output);
    process.exit(code);
  }
}

/** Builds every package and app; what has not changed comes from turbo's cache. */
export function build() {
  return command(["turbo", "run", "build", "--output-logs=errors-only", "--log-order=grouped"], true);
}
