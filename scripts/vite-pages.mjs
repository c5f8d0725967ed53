// Makes pages with Vite, as its users do: once for the development server and once built; and runs them in Chromium.
import { basename } from "node:path";
import { chromium } from "playwright";
import { build, createServer, preview } from "vite";
import { args, executablePath, headers } from "./chromium.ts";

/** What goes wrong with the projects in these folders, each of which has an index.html that ends with the title "done". */
export async function pagesOf(folders) {
  const problems = [];
  for (const root of folders) await build({ root, configFile: false, logLevel: "error", build: { target: "esnext" } });
  if (!executablePath) return problems;
  const browser = await chromium.launch({ executablePath, args });
  try {
    for (const root of folders) {
      const options = { root, configFile: false, logLevel: "error" };
      const built = await preview({ ...options, preview: { headers } });
      problems.push(...(await visit(browser, built, `${basename(root)}, built`)));
      const served = await (await createServer({ ...options, server: { headers } })).listen();
      problems.push(...(await visit(browser, served, `${basename(root)}, in development`)));
    }
  } finally {
    await browser.close();
  }
  return problems;
}

/** Opens a server's page and closes the server; the errors of the page, if it does not come to its end. */
async function visit(browser, server, what) {
  const errors = [];
  const page = await browser.newPage();
  page.on("pageerror", (error) => errors.push(error.message));
  try {
    await page.goto(server.resolvedUrls.local[0]);
    await page.waitForFunction(() => document.title === "done", null, { timeout: 60_000 });
    return [];
  } catch (error) {
    return [`${what}: the page failed: ${errors.join("; ") || error.message}`];
  } finally {
    await page.close();
    await server.close();
  }
}
