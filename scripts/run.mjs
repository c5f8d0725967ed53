// node scripts/run.mjs [COMMAND...]: install if needed, build, then run the command with the workspace's Node.
import { spawn } from "node:child_process";
import { build, env, install, root } from "./setup.mjs";

install();
const built = build();
if (built.code !== 0) {
  console.error(built.output);
  process.exit(built.code);
}

const [name, ...args] = process.argv.slice(2);
if (name) {
  const child = spawn(name, args, { cwd: root, env, stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
  child.on("exit", (code, signal) => process.exit(code ?? (signal === "SIGINT" ? 130 : 1)));
}
