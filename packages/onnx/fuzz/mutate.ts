import { operators } from "../src/operators/index.ts";
import { proto, toNumber } from "../src/proto.ts";
import { concatBytes, encodeBytesField, fields } from "../src/wire.ts";

/** Numbers in [0, 1), the same for the same seed. */
export type Random = () => number;

/** Mulberry32. */
export function sequence(seed: number): Random {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const below = (n: number, random: Random): number => Math.floor(random() * n);

export function pick<T>(list: readonly T[], random: Random): T {
  return list[below(list.length, random)] as T;
}

/** A model with one to four mistakes: in its bytes, or in what they mean. */
export function mutate(bytes: Uint8Array, random: Random): Uint8Array {
  const kind = random();
  if (kind < 0.4) return mutateBytes(bytes, random);
  if (kind < 0.99) return mutateFields(bytes, random);
  return nest(bytes, 1 + below(1500, random));
}

/** Bits flipped, bytes replaced, ends cut off, stretches taken out or put in. */
function mutateBytes(bytes: Uint8Array, random: Random): Uint8Array {
  let result = bytes.slice();
  for (let edits = 1 + below(4, random); edits > 0; edits--) {
    const at = below(result.length, random);
    const some = Uint8Array.from({ length: below(12, random) }, () => random() * 256);
    const edit = random();
    if (edit < 0.5) result[at] = (result[at] ?? 0) ^ (1 << below(8, random));
    else if (edit < 0.7) result[at] = random() * 256;
    else if (edit < 0.8) result = result.slice(0, at);
    else {
      const put = edit < 0.9 ? [] : [some];
      result = concatBytes([result.subarray(0, at), ...put, result.subarray(at + (edit < 0.9 ? some.length : 0))]);
    }
  }
  return result;
}

/** Every input but the first, or every one, becomes an initializer, so that operators meet sizes, axes and bounds that are known. */
function storeInputs({ graph }: InstanceType<typeof proto.ModelProto>, random: Random): void {
  for (const { name = "", type } of graph?.input?.slice(below(2, random)) ?? []) {
    const dims = (type?.tensorType?.shape?.dim ?? []).map(({ dimValue }) => Math.min(toNumber(dimValue), 64));
    const size = dims.reduce((n, d) => n * d, 1);
    if (size > 4096) continue;
    const values = Array.from({ length: size }, () => (random() < 0.9 ? below(4, random) : pick(numbers, random)));
    const dataType = type?.tensorType?.elemType ?? 1;
    const field = dataType === 1 ? "floatData" : dataType === 7 ? "int64Data" : "int32Data";
    graph?.initializer?.push({ name, dataType, dims, [field]: values } as never);
  }
}

type Message = Record<string, unknown>;

/** A field of some message of the model, nested graphs included. */
interface Slot {
  readonly message: Message;
  readonly key: string;
}

/** Fields changed in place: sizes, attributes, names, types, elements, the order of nodes. */
function mutateFields(bytes: Uint8Array, random: Random): Uint8Array {
  const decoded = proto.ModelProto.decode(bytes);
  if (random() < 0.5) storeInputs(decoded, random);
  const model = decoded as unknown as Message;
  for (let edits = 1 + below(4, random); edits > 0; edits--) {
    const slots = slotsOf(model);
    const { message, key } = pick(slots, random);
    const donor = pick(slots, random);
    // A copy, so that no message comes to contain itself.
    message[key] = changed(message[key], structuredClone(donor.message[donor.key]), random);
  }
  try {
    return proto.ModelProto.encode(model).finish();
  } catch {
    // A donor did not fit the field: then the bytes are what is broken.
    return mutateBytes(bytes, random);
  }
}

function slotsOf(message: Message): Slot[] {
  return Object.keys(message).flatMap((key) => {
    const value = message[key];
    const inner = (Array.isArray(value) ? value : [value]).filter(isMessage).flatMap(slotsOf);
    return [{ message, key }, ...inner];
  });
}

function isMessage(value: unknown): value is Message {
  return typeof value === "object" && value !== null && !(value instanceof Uint8Array) && !("low" in value);
}

/** Sizes, axes and counts at which programs stumble. */
const numbers = [-1, 0, 1, 2, 3, 7, 16, 255, 65_536, 2 ** 20, 2 ** 28, 2 ** 31 - 1, -(2 ** 31), 2 ** 40, 2 ** 53, -7];
const floats = [0, -0, 1e-45, 1e38, -1e38, 0.5, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
const texts = ["", "x", "__proto__", "constructor", "../../secret", "/etc/passwd", "\u0000"];
const opTypes = operators.map(({ opType }) => opType);

/** Another value of the same type: a troublesome one, or that of the donor. */
function changed(value: unknown, donor: unknown, random: Random): unknown {
  if (random() < 0.3 && typeof donor === typeof value && Array.isArray(donor) === Array.isArray(value)) return donor;
  if (Array.isArray(value)) return changedList(value, random);
  if (value instanceof Uint8Array) return changedBytes(value, random);
  if (typeof value === "number" || isLong(value)) return pick(random() < 0.8 ? numbers : floats, random);
  if (typeof value === "string") return pick(random() < 0.5 ? texts : opTypes, random);
  return value;
}

function isLong(value: unknown): boolean {
  return typeof value === "object" && value !== null && "low" in value;
}

function changedList(list: readonly unknown[], random: Random): unknown[] {
  const [i, j] = [below(list.length, random), below(list.length, random)];
  const edit = random();
  if (edit < 0.2) return list.toSpliced(i, 1);
  if (edit < 0.3) return list.toSpliced(i, 0, ...list.slice(j, j + 1));
  if (edit < 0.4) return list.map((item, at) => (at === i ? list[j] : at === j ? list[i] : item));
  if (list.some(isMessage)) return list.toReversed();
  return list.length === 0 ? [pick(numbers, random)] : list.with(i, changed(list[i], list[j], random));
}

/** Elements of a tensor: integers of 64 bits set to a troublesome number, or bytes changed. */
function changedBytes(bytes: Uint8Array, random: Random): Uint8Array {
  if (bytes.length < 8 || bytes.length % 8 !== 0 || random() < 0.3) {
    return bytes.length > 0 && random() < 0.5 ? bytes.slice(0, below(bytes.length, random)) : Uint8Array.of(0xff);
  }
  const copy = bytes.slice();
  const at = 8 * below(copy.length / 8, random);
  new DataView(copy.buffer).setBigInt64(at, BigInt(pick(numbers, random)), true);
  return copy;
}

/** The model with one node more, which holds graphs in graphs, `depth` of them. */
function nest(bytes: Uint8Array, depth: number): Uint8Array {
  const text = (field: number, value: string): Uint8Array => encodeBytesField(field, new TextEncoder().encode(value));
  // NodeProto: output = 2, op_type = 4, attribute = 5; AttributeProto: name = 1, g = 6, type = 20; GraphProto: node = 1.
  const head = [text(2, "nested"), text(4, "If")];
  const [name, type] = [text(1, "then_branch"), Uint8Array.of(160, 1, 5)];
  let node = concatBytes(head);
  for (let level = 0; level < depth; level++) {
    const graph = encodeBytesField(6, encodeBytesField(1, node));
    node = concatBytes([...head, encodeBytesField(5, name, graph, type)]);
  }
  // ModelProto: graph = 7.
  const parts = [...fields(bytes)].map(({ number, start, valueStart, end }) =>
    number === 7
      ? encodeBytesField(7, bytes.subarray(valueStart, end), encodeBytesField(1, node))
      : bytes.subarray(start, end),
  );
  return concatBytes(parts);
}
