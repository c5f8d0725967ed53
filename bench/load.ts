import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { median } from "./race.ts";
import { table } from "./report.ts";

/** What a fresh process waits for before the first features of a frozen network, in milliseconds. Medians. */
export interface Load {
  readonly network: string;
  /** The device: its kernels are compiled, and its threads started. */
  readonly start: number;
  /** From the file's bytes to a module. */
  readonly import: number;
  /** The first run: traced, compiled, weights prepared. */
  readonly first: number;
  readonly second: number;
}

/** Import and first run of MobileNetV2 together, in milliseconds. */
const LIMIT = 1000;

/** Measures in `rounds` processes a network. */
export async function measureLoad(rounds: number): Promise<Load[]> {
  const loads: Load[] = [];
  for (const network of ["MobileNetV2", "ResNet-18"]) {
    const samples: Load[] = [];
    for (let i = 0; i < rounds; i++) samples.push(await once(network));
    const of = (key: "start" | "import" | "first" | "second"): number => median(samples.map((s) => s[key]));
    loads.push({ network, start: of("start"), import: of("import"), first: of("first"), second: of("second") });
  }
  return loads;
}

async function once(network: string): Promise<Load> {
  const script = fileURLToPath(new URL("loadOnce.ts", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, ["--conditions=@graftjs/source", script, network]);
  const { finite, ...load } = JSON.parse(stdout) as Load & { finite: boolean };
  if (!finite) throw new Error(`load: the features of ${network} are not finite`);
  return { ...load, network };
}

export function formatLoad(loads: readonly Load[]): string {
  const header = ["network", "device ms", "import ms", "first run ms", "second run ms", "import + first run ms"];
  const rows = loads.map((load) => [
    load.network,
    ...[load.start, load.import, load.first, load.second, load.import + load.first].map((ms) => ms.toFixed(0)),
  ]);
  return `### Load: from an ONNX file in memory to features, batch 1, a fresh process\n\n${table([header, ...rows])}`;
}

/** Holds the load against its bar. */
export function checkLoad(loads: readonly Load[]): { report: string; passed: boolean } {
  const mobile = loads.find(({ network }) => network === "MobileNetV2");
  if (!mobile) return { report: "", passed: true };
  const passed = mobile.import + mobile.first < LIMIT;
  const measured = `${(mobile.import + mobile.first).toFixed(0)} ms`;
  return {
    report: `MobileNetV2, import and first run: ${measured}, below ${LIMIT} ms: ${passed ? "ok" : "MISSED"}.`,
    passed,
  };
}
