import { compile, type Device, numel, type Tensor, tensor, zeros } from "@graftjs/tensor";
import { uniform } from "../networks/values.ts";
import { median } from "../race.ts";
import type { Kernel } from "./kernel.ts";

const BYTES = 4;
/** Spread over this many samples. */
const SAMPLES = 5;

export interface Throughput {
  /** Median time of one run. */
  readonly microseconds: number;
  /** 10⁹ operations or bytes a second. */
  readonly rate: number;
  readonly unit: "GFLOP/s" | "GB/s";
}

/** Measures a kernel on tensors that stay on the device, its result included, so that nothing is copied in or out. */
export function measure(kernel: Kernel, device: Device, seconds: number): Throughput {
  const inputs = kernel.shapes.map((shape, i) => tensor(uniform(numel(shape), i, 1), shape));
  const result = zeros(compile(kernel.compute, { device })(...inputs).shape);
  const run = compile(() => result.assign(kernel.compute(...inputs)), { device });
  const touchAndRun = (): void => {
    // Else, as its inputs are constants, the kernel would run once and only its result be copied from then on.
    for (const { storage } of inputs) storage.touched();
    run();
  };
  const times = sample(touchAndRun, seconds);
  const milliseconds = median(times);
  const work = kernel.flops ?? bytesOf([...inputs.filter((_, i) => i !== kernel.unread), result]);
  return {
    microseconds: milliseconds * 1000,
    rate: work / milliseconds / 1e6,
    unit: kernel.flops ? "GFLOP/s" : "GB/s",
  };
}

/** Mean time of a run, in milliseconds, several times over; as many runs a sample as fill its share of the time. */
function sample(run: () => void, seconds: number): number[] {
  const share = (seconds * 1000) / SAMPLES;
  let count = 1;
  for (let time = timeOf(run, count); time < share && count < 2 ** 20; time = timeOf(run, count)) {
    count = Math.max(count + 1, Math.min(count * 10, Math.floor((count * share) / Math.max(time, 1e-3))));
  }
  return Array.from({ length: SAMPLES }, () => timeOf(run, count) / count);
}

function timeOf(run: () => void, count: number): number {
  const start = performance.now();
  for (let i = 0; i < count; i++) run();
  return performance.now() - start;
}

function bytesOf(tensors: readonly Tensor[]): number {
  return tensors.reduce((sum, { size }) => sum + size * BYTES, 0);
}
