import { existsSync, globSync, readFileSync } from "node:fs";
import { playwright } from "@vitest/browser-playwright";
import type { ViteUserConfig } from "vitest/config";
import { docComments, markdownTests } from "./scripts/markdown-tests.ts";

// Workspace packages resolve to their sources, in tests as in the editor.
const conditions = ["@graftjs/source"];
const everywhere = ["**/node_modules/**", "**/dist/**"];

// The Markdown pages that have code to run.
const pages = globSync(["README.md", "{packages,apps}/*/README.md", "docs/**/*.md"]).filter((page) =>
  readFileSync(page, "utf8").includes("\n```ts"),
);

const chromium = [
  process.env.CHROMIUM_PATH,
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
].find((path) => path && existsSync(path));

const node = {
  resolve: { conditions: [...conditions, "module", "node", "development|production"] },
  ssr: {
    resolve: {
      conditions: [...conditions, "module", "node", "development|production"],
      externalConditions: conditions,
    },
  },
};

const config: ViteUserConfig = {
  test: {
    silent: "passed-only",
    maxWorkers: "100%",
    projects: [
      {
        ...node,
        test: {
          name: "node",
          include: ["{packages,apps,bench}/**/*.test.ts"],
          exclude: [...everywhere, "**/*.browser.test.ts"],
          testTimeout: 60_000,
        },
      },
      docs(),
      ...(chromium ? [browser(chromium)] : []),
    ],
  },
};

export default config;

function browser(executablePath: string) {
  const args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"];
  return {
    resolve: { conditions: [...conditions, "module", "browser", "development|production"] },
    // Dependencies found while tests run would reload the page under them.
    optimizeDeps: { entries: ["{packages,apps}/**/*.browser.test.ts"] },
    // Cross-origin isolated, as SharedArrayBuffer asks.
    server: {
      headers: { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" },
    },
    test: {
      name: "browser",
      include: ["{packages,apps}/**/*.browser.test.ts"],
      exclude: everywhere,
      testTimeout: 60_000,
      browser: {
        enabled: true,
        headless: true,
        screenshotFailures: false,
        provider: playwright({
          launchOptions: { executablePath, args: [...args, "--disable-component-update", "--disable-sync"] },
        }),
        instances: [{ browser: "chromium" as const }],
      },
    },
  };
}

function docs() {
  return {
    ...node,
    plugins: [markdownTests()],
    test: { name: "docs", include: [...pages, docComments], isolate: false, testTimeout: 60_000 },
  };
}
