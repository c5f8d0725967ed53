/** What one core does at best: the roof under which every kernel stands. */
export interface Peak {
  /** 10⁹ floating-point operations a second: fused multiply-adds of vectors, all in registers. */
  readonly gflops: number;
  /** 10⁹ bytes a second, read and written: a copy of 64 MiB, which no cache holds. */
  readonly gigabytes: number;
}

/** Sums that do not wait for each other: as many as the largest tile of a matrix product has. */
const CHAINS = 12;
const LANES = 4;
const COPIED_FLOATS = 2 ** 24;

/** Measures it, within a second. */
export function peak(): Peak {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(loop()));
  const spin = exports.spin as (turns: number) => number;
  const turns = 4e6;
  const [from, to] = [new Float32Array(COPIED_FLOATS).fill(1), new Float32Array(COPIED_FLOATS).fill(2)];
  return {
    gflops: (turns * CHAINS * LANES * 2) / best(() => spin(turns)) / 1e6,
    gigabytes: (2 * from.byteLength) / best(() => to.set(from)) / 1e6,
  };
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

/**
 * A module `spin(turns: i32): f32` that does nothing but x·y + sum, as many sums as there are chains.
 * Source of the encoding: https://webassembly.github.io/spec/core/binary
 */
function loop(): Uint8Array<ArrayBuffer> {
  const section = (id: number, body: readonly number[]): number[] => [id, ...length(body), ...body];
  const simd = (opcode: number): number[] => [0xfd, ...leb(opcode)];
  const [get, set] = [0x20, 0x21];
  // Local 0 is the number of turns, 1 and 2 are the factors, the sums come next.
  const sums = Array.from({ length: CHAINS }, (_, i) => 3 + i);
  const f32x4 = { splat: simd(0x13), add: simd(0xe4), relaxedMadd: simd(0x105), extractLane0: [...simd(0x1f), 0] };
  const half = [0x43, 0, 0, 0, 0x3f];
  const code = [
    ...[1, CHAINS + 2, 0x7b],
    ...[1, 2].flatMap((local) => [...half, ...f32x4.splat, set, local]),
    ...[0x03, 0x40],
    ...sums.flatMap((sum) => [get, 1, get, 2, get, sum, ...f32x4.relaxedMadd, set, sum]),
    // turns - 1, and on while that is not 0.
    ...[get, 0, 0x41, 1, 0x6b, 0x22, 0, 0x0d, 0, 0x0b],
    ...sums.flatMap((sum, i) => [get, sum, ...(i > 0 ? f32x4.add : [])]),
    ...[...f32x4.extractLane0, 0x0b],
  ];
  return new Uint8Array([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 1, 0x7f, 1, 0x7d]),
    ...section(3, [1, 0]),
    ...section(7, [1, 4, ...new TextEncoder().encode("spin"), 0, 0]),
    ...section(10, [1, ...length(code), ...code]),
  ]);
}

function length(bytes: readonly number[]): number[] {
  return leb(bytes.length);
}

function leb(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...leb(value >> 7)];
}
