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

/** Writes a JSON file whole or not at all. */
export async function writeJson(path: string, value: unknown): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  await writeFile(temporary, `${JSON.stringify(value, null, 2)}\n`);
  await rename(temporary, path);
}

export function percent(x: number): string {
  return `${(100 * x).toFixed(1)} %`;
}
