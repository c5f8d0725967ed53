// What each package weighs, packed as npm would publish it; what a page weighs that imports one layer, with the ops and the
// device under it: both held against scripts/sizes.json. And what each entry weighs in a bundle, with everything it imports,
// minified and compressed (kernels, .wasm, stand apart). With --limits: without the last.
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "vite";
import { pack, packages } from "./packages.mjs";
import { root } from "./setup.mjs";

const kB = (bytes) => `${(bytes / 1000).toFixed(1).padStart(8)} kB`;
const limits = JSON.parse(readFileSync(join(root, "scripts", "sizes.json"), "utf8"));

/** Prints a size with its limit, and complains of one that is over it. */
function hold(what, size, limit) {
  const over = size > limit;
  console.log(`${what.padEnd(24)}${kB(size)}${kB(limit)}${over ? "  TOO LARGE" : ""}`);
  if (!over) return;
  console.error(`${what}: ${size} bytes, ${limit} allowed. Make it smaller, or raise its limit in scripts/sizes.json.`);
  process.exitCode = 1;
}

function packed() {
  const folder = mkdtempSync(join(tmpdir(), "graft-sizes-"));
  console.log(`${"package".padEnd(24)}${"packed".padStart(11)}${"limit".padStart(11)}`);
  try {
    for (const found of packages) {
      const { size } = statSync(pack(found, folder));
      hold(found.name, size, limits.packed[found.name] ?? 0);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A layer, and what it takes to train it on the default device. */
const page = `
import { Linear } from "@graftjs/nn";
import { compile, tensor } from "@graftjs/tensor";
import { wasm } from "@graftjs/wasm";
console.log(Linear, compile, tensor, wasm);
`;

async function onePage() {
  const folder = mkdtempSync(join(tmpdir(), "graft-page-"));
  try {
    writeFileSync(join(folder, "page.js"), page);
    const alias = Object.fromEntries(
      packages.flatMap(({ name, dir, exports }) => (exports["."] ? [[name, join(dir, exports["."].default)]] : [])),
    );
    const { output } = await build({
      root: folder,
      configFile: false,
      logLevel: "error",
      resolve: { alias },
      build: {
        write: false,
        target: "esnext",
        assetsInlineLimit: 0,
        rollupOptions: { input: join(folder, "page.js") },
      },
    });
    const compressed = (suffix) =>
      output
        .filter(({ fileName }) => fileName.endsWith(suffix))
        .map((file) => gzipSync(file.code ?? file.source).length);
    console.log(`\nimport { Linear } from "@graftjs/nn", with tensor and wasm`);
    hold(
      "script, gzip",
      compressed(".js").reduce((a, b) => a + b, 0),
      limits.page.script,
    );
    // Of the two builds of the kernels, a page loads one.
    hold("kernels, gzip", Math.max(...compressed(".wasm")), limits.page.kernels);
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
await onePage();
if (!process.argv.includes("--limits")) await bundled();
