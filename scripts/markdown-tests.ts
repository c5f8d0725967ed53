import { globSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import type { Plugin } from "vite";
import { checkOutput } from "./expected-output.ts";

/** A fenced block of TypeScript in a Markdown page or a doc comment; `code` keeps the line numbers. */
export interface Block {
  line: number;
  run: boolean;
  code: string;
}

/** The ```ts blocks of a page or source file. A block marked `no-run` is kept, and reported as skipped. */
export function blocks(file: string): Block[] {
  const text = readFileSync(file, "utf8");
  // Of a source, what stands in comments, without their stars.
  const page = file.endsWith(".md") ? text : text.replace(/^ *\* ?/gm, "");
  return [...page.matchAll(/^```ts([^\n]*)\n(.*?)^```/gms)].map((match) => {
    const line = page.slice(0, match.index).split("\n").length;
    return { line, run: !match[1]!.includes("no-run"), code: "\n".repeat(line) + match[2] };
  });
}

const root = dirname(import.meta.dirname);
const name = (id: string) => id.replace(/\?.*$/, "");
const blockId = /^(.*\.(?:md|ts))\.(\d+)\.ts$/;

/** The test file whose tests are the examples in doc comments. */
export const docComments = "scripts/doc-comments.test.ts";

/** The sources that have examples in their doc comments. */
export function sources(): string[] {
  return globSync("{packages,apps}/*/src/**/*.ts", { cwd: root, exclude: (path) => path.endsWith(".test.ts") })
    .map((path) => join(root, path))
    .filter((path) => /^ *\* ```ts/m.test(readFileSync(path, "utf8")));
}

/** A test for each block of a file. */
function tests(file: string): string[] {
  return blocks(file).map(({ line, run }) => {
    const module = JSON.stringify(`${file}.${line}.ts`);
    return `test${run ? "" : ".skip"}("${basename(file)}:${line}", () => import(${module}));`;
  });
}

/** What stands before the tests: no example runs on a device that another one chose. */
const setUp = `
import { useDevice } from "@graftjs/tensor";
import { afterEach, test } from "vitest";
afterEach(() => useDevice(null));
`;

/** The module that stands for a block, for a page or for all doc comments; undefined for other files. */
function generated(id: string): string | undefined {
  const file = name(id);
  const block = blockId.exec(file);
  if (block) {
    const found = blocks(block[1]!).find(({ line }) => line === Number(block[2]));
    return found && checkOutput(found.code, relative(root, block[1]!));
  }
  const files = file.endsWith(docComments) ? sources() : file.endsWith(".md") ? [file] : [];
  return files.length ? `${setUp}${files.flatMap(tests).join("\n")}\n` : undefined;
}

/**
 * Makes every Markdown page a test file: each of its ```ts blocks is a test that runs the block as a module of its own. So are
 * those of doc comments, in one file for all. What a block logs is compared with the comment behind it (`expectOutput`).
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
    load: generated,
    // What is generated depends on files of other names, which the cache of transformed modules does not look at.
    configureVitest: ({ defineCacheKeyGenerator }) => defineCacheKeyGenerator(({ id }) => generated(id)),
  };
}
