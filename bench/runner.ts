import { type ChildProcess, spawn } from "node:child_process";
import { on } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Entry } from "./contenders/index.ts";
import type { Reply, Request } from "./protocol.ts";

/** No contender may keep the others waiting for longer than this. */
const TIMEOUT_SECONDS = 300;

/** A contender in a process of its own, which lives as long as its workload. */
export class Runner {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<[string]>;
  readonly #exit: Promise<Reply>;
  #errors = "";

  constructor(entry: Entry, python: string) {
    const file = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
    const [command, args] =
      entry.program === "pytorch"
        ? [python, [file("contenders/pytorch.py")]]
        : [process.execPath, ["--conditions=@graftjs/source", file("contender.ts"), entry.program]];
    this.#child = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"] });
    this.#child.stderr?.on("data", (chunk) => {
      this.#errors += chunk;
    });
    this.#child.stdin?.on("error", () => {});
    this.#lines = on(createInterface({ input: this.#child.stdout! }), "line") as AsyncIterator<[string]>;
    this.#exit = new Promise((resolve) => {
      this.#child.on("error", (error) => resolve({ cannot: error.message }));
      this.#child.on("close", () =>
        resolve({ cannot: this.#errors.trim().split("\n").at(-1) || "ended without a reply" }),
      );
    });
  }

  /** Sends a request and waits for the reply; a process that ends, fails or hangs becomes a `cannot`. */
  async ask(request: Request): Promise<Reply> {
    this.#child.stdin?.write(`${JSON.stringify(request)}\n`);
    const timer = setTimeout(() => {
      this.#errors += `no reply within ${TIMEOUT_SECONDS} s`;
      this.#child.kill();
    }, TIMEOUT_SECONDS * 1000);
    const line = this.#lines.next().then(({ value }): Reply => JSON.parse(value[0]));
    const reply = await Promise.race([line, this.#exit]);
    clearTimeout(timer);
    return reply;
  }

  close(): void {
    this.#child.stdin?.end();
  }
}
