import { type ChildProcess, spawn } from "node:child_process";
import { on } from "node:events";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import type { Entry } from "./contenders/index.ts";
import type { Reply, Request } from "./protocol.ts";

/** No contender may keep the others waiting for longer than this. */
const TIMEOUT_SECONDS = 300;

/** A contender in a process of its own, which lives as long as its workload. */
export class Runner {
  readonly #child: ChildProcess | undefined;
  readonly #lines: AsyncIterator<[string]> | undefined;
  /** Settles when the process is gone, or never was. */
  readonly #gone: Promise<Reply>;
  #errors = "";

  constructor(entry: Entry, python: string | undefined) {
    const command = commandOf(entry, python);
    if (!command) {
      this.#gone = Promise.resolve({ cannot: "not found; GRAFT_PYTHON names a Python that has torch" });
      return;
    }
    const [program, ...args] = command;
    const child = spawn(program, args);
    child.stderr.on("data", (chunk) => {
      this.#errors += chunk;
    });
    // A process that died shows by its exit; writing to it is then no error of ours.
    child.stdin.on("error", () => {});
    this.#gone = new Promise((resolve) => {
      child.on("error", ({ message }) => resolve({ cannot: message }));
      child.on("close", () => resolve({ cannot: this.#errors.trim().split("\n").at(-1) || "ended without a reply" }));
    });
    this.#lines = linesOf(child.stdout);
    this.#child = child;
  }

  /** Sends a request and waits for the reply; a process that fails, ends or hangs cannot. */
  async ask(request: Request): Promise<Reply> {
    this.#child?.stdin?.write(`${JSON.stringify(request)}\n`);
    const timer = setTimeout(() => {
      this.#errors += `\nno reply within ${TIMEOUT_SECONDS} s`;
      this.#child?.kill();
    }, TIMEOUT_SECONDS * 1000);
    const line = this.#lines?.next().then(({ value: [json] }): Reply => JSON.parse(json));
    const reply = await Promise.race(line ? [line, this.#gone] : [this.#gone]);
    clearTimeout(timer);
    return reply;
  }

  /** Contenders end when there is nothing left to read. */
  close(): void {
    this.#child?.stdin?.end();
  }
}

function commandOf({ program, flags = [] }: Entry, python: string | undefined): [string, ...string[]] | undefined {
  const file = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
  if (program !== "pytorch") {
    return [process.execPath, ...flags, "--conditions=@graftjs/source", file("contender.ts"), program];
  }
  return python === undefined ? undefined : [python, ...flags, file("contenders/pytorch.py")];
}

function linesOf(input: Readable): AsyncIterator<[string]> {
  return on(createInterface({ input }), "line") as AsyncIterator<[string]>;
}
