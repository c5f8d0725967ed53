// Compiles the kernels twice: build/simd.wasm runs everywhere, build/relaxed.wasm uses fused multiply-add.
import { mkdir, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker, isMainThread, workerData } from "node:worker_threads";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const builds = { simd: [], relaxed: ["--enable", "relaxed-simd"] };
const flags = [
  ...["--optimizeLevel", "3", "--shrinkLevel", "0", "--runtime", "stub", "--noAssert", "--use", "abort="],
  ...["--enable", "simd,threads,bulk-memory", "--disableWarning", "112"],
  ...["--importMemory", "--sharedMemory", "--initialMemory", "16", "--maximumMemory", "65536"],
];

if (isMainThread) {
  await mkdir(join(root, "build"), { recursive: true });
  const builders = Object.keys(builds).map(
    (name) =>
      new Promise((resolve) => {
        new Worker(new URL(import.meta.url), { workerData: name }).on("exit", resolve);
      }),
  );
  const codes = await Promise.all(builders);
  process.exitCode = codes.some((code) => code !== 0) ? 1 : 0;
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
