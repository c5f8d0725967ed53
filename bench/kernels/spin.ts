/** Sums that do not wait for each other: as many as the largest tile of a matrix product has. */
const CHAINS = 12;
const LANES = 4;

/** Floating-point operations of a turn of {@link spin}. */
export const FLOP_A_TURN: number = CHAINS * LANES * 2;

/**
 * A loop that does nothing but sum += x·y on vectors, as many sums as there are chains. `y` lies in a register or, as in a
 * matrix product, is loaded each time from the first-level cache.
 * Source of the encoding: https://webassembly.github.io/spec/core/binary
 */
export function spin(factor: "register" | "memory"): (turns: number) => number {
  const section = (id: number, body: readonly number[]): number[] => [id, ...length(body), ...body];
  const simd = (opcode: number): number[] => [0xfd, ...leb(opcode)];
  const [get, set] = [0x20, 0x21];
  const [i32Const, i32Sub] = [0x41, 0x6b];
  const f32x4 = { splat: simd(0x13), add: simd(0xe4), relaxedMadd: simd(0x105), extractLane0: [...simd(0x1f), 0] };
  const load = (address: number): number[] => [i32Const, 0, ...simd(0), 4, ...leb(address)];
  // Local 0 is the number of turns, 1 and 2 are the factors, the sums come next.
  const sums = Array.from({ length: CHAINS }, (_, i) => 3 + i);
  const half = [0x43, 0, 0, 0, 0x3f];
  const code = [
    ...[1, CHAINS + 2, 0x7b],
    ...[1, 2].flatMap((local) => [...half, ...f32x4.splat, set, local]),
    ...[0x03, 0x40],
    ...sums.flatMap((sum, i) => [
      ...[get, 1, ...(factor === "register" ? [get, 2] : load(16 * i))],
      ...[get, sum, ...f32x4.relaxedMadd, set, sum],
    ]),
    // turns - 1, and on while that is not 0.
    ...[get, 0, i32Const, 1, i32Sub, 0x22, 0, 0x0d, 0, 0x0b],
    ...sums.flatMap((sum, i) => [get, sum, ...(i > 0 ? f32x4.add : [])]),
    ...[...f32x4.extractLane0, 0x0b],
  ];
  const bytes = new Uint8Array([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 1, 0x7f, 1, 0x7d]),
    ...section(3, [1, 0]),
    ...section(5, [1, 0, 1]),
    ...section(7, [1, 4, ...new TextEncoder().encode("spin"), 0, 0]),
    ...section(10, [1, ...length(code), ...code]),
  ]);
  return new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports.spin as (turns: number) => number;
}

function length(bytes: readonly number[]): number[] {
  return leb(bytes.length);
}

function leb(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...leb(value >> 7)];
}
