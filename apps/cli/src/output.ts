import { randomUUID } from "node:crypto";
import { rename, writeFile } from "node:fs/promises";

/** Text for people; standard output is for results. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** One line of JSON on standard output. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

/** Writes a file whole or not at all. */
export async function writeText(path: string, text: string): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  await writeFile(temporary, text);
  await rename(temporary, path);
}

/** Writes a JSON file whole or not at all. */
export function writeJson(path: string, value: unknown): Promise<void> {
  return writeText(path, `${JSON.stringify(value, null, 2)}\n`);
}

export function percent(x: number): string {
  return `${(100 * x).toFixed(1)} %`;
}
