import type { Costs } from "@graftjs/onnx";
import { compile, type Device, matmul, ones } from "@graftjs/tensor";

/** How long training would take, from multiply-adds and the speed of this machine: right within a factor of two or so. */
export interface Estimate {
  /** Multiply-adds a second that a large matrix product reaches here, in units of 10⁹. */
  readonly gigaMacsPerSecond: number;
  /** Seconds for the features of 1,000 samples, which a probe computes once. */
  readonly probeSeconds: number | null;
  /** Seconds for an epoch of 1,000 samples in a fine-tune. */
  readonly fineTuneSeconds: number | null;
}

/** What networks of convolutions reach of a large matrix product's speed, in the benchmark of this repository. */
const share = 0.5;
const size = 384;

/** Measures the device for a moment, and estimates by that. */
export function estimate({ probe, fineTune }: Costs, device: Device): Estimate {
  const product = compile((a, b) => matmul(a, b), { device });
  const [a, b] = [ones([size, size]), ones([size, size])];
  const times = Array.from({ length: 12 }, () => {
    const start = performance.now();
    product(a, b);
    return performance.now() - start;
  });
  const perSecond = (1000 * size ** 3) / Math.min(...times);
  const seconds = (macs: number): number => (1000 * macs) / (perSecond * share);
  return {
    gigaMacsPerSecond: perSecond / 1e9,
    probeSeconds: probe && seconds(probe.macs),
    fineTuneSeconds: fineTune && seconds(fineTune.macs),
  };
}

/** An estimate in one line. */
export function formatEstimate({ gigaMacsPerSecond, probeSeconds, fineTuneSeconds }: Estimate): string {
  const parts = [
    ...(probeSeconds === null ? [] : [`${duration(probeSeconds)} for a probe's features`]),
    ...(fineTuneSeconds === null ? [] : [`${duration(fineTuneSeconds)} for an epoch of a fine-tune`]),
  ];
  const speed = `${gigaMacsPerSecond.toFixed(0)} G multiply-adds a second`;
  return `about ${parts.join(", ")}, of 1,000 samples on this machine (${speed}; an estimate, within a factor of two)`;
}

function duration(seconds: number): string {
  if (seconds < 1) return "less than a second";
  return seconds < 120 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;
}
