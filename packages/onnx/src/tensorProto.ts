import { InvalidModelError } from "./errors.ts";
import { decode, proto, toText } from "./proto.ts";
import { fields, varintValue, WireError, wireType } from "./wire.ts";

/** What a TensorProto says besides its elements, which stay encoded until they are asked for. */
export interface TensorHeader {
  readonly name: string;
  readonly dims: readonly number[];
  /** A number of `TensorProto.DataType`. */
  readonly dataType: number;
  readonly raw: Uint8Array;
  /** Where the elements lie outside of the model file: the entries of `external_data`. */
  readonly external: ReadonlyMap<string, string> | undefined;
  /** The elements of a tensor of strings. */
  readonly strings: readonly Uint8Array[];
}

/** No tensor has more axes, texts, or entries that say where its data lie. */
const [mostAxes, mostStrings, mostEntries] = [1024, 2 ** 20, 64];

const { varint: VARINT, bytes: LENGTH } = wireType;

/** Fields of TensorProto, each with the wire type that its values have outside of packed lists. */
const field = {
  dims: [1, VARINT],
  dataType: [2, VARINT],
  strings: [6, LENGTH],
  name: [8, LENGTH],
  raw: [9, LENGTH],
  external: [13, LENGTH],
  location: [14, VARINT],
} as const;

/** The typed lists: numbers of their fields. */
const typedField = { float: 4, int32: 5, int64: 7, double: 10, uint64: 11 } as const;

/**
 * Reads a TensorProto without decoding its elements: lists of them would take many times the memory of the file.
 * @throws {InvalidModelError} naming `where`, if the bytes are no such message
 */
export function readTensorHeader(where: string, bytes: Uint8Array): TensorHeader {
  const dims: number[] = [];
  const external = new Map<string, string>();
  const strings: Uint8Array[] = [];
  let [name, raw, dataType, location, entries] = ["", bytes.subarray(0, 0), 0, 0, 0];
  return reading(where, () => {
    for (const one of fields(bytes)) {
      const value = bytes.subarray(one.valueStart, one.end);
      const is = ([number, type]: readonly [number, number]): boolean => {
        if (one.number !== number) return false;
        if (one.type === type || (type === VARINT && one.type === LENGTH && number === field.dims[0])) return true;
        throw new InvalidModelError(where, `field ${number} has the wrong type`);
      };
      if (is(field.dims)) {
        for (const [low, high] of varints(value)) dims.push(high * 2 ** 32 + (low >>> 0));
        if (dims.length > mostAxes) throw new InvalidModelError(where, `it has more than ${mostAxes} axes`);
      } else if (is(field.strings)) {
        if (strings.push(value) > mostStrings)
          throw new InvalidModelError(where, `it has more than ${mostStrings} texts`);
      } else if (is(field.dataType)) dataType = varintValue(bytes, one);
      else if (is(field.name)) name = toText(value);
      else if (is(field.raw)) raw = value;
      else if (is(field.location)) location = varintValue(bytes, one);
      else if (is(field.external)) {
        const entry = decode(where, proto.StringStringEntryProto, value);
        external.set(entry.key, entry.value);
        if (++entries > mostEntries)
          throw new InvalidModelError(where, `external_data has more than ${mostEntries} entries`);
      }
    }
    return { name, dims, dataType, raw, external: location === 1 ? external : undefined, strings };
  });
}

/** What the typed lists hold: of `int32_data`, which smaller types use too, the low 32 bits. */
interface TypedLists {
  readonly float: Float32Array;
  readonly double: Float64Array;
  readonly int32: Int32Array;
  readonly int64: BigInt64Array;
  readonly uint64: BigUint64Array;
}

/** How elements of typed lists lie there, when they are not packed. */
const lists = {
  float: { type: wireType.fixed32, array: Float32Array },
  double: { type: wireType.fixed64, array: Float64Array },
  int32: { type: VARINT, array: Int32Array },
  int64: { type: VARINT, array: BigInt64Array },
  uint64: { type: VARINT, array: BigUint64Array },
} as const;

/** The elements of one of a TensorProto's typed lists. @throws {InvalidModelError} naming `where`, if they are encoded otherwise */
export function typedList<K extends keyof TypedLists>(where: string, bytes: Uint8Array, kind: K): TypedLists[K] {
  const { type, array } = lists[kind];
  const width = array.BYTES_PER_ELEMENT;
  return reading(where, () => {
    const chunks = [...chunksOf(where, bytes, typedField[kind], type)];
    const count = (chunk: Uint8Array): number =>
      type === VARINT ? chunk.reduce((n, byte) => n + (byte < 0x80 ? 1 : 0), 0) : chunk.length / width;
    const size = chunks.reduce((sum, chunk) => sum + count(chunk), 0);
    if (!Number.isInteger(size)) throw new InvalidModelError(where, "its list of elements ends within one");
    const made = new array(size);
    const target = type === VARINT ? new Int32Array(made.buffer) : new Uint8Array(made.buffer);
    let at = 0;
    for (const chunk of chunks) {
      if (type !== VARINT) {
        target.set(chunk, at);
        at += chunk.length;
        continue;
      }
      for (const [low, high] of varints(chunk)) {
        target[at++] = low;
        if (width === 8) target[at++] = high;
      }
    }
    return made as TypedLists[K];
  });
}

/** The values of a list, packed or one by one. */
function* chunksOf(where: string, bytes: Uint8Array, number: number, type: number): Generator<Uint8Array, void, void> {
  for (const one of fields(bytes)) {
    if (one.number !== number) continue;
    if (one.type !== type && one.type !== LENGTH)
      throw new InvalidModelError(where, `field ${number} has the wrong type`);
    yield bytes.subarray(one.valueStart, one.end);
  }
}

/** The low and the high 32 bits, signed, of varints that lie one behind the other. */
function* varints(bytes: Uint8Array): Generator<readonly [low: number, high: number], void, void> {
  for (let at = 0; at < bytes.length; ) {
    let [low, high] = [0, 0];
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++];
      if (byte === undefined || shift > 63) {
        throw new WireError(
          byte === undefined ? "truncated" : "malformed",
          at,
          "a varint does not end where it should",
        );
      }
      const bits = byte & 0x7f;
      if (shift < 32) low |= bits << shift;
      if (shift === 28) high = bits >> 4;
      else if (shift > 28) high |= bits << (shift - 32);
      if (byte < 0x80) break;
    }
    yield [low, high];
  }
}

function reading<T>(where: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof WireError) throw new InvalidModelError(where, error.message, { cause: error });
    throw error;
  }
}
