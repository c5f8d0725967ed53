import { useDevice } from "@graftjs/tensor";
import { wasm } from "@graftjs/wasm";
import { hold } from "./check.ts";
import { baseline } from "./contenders/index.ts";
import { type Peak, peak } from "./kernels/peak.ts";
import type { Outcome } from "./race.ts";
import { table } from "./report.ts";
import type { Workload } from "./workloads/workload.ts";

/** What Graft's compiled program of a workload has to do, and how long that takes at best. */
export interface Roof {
  readonly title: string;
  /** 10⁹ floating-point operations that are executed: fewer than by definition where Winograd's algorithm is used. */
  readonly gflop: number;
  /** Bytes that calls read and write. */
  readonly bytes: number;
  /** Milliseconds on one core: the longer one of computing and moving, call by call. */
  readonly milliseconds: number;
}

export interface Roofline {
  readonly peak: Peak;
  readonly roofs: readonly Roof[];
}

/** Runs before the one that is looked at: traces, compiles, and prepares constants. */
const WARMUP_RUNS = 2;

export async function measureRoofline(workloads: readonly Workload[]): Promise<Roofline> {
  // Here, not at the top: the harness of the contenders needs no network.
  const { prepare } = await import("./contenders/graft.ts");
  const roof = peak();
  const roofs: Roof[] = [];
  for (const workload of workloads) {
    const device = await wasm({ threads: 1 });
    useDevice(device);
    const run = prepare(workload, device, "compiled");
    for (let i = 0; i < WARMUP_RUNS; i++) run();
    device.startProfile();
    run();
    const { calls } = device.stopProfile();
    useDevice(null);
    device.close();
    const sum = (of: (call: (typeof calls)[number]) => number): number => calls.reduce((total, c) => total + of(c), 0);
    const computing = (flop: number): number => flop / roof.gflops / 1e6;
    const moving = (bytes: number): number => bytes / roof.gigabytesOf(bytes) / 1e6;
    roofs.push({
      title: `${workload.group}: ${workload.title}`,
      gflop: sum(({ executed }) => executed) / 1e9,
      bytes: sum(({ bytes }) => bytes),
      milliseconds: sum(({ executed, bytes }) => Math.max(computing(executed), moving(bytes))),
    });
  }
  return { peak: roof, roofs };
}

/** The section of the report: how near to the roof Graft is, where the baseline stands, and what missed bars ask for. */
export function formatRoofline(
  { peak: { gflops, gigabytes, gigabytesOf }, roofs }: Roofline,
  outcomes: readonly Outcome[],
): string {
  const contenders = [
    { name: "Graft compiled, 1 thread", title: "Graft, 1 thread", threads: 1 },
    { name: "Graft compiled, 2 threads", title: "Graft, 2 threads", threads: 2 },
    { name: baseline, title: "PyTorch, 2 threads", threads: 2 },
  ];
  const header = [
    "workload",
    "GFLOP",
    "MiB",
    "roof of a core, ms",
    ...contenders.flatMap(({ title }) => [`${title}, ms`, "of roof"]),
  ];
  const rows = outcomes.flatMap(({ workload, standings }) => {
    const roof = roofs.find(({ title }) => title === `${workload.group}: ${workload.title}`);
    if (!roof) return [];
    const cells = contenders.flatMap(({ name, threads }) => {
      const time = standings.find((entry) => entry.name === name)?.median;
      return time === undefined ? ["–", "–"] : [digits(time), percent(roof.milliseconds / threads / time)];
    });
    return [[roof.title, digits(roof.gflop), digits(roof.bytes / 2 ** 20), digits(roof.milliseconds), ...cells]];
  });
  const text = [
    `One core does ${gflops.toFixed(1)} GFLOP/s in fused multiply-adds of 128-bit vectors, all in registers, and copies`,
    `${gigabytes.toFixed(1)} GB/s of memory, ${gigabytesOf(0).toFixed(0)} GB/s of its first cache. The roof of a workload is what its kernel calls take at these rates,`,
    "each either computing or moving its operands once, whichever is longer; two threads at best halve it. Multiplications that Winograd's",
    "algorithm saves are not counted. PyTorch has vectors of 256 bits or more: over 100 %, it is faster than any program of the same",
    "calls can be with those of WebAssembly.",
  ].join("\n");
  const missed = missedBars(roofs, outcomes);
  return ["### Roofline", text, table([header, ...rows]), ...(missed.length > 0 ? [missed.join("\n")] : [])].join(
    "\n\n",
  );
}

/** For each missed bar of speed, which share of the roof it asks for. */
function missedBars(roofs: readonly Roof[], outcomes: readonly Outcome[]): string[] {
  return hold(outcomes).flatMap(({ bar, title, ours, theirs, ok }) => {
    const roof = roofs.find((r) => r.title === title);
    const { contender, against, atLeast, of = "speed" } = bar;
    if (ok || of !== "speed" || !roof || !ours || !theirs) return [];
    const threads = contender.includes("1 thread") ? 1 : 2;
    const share = (time: number): string => percent(roof.milliseconds / threads / time);
    return [
      `- ${title}: ${atLeast.toFixed(1)}× ${against} asks ${contender} for ${digits(theirs.median / atLeast)} ms, ${share(theirs.median / atLeast)} of the roof; it is at ${share(ours.median)}.`,
    ];
  });
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`;
}

/** Three digits. */
function digits(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
