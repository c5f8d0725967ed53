// Compiles the kernels twice: build/simd.wasm runs everywhere, build/relaxed.wasm uses fused multiply-add.
// Does nothing where both are newer than what they are made of.
import { mkdir, readdir, rename, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { isMainThread, Worker, workerData } from "node:worker_threads";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const builds = { simd: [], relaxed: ["--enable", "relaxed-simd"] };
const flags = [
  ...["--optimizeLevel", "3", "--shrinkLevel", "0", "--runtime", "stub", "--noAssert", "--use", "abort="],
  ...["--enable", "simd,threads,bulk-memory", "--disableWarning", "112"],
  ...["--importMemory", "--sharedMemory", "--initialMemory", "16", "--maximumMemory", "65536"],
];

if (isMainThread) {
  await mkdir(join(root, "build"), { recursive: true });
  if (!(await isUpToDate())) {
    const codes = await Promise.all(Object.keys(builds).map(compileInWorker));
    process.exitCode = codes.some((code) => code !== 0) ? 1 : 0;
  }
} else {
  const { main } = await import("assemblyscript/asc");
  const target = join("build", `${workerData}.wasm`);
  const { error } = await main(
    ["assembly/index.ts", ...flags, ...builds[workerData], "--baseDir", root, "--outFile", `${target}.tmp`],
    { stdout: process.stdout, stderr: process.stderr },
  );
  if (error) process.exit(1);
  await rename(join(root, `${target}.tmp`), join(root, target));
}

function compileInWorker(name) {
  return new Promise((resolve) => {
    new Worker(new URL(import.meta.url), { workerData: name }).on("exit", resolve);
  });
}

async function isUpToDate() {
  const sources = (await readdir(join(root, "assembly"))).map((name) => `assembly/${name}`);
  const changed = await Promise.all([...sources, "src/opcodes.ts", "scripts/build-kernels.mjs"].map(modified));
  const built = await Promise.all(Object.keys(builds).map((name) => modified(`build/${name}.wasm`)));
  return Math.min(...built) > Math.max(...changed);
}

/** When a file was last written; 0 if there is none. */
async function modified(path) {
  const { mtimeMs } = await stat(join(root, path)).catch(() => ({ mtimeMs: 0 }));
  return mtimeMs;
}
