import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { baseline } from "../contenders/index.ts";
import { mobileNetV2 } from "../networks/mobileNetV2.ts";
import type { Layer } from "../networks/network.ts";
import { type Alone, compared, median, type Outcome } from "../race.ts";
import { version } from "../version.ts";

/** Photos and model lie beside the repository: they may not be part of it. */
const shared = path("../../../shared/");
const [model, data] = [join(shared, "models/mobilenetv2.onnx"), join(shared, "data/hymenoptera")];
const TIMEOUT_SECONDS = 600;
/** Validation accuracies of the same probe, trained on other shuffles, differ by less: relative. */
const TOLERANCE = 0.03;

interface Entrant {
  readonly name: string;
  /** The command, but for the folder that it writes to. */
  readonly command: (out: string) => readonly [program: string, ...args: string[]];
  readonly input?: string;
}

interface Result {
  readonly val: { readonly accuracy: number };
  readonly versions?: Readonly<Record<string, string>>;
}

/** W5: the whole job of a user. Whole processes are timed, from their start to their end, by turns. */
export async function raceLinearProbe(python: string | undefined, rounds: number): Promise<Outcome> {
  const workload = { group: "W5", title: "linear probe of MobileNetV2, from 397 JPEG files to an ONNX file" } as const;
  const field = entrants(python);
  const absent = [model, data].find((needed) => !existsSync(needed));
  if (absent) {
    const reason = `not run: there is no ${absent.slice(shared.length)} beside the repository`;
    return { workload, standings: [], missing: field.map(({ name }) => ({ name, reason })) };
  }
  const times = new Map(field.map(({ name }) => [name, [] as number[]]));
  const results = new Map<string, Result>();
  const reasons = new Map<string, string>();
  if (!python) reasons.set(baseline, "not found; GRAFT_PYTHON names a Python that has torch");
  // The first round fills the system's file cache and is not counted, unless it is the only one.
  for (let round = rounds === 1 ? 1 : 0; round <= rounds; round++) {
    for (const entrant of field.filter(({ name }) => !reasons.has(name))) {
      try {
        const { seconds, result } = await run(entrant);
        results.set(entrant.name, result);
        if (round > 0) times.get(entrant.name)?.push(seconds * 1000);
      } catch (error) {
        reasons.set(entrant.name, (error as Error).message);
      }
    }
  }
  const finished = [...results].filter(([name]) => !reasons.has(name));
  return {
    workload,
    standings: compared(finished.map(([name, result]) => standing(name, result, times.get(name) ?? []))),
    missing: [...reasons].map(([name, reason]) => ({ name, reason })),
  };
}

function entrants(python: string | undefined): Entrant[] {
  const graft = (engine: string): Entrant => ({
    name: `Graft, --engine ${engine}`,
    command: (out) => {
      const job = ["--model", model, "--data", data, "--recipe", "linear-probe", "--preprocess", "imagenet"];
      return [
        process.execPath,
        path("../../apps/cli/dist/main.js"),
        "train",
        ...job,
        "--engine",
        engine,
        "--out",
        out,
        "--json",
      ];
    },
  });
  const pytorch: Entrant = {
    name: baseline,
    command: (out) => [python ?? "python3", path("linear_probe.py"), model, data, out],
    input: JSON.stringify(folded(mobileNetV2.features)),
  };
  return [graft("onnxruntime"), graft("graft"), pytorch];
}

/** The layers of a file in which batch normalisation is part of the convolutions. */
function folded(layers: readonly Layer[]): Layer[] {
  return layers.flatMap((layer): Layer[] => {
    if (layer.type === "batchNorm") return [];
    if (layer.type === "conv") return [{ ...layer, bias: true }];
    return [layer.type === "residual" ? { ...layer, main: folded(layer.main) } : layer];
  });
}

/** Runs a process to its end; the last line that it prints is JSON. */
async function run({ command, input = "" }: Entrant): Promise<{ seconds: number; result: Result }> {
  const folder = await mkdtemp(join(tmpdir(), "graft-bench-"));
  const [program, ...args] = command(join(folder, "out"));
  try {
    const start = performance.now();
    const output = await new Promise<string>((resolve, reject) => {
      const child = spawn(program, args, { timeout: TIMEOUT_SECONDS * 1000 });
      let [text, errors] = ["", ""];
      child.stdout.on("data", (chunk) => {
        text += chunk;
      });
      child.stderr.on("data", (chunk) => {
        errors += chunk;
      });
      child.stdin.on("error", () => {});
      child.stdin.end(input);
      child.on("error", reject);
      child.on("close", (code) =>
        code === 0 ? resolve(text) : reject(new Error(errors.trim().split("\n").at(-1) || `ended with ${code}`)),
      );
    });
    const seconds = (performance.now() - start) / 1000;
    if (!existsSync(join(folder, "out/model.onnx"))) throw new Error("wrote no model.onnx");
    return { seconds, result: JSON.parse(output.trim().split("\n").at(-1) as string) };
  } finally {
    await rm(folder, { recursive: true });
  }
}

function standing(name: string, { val, versions }: Result, times: readonly number[]): Alone {
  return {
    name,
    versions: versions ?? { Graft: version("@graftjs/tensor") },
    rounds: times,
    runs: times.length,
    median: median(times),
    min: Math.min(...times),
    max: Math.max(...times),
    peakBytes: null,
    result: val.accuracy,
    tolerance: TOLERANCE,
  };
}

function path(relative: string): string {
  return fileURLToPath(new URL(relative, import.meta.url));
}
