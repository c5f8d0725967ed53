// What each package weighs: packed as npm would publish it, held against scripts/sizes.json; and what each entry weighs in
// a bundle, with everything it imports, minified and compressed (kernels, .wasm, stand apart). With --packed: the first alone.
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "vite";
import { pack, packages } from "./packages.mjs";
import { root } from "./setup.mjs";

const kB = (bytes) => `${(bytes / 1000).toFixed(1).padStart(8)} kB`;
const limits = JSON.parse(readFileSync(join(root, "scripts", "sizes.json"), "utf8"));

function packed() {
  const folder = mkdtempSync(join(tmpdir(), "graft-sizes-"));
  console.log(`${"package".padEnd(24)}${"packed".padStart(11)}${"limit".padStart(11)}`);
  try {
    for (const found of packages) {
      const { size } = statSync(pack(found, folder));
      const limit = limits[found.name] ?? 0;
      const over = size > limit;
      console.log(`${found.name.padEnd(24)}${kB(size)}${kB(limit)}${over ? "  TOO LARGE" : ""}`);
      if (!over) continue;
      console.error(
        `${found.name}: ${size} bytes packed, ${limit} allowed. Make it smaller, or raise its limit in scripts/sizes.json.`,
      );
      process.exitCode = 1;
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function bundled() {
  console.log(`\n${"entry".padEnd(24)}${"minified".padStart(11)}${"gzip".padStart(11)}`);
  for (const { dir, name, exports } of packages) {
    for (const [entry, target] of Object.entries(exports).filter(([, { types }]) => types)) {
      const output = await build({
        root: dir,
        configFile: false,
        logLevel: "error",
        build: {
          write: false,
          minify: true,
          lib: { entry: join(dir, target.default), formats: ["es"] },
          rollupOptions: { external: [/^node:/, "sharp", /^onnxruntime-/] },
        },
      });
      const code = output[0].output.map((chunk) => chunk.code ?? "").join("");
      console.log(`${join(name, entry).padEnd(24)}${kB(code.length)}${kB(gzipSync(code).length)}`);
    }
  }
}

packed();
if (!process.argv.includes("--packed")) await bundled();
