import { spawnSync } from "node:child_process";
import { availableParallelism, cpus, release, totalmem, type } from "node:os";

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly system: string;
  readonly node: string;
  readonly date: string;
}

export function machine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()}`,
    node: process.versions.node,
    date: new Date().toISOString().slice(0, 16).replace("T", " "),
  };
}

/** A Python that can import torch: `GRAFT_PYTHON`, or `python3` of the path. */
export function findPython(): string | undefined {
  const candidates = [process.env.GRAFT_PYTHON, "python3"].filter((name) => name !== undefined);
  return candidates.find((name) => spawnSync(name, ["-c", "import torch"], { stdio: "ignore" }).status === 0);
}
