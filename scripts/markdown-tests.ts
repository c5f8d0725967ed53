import { readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Plugin } from "vite";

/** A fenced block of TypeScript in a Markdown page; `code` keeps the page's line numbers. */
interface Block {
  line: number;
  run: boolean;
  code: string;
}

/** The ```ts blocks of a page. A block marked `no-run` is kept, and reported as skipped. */
function blocks(page: string): Block[] {
  return [...page.matchAll(/^```ts([^\n]*)\n(.*?)^```/gms)].map((match) => {
    const line = page.slice(0, match.index).split("\n").length;
    return { line, run: !match[1]!.includes("no-run"), code: "\n".repeat(line) + match[2] };
  });
}

const root = dirname(import.meta.dirname);
const name = (id: string) => id.replace(/\?.*$/, "");
const blockId = /^(.*\.md)\.(\d+)\.ts$/;

/**
 * Makes every Markdown page a test file: each of its ```ts blocks is a test that runs the block as a module of its own.
 * `@graftjs/x` and `@graftjs/x/y` mean the workspace's sources, wherever the page lies.
 */
export function markdownTests(): Plugin {
  return {
    name: "markdown-tests",
    enforce: "pre",
    config: () => ({
      resolve: {
        alias: [
          { find: /^@graftjs\/([a-z]+)$/, replacement: `${root}/packages/$1/src/index.ts` },
          { find: /^@graftjs\/([a-z]+)\/(.+)$/, replacement: `${root}/packages/$1/src/$2.ts` },
        ],
      },
    }),
    resolveId(id) {
      if (!blockId.test(name(id))) return undefined;
      return id.startsWith(root) ? id : join(root, id); // Vite may ask for a path relative to its root
    },
    load(id) {
      const block = blockId.exec(name(id));
      if (block) return blocks(readFileSync(block[1]!, "utf8")).find(({ line }) => line === Number(block[2]))!.code;
      if (!name(id).endsWith(".md")) return undefined;
      const found = blocks(readFileSync(name(id), "utf8"));
      const tests = found.map(({ line, run }) => {
        const module = JSON.stringify(`${name(id)}.${line}.ts`);
        return `test${run ? "" : ".skip"}("${basename(name(id))}:${line}", () => import(${module}));`;
      });
      return `import { test } from "vitest";\n${tests.join("\n")}\n`;
    },
  };
}
