import { FLOP_A_TURN, spin } from "./spin.ts";

/** What one core does at best: the roof under which every kernel stands. */
export interface Peak {
  /** 10⁹ floating-point operations a second: fused multiply-adds of vectors, all in registers. */
  readonly gflops: number;
  /** 10⁹ bytes a second, read and written: a copy of 64 MiB, which no cache holds. */
  readonly gigabytes: number;
  /** The same of copies that read and write so many bytes in all, which caches may hold: the smallest that was measured and is not less. */
  gigabytesOf(bytes: number): number;
}

/** Bytes read and written, from what the first-level cache holds to what none does. */
const COPIES = [2 ** 15, 2 ** 17, 2 ** 19, 2 ** 21, 2 ** 23, 2 ** 25, 2 ** 27];

/** Measures it, within a second. */
export function peak(): Peak {
  const compute = spin("register");
  const turns = 4e6;
  const copies = COPIES.map((bytes) => ({ bytes, gigabytes: copy(bytes) }));
  const { gigabytes } = copies.at(-1) as { gigabytes: number };
  return {
    gflops: (turns * FLOP_A_TURN) / best(() => compute(turns)) / 1e6,
    gigabytes,
    gigabytesOf: (wanted) => copies.find(({ bytes }) => bytes >= wanted)?.gigabytes ?? gigabytes,
  };
}

/** 10⁹ bytes a second of a copy that reads and writes `bytes` in all. */
function copy(bytes: number): number {
  const [from, to] = [new Float32Array(bytes / 8).fill(1), new Float32Array(bytes / 8).fill(2)];
  // As many a sample as make its time long beside the clock's steps.
  const times = Math.max(1, 2 ** 24 / bytes);
  const run = (): void => {
    for (let i = 0; i < times; i++) to.set(from);
  };
  return (times * bytes) / best(run) / 1e6;
}

/** The shortest of some runs, in milliseconds. */
function best(run: () => void): number {
  const times = Array.from({ length: 8 }, () => {
    const start = performance.now();
    run();
    return performance.now() - start;
  });
  return Math.min(...times);
}
