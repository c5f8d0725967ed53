import { formatShape, numel } from "@graftjs/tensor";
import { fail } from "./errors.ts";
import { formats, type SafetensorsDType } from "./formats.ts";

/** Where a tensor lies in a file, and what it is. */
export interface TensorInfo {
  readonly name: string;
  readonly dtype: SafetensorsDType;
  readonly shape: readonly number[];
  /** Its bytes, from `begin` up to, not including, `end`, counted from the start of the file. */
  readonly begin: number;
  readonly end: number;
}

export interface Header {
  /** In order of their places in the file. */
  readonly tensors: readonly TensorInfo[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** Largest header that is read, as in the reference implementation. */
const MAX_HEADER = 100_000_000;

/** Most axes of a tensor; PyTorch allows as many. */
const MAX_RANK = 64;

/** How deep the header's JSON is: the header, a tensor, its shape; and one more for what other writers may add. */
const MAX_DEPTH = 4;

/**
 * The length of the header, from the first eight bytes of a file of `size` bytes.
 * @throws {SafetensorsError} if it does not fit into the file, or is longer than 100 MB.
 */
export function headerLength(first: Uint8Array, size: number): number {
  if (first.length < 8) throw fail("a safetensors file of at least 8 bytes", `${first.length}`);
  const length = new DataView(first.buffer, first.byteOffset, 8).getBigUint64(0, true);
  if (length > MAX_HEADER || length > size - 8) {
    const help = "Is it cut short, or not a safetensors file?";
    throw fail("a header inside of the file", `one of ${length} bytes in ${size}`, help);
  }
  return Number(length);
}

/**
 * What the header of a file of `size` bytes says, checked: sizes and offsets are safe integers that fit the shapes,
 * tensors fill the file without gap or overlap, no name comes twice, metadata are strings.
 * @throws {SafetensorsError} otherwise.
 */
export function parseHeader(bytes: Uint8Array, size: number): Header {
  let json: string;
  try {
    json = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw fail("a header in JSON", (cause as Error).message);
  }
  checkStructure(json);
  let header: unknown;
  try {
    header = JSON.parse(json);
  } catch (cause) {
    throw fail("a header in JSON", (cause as Error).message);
  }
  if (!isRecord(header)) throw fail("a header that is a JSON object", typeof header);
  const metadata = Object.hasOwn(header, "__metadata__") ? header.__metadata__ : {};
  if (!isRecord(metadata) || !Object.values(metadata).every((v) => typeof v === "string")) {
    throw fail("__metadata__ to be a record of strings", JSON.stringify(metadata).slice(0, 80));
  }
  const start = 8 + bytes.length;
  const tensors = Object.entries(header)
    .filter(([name]) => name !== "__metadata__")
    .map(([name, info]) => checkInfo(name, info, start));
  tensors.sort((a, b) => a.begin - b.begin || a.end - b.end);
  checkCoverage(tensors, start, size);
  return { tensors, metadata: metadata as Record<string, string> };
}

/** What JSON.parse would pass over: a name that comes twice in one object. And nesting deeper than any header's. */
function checkStructure(json: string): void {
  const open: (Set<string> | null)[] = [];
  for (let i = 0; i < json.length; i++) {
    const character = json[i];
    if (character === "{" || character === "[") {
      if (open.push(character === "{" ? new Set() : null) > MAX_DEPTH) {
        throw fail(`a header of at most ${MAX_DEPTH} levels`, "a deeper one");
      }
    } else if (character === "}" || character === "]") open.pop();
    else if (character === '"') {
      const end = endOfString(json, i);
      if (isName(json, end)) checkName(json.slice(i, end), open.at(-1));
      i = end - 1;
    }
  }
}

/**
 * Where the string ends that starts at `index`: after a quote with an even number of backslashes before it, or with the text.
 * A regular expression would take a stack as high as the string is long, or look at what follows each quote again and again.
 */
function endOfString(json: string, index: number): number {
  let quote = index;
  let backslashes: number;
  do {
    quote = json.indexOf('"', quote + 1);
    if (quote < 0) return json.length;
    backslashes = 0;
    while (json[quote - 1 - backslashes] === "\\") backslashes++;
  } while (backslashes % 2 === 1);
  return quote + 1;
}

/** Whether a string that ends at `index` is the name of an entry. */
function isName(json: string, index: number): boolean {
  let i = index;
  while (i < json.length && " \t\n\r".includes(json[i] as string)) i++;
  return json[i] === ":";
}

function checkName(quoted: string, names: Set<string> | null | undefined): void {
  let name = quoted;
  try {
    name = JSON.parse(quoted) as string;
  } catch {
    // JSON.parse of the whole says what is wrong.
  }
  if (names?.has(name)) throw fail("each name once", `${name.slice(0, 80)} twice`);
  names?.add(name);
}

function checkInfo(name: string, info: unknown, start: number): TensorInfo {
  const { dtype, shape, data_offsets: offsets } = isRecord(info) ? info : {};
  if (!isSizes(shape) || !isSizes(offsets) || offsets.length !== 2 || typeof dtype !== "string") {
    throw fail(`${name} to have dtype, shape and two data_offsets`, JSON.stringify(info)?.slice(0, 120));
  }
  if (!Object.hasOwn(formats, dtype)) {
    throw fail(`${name} to have one of the types ${Object.keys(formats).join(", ")}`, dtype.slice(0, 40));
  }
  if (shape.length > MAX_RANK) throw fail(`${name} to have at most ${MAX_RANK} axes`, `${shape.length}`);
  const [begin, end] = offsets as [number, number];
  const size = numel(shape) * formats[dtype as SafetensorsDType].bytes;
  if (!Number.isSafeInteger(size) || end - begin !== size) {
    throw fail(`${name}, ${dtype} ${formatShape(shape)}, to take ${size} bytes`, `offsets ${begin} to ${end}`);
  }
  return { name, dtype: dtype as SafetensorsDType, shape, begin: start + begin, end: start + end };
}

/** The tensors must lie side by side, and fill the file. */
function checkCoverage(tensors: readonly TensorInfo[], start: number, size: number): void {
  let at = start;
  for (const { name, begin, end } of tensors) {
    if (begin !== at) {
      const help = "Tensors must neither overlap nor leave gaps.";
      throw fail(`${name} to start at byte ${at - start}`, `${begin - start}`, help);
    }
    at = end;
  }
  if (at !== size) throw fail(`${at - start} bytes of tensors`, `${size - start}`, "Is the file cut short?");
}

function isRecord(x: unknown): x is Record<string, unknown> {
  return typeof x === "object" && x !== null && !Array.isArray(x);
}

function isSizes(x: unknown): x is number[] {
  return Array.isArray(x) && x.every((v) => Number.isSafeInteger(v) && v >= 0);
}
