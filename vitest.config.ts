import { globSync, readFileSync } from "node:fs";
import { playwright } from "@vitest/browser-playwright";
import type { ViteUserConfig } from "vitest/config";
import { args, executablePath, headers } from "./scripts/chromium.ts";
import { docComments, markdownTests } from "./scripts/markdown-tests.ts";

// Workspace packages resolve to their sources, in tests as in the editor.
const conditions = ["@graftjs/source"];
const everywhere = ["**/node_modules/**", "**/dist/**"];

// The Markdown pages that have code to run.
const pages = globSync(["README.md", "{packages,apps}/*/README.md", "docs/**/*.md"]).filter((page) =>
  readFileSync(page, "utf8").includes("\n```ts"),
);

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
      ...(executablePath ? [browser(executablePath)] : []),
    ],
  },
};

export default config;

function browser(executablePath: string) {
  return {
    resolve: { conditions: [...conditions, "module", "browser", "development|production"] },
    // Dependencies found while tests run would reload the page under them.
    optimizeDeps: { entries: ["{packages,apps}/**/*.browser.test.ts"] },
    // Cross-origin isolated, as SharedArrayBuffer asks.
    server: { headers },
    test: {
      name: "browser",
      include: ["{packages,apps}/**/*.browser.test.ts"],
      exclude: everywhere,
      testTimeout: 60_000,
      browser: {
        enabled: true,
        headless: true,
        screenshotFailures: false,
        provider: playwright({ launchOptions: { executablePath, args } }),
        instances: [{ browser: "chromium" as const }],
      },
    },
  };
}

function docs() {
  return {
    ...node,
    plugins: [markdownTests()],
    test: {
      name: "docs",
      include: [...pages, docComments, "scripts/expected-output.test.ts"],
      isolate: false,
      testTimeout: 60_000,
    },
  };
}
