import { readFileSync } from "node:fs";
import { findPackageJSON } from "node:module";

/** Version of an installed package. */
export function version(name: string): string {
  const file = findPackageJSON(name, import.meta.url);
  return file ? JSON.parse(readFileSync(file, "utf8")).version : "?";
}
