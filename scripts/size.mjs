// What each entry weighs in a bundle, with everything it imports: minified and compressed. Kernels (.wasm) stand apart.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "vite";
import { root } from "./setup.mjs";

const kB = (bytes) => `${(bytes / 1000).toFixed(1).padStart(8)} kB`;

console.log(`${"entry".padEnd(24)}${"minified".padStart(11)}${"gzip".padStart(11)}`);
for (const folder of readdirSync(join(root, "packages"))) {
  const dir = join(root, "packages", folder);
  const { name, private: hidden, exports } = JSON.parse(readFileSync(join(dir, "package.json"), "utf8"));
  if (hidden) continue;
  for (const [entry, target] of Object.entries(exports).filter(([, { types }]) => types)) {
    const output = await build({
      root: dir,
      configFile: false,
      logLevel: "error",
      build: {
        write: false,
        minify: true,
        lib: { entry: join(dir, target.default), formats: ["es"] },
        rollupOptions: { external: [/^node:/, "sharp"] },
      },
    });
    const code = output[0].output.map((chunk) => chunk.code ?? "").join("");
    console.log(`${join(name, entry).padEnd(24)}${kB(code.length)}${kB(gzipSync(code).length)}`);
  }
}
