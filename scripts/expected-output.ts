/** Whether a value that was logged is what a part of a comment says. */
type Matches = (got: unknown) => boolean;

const token =
  /\s*(…|\.{3}|[[\]{},:]|-?(?:\d+(?:\.\d+)?(?:e[+-]?\d+)?(?:…|\.{3})?|Infinity\b)|"(?:[^"\\]|\\.)*"|[\p{L}_$][\p{L}\d_$]*)\s*/uy;

const beginsAsValue = /^([[{"\d-]|(true|false|null|undefined|NaN|Infinity)\b)/;

const words = new Map<string, unknown>([
  ...[true, false, null, undefined, Number.NaN, Infinity].map((value) => [String(value), value] as const),
  ["-Infinity", -Infinity],
]);

/**
 * Compares what an example logs with the comment behind it:
 *
 *     console.log(values, more); // [1, 0.6667, …] "text"
 *
 * The comment has a value for each argument, written as in JSON, but also NaN, Infinity and undefined, and keys without quotes.
 * A number with decimals stands for all that round to it, `0.66…` for all that begin like this, an integer for itself and what
 * float32 may make of it. `…` (or `...`) at the end of a list or text stands for what follows. Typed arrays are lists, tensors
 * their nested values, errors their messages. A comment that does not begin as a value is prose: then the arguments are logged.
 * @param at file and line of the call.
 * @throws {Error} if what is logged is something else, or the comment begins as a value and ends as prose.
 */
export function expectOutput(comment: string, at: string, ...got: readonly unknown[]): void {
  if (!beginsAsValue.test(comment)) {
    console.log(...got);
    return;
  }
  reached.add(at);
  const expected = parse(comment);
  if (!expected)
    throw new Error(`${at}: expected values behind console.log, got "${comment}"; put prose on its own line`);
  if (expected.length === got.length && expected.every((matches, i) => matches(got[i]))) return;
  throw new Error(`${at}: expected ${comment}, got ${got.map(format).join(" ")}`);
}

/** What was logged, by file and line. */
const reached = new Set<string>();

/** Checks that an example got as far as to each of the lines whose output is expected. @throws {Error} otherwise. */
export function expectReached(...lines: readonly string[]): void {
  const missed = lines.find((at) => !reached.has(at));
  if (missed) throw new Error(`${missed}: expected that this line logs, got no call of it`);
}

/** The code of an example in which each `console.log(…); // …` is checked, in lines of the same numbers. */
export function checkOutput(code: string, file: string): string {
  const call = /console\.log\((.*)\);[ \t]*\/\/[ \t]*(.*?)[ \t]*$/;
  const checked: string[] = [];
  const lines = code.split("\n").map((line, i) =>
    line.replace(call, (_, args, comment) => {
      const at = JSON.stringify(`${file}:${i + 1}`);
      if (beginsAsValue.test(comment)) checked.push(at);
      return `expectOutput(${JSON.stringify(comment)}, ${at}, ${args});`;
    }),
  );
  if (lines.join("\n") === code) return code;
  const from = JSON.stringify(import.meta.filename);
  return `import { expectOutput, expectReached } from ${from};${lines.join("\n")}\nexpectReached(${checked.join(", ")});\n`;
}

/** The values that a comment lists; undefined if it is something else. */
function parse(comment: string): Matches[] | undefined {
  const tokens: string[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < comment.length) {
    const found = token.exec(comment)?.[1];
    if (found === undefined) return undefined;
    tokens.push(found);
  }
  try {
    const values: Matches[] = [];
    while (tokens.length) values.push(value(tokens));
    return values;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Takes a value from the front of `tokens`. */
function value(tokens: string[]): Matches {
  const first = tokens.shift() ?? "";
  if (first === "[") return list(tokens);
  if (first === "{") return record(tokens);
  if (first.startsWith('"')) return text(JSON.parse(first));
  if (words.has(first)) return (got) => Object.is(got, words.get(first));
  if (/^-?\d/.test(first)) return number(first);
  throw new SyntaxError(`No value: ${first}`);
}

function list(tokens: string[]): Matches {
  const { items, open } = between(tokens, "]", value);
  return (got) => {
    const values = listed(got);
    if (!values || (open ? values.length < items.length : values.length !== items.length)) return false;
    return items.every((matches, i) => matches(values[i]));
  };
}

function record(tokens: string[]): Matches {
  const { items, open } = between(tokens, "}", () => {
    const key = (tokens.shift() ?? "").replace(/^"|"$/g, "");
    if (tokens.shift() !== ":") throw new SyntaxError(`No value of ${key}`);
    return [key, value(tokens)] as const;
  });
  return (got) => {
    if (typeof got !== "object" || got === null || listed(got)) return false;
    if (!open && Object.keys(got).length !== items.length) return false;
    return items.every(([key, matches]) => key in got && matches((got as Record<string, unknown>)[key]));
  };
}

/** What stands between commas up to `end`, and whether `…` says that there is more. */
function between<T>(tokens: string[], end: string, item: (tokens: string[]) => T): { items: T[]; open: boolean } {
  const items: T[] = [];
  let open = false;
  while (tokens[0] !== end) {
    if (items.length > 0 && tokens.shift() !== ",") throw new SyntaxError("No comma");
    if (/^(…|\.{3})$/.test(tokens[0] ?? "")) {
      tokens.shift();
      open = true;
      break;
    }
    items.push(item(tokens));
  }
  if (tokens.shift() !== end) throw new SyntaxError(`No ${end}`);
  return { items, open };
}

function text(expected: string): Matches {
  const begin = expected.replace(/(…|\.{3})$/, "");
  return (got) => {
    const string = got instanceof Error ? got.message : got;
    return typeof string === "string" && (begin === expected ? string === expected : string.startsWith(begin));
  };
}

function number(digits: string): Matches {
  const begin = digits.replace(/(…|\.{3})$/, "");
  const expected = Number(begin);
  const [, decimals = "", exponent = "0"] = /\.?(\d*)(?:e([+-]?\d+))?$/.exec(begin.replace(/^-?\d+/, "")) ?? [];
  const unit = 10 ** (Number(exponent) - decimals.length);
  const rounding = Math.abs(expected) * 2 ** -23;
  return (got) => {
    if (typeof got !== "number" && typeof got !== "bigint") return false;
    const beyond = Number(got) - expected;
    if (begin !== digits) return (begin.startsWith("-") ? -beyond : beyond) >= -rounding && Math.abs(beyond) < unit;
    return Math.abs(beyond) <= (Number.isInteger(expected) && !decimals ? rounding : unit / 2 + rounding);
  };
}

/** The elements of an array, typed array or tensor. */
function listed(got: unknown): readonly unknown[] | undefined {
  if (isTensor(got)) return listed(got.toNested());
  if (ArrayBuffer.isView(got) && Symbol.iterator in got) return Array.from(got as Iterable<unknown> & ArrayBufferView);
  return Array.isArray(got) ? got : undefined;
}

function isTensor(got: unknown): got is { toNested(): unknown } {
  return typeof got === "object" && got !== null && "toNested" in got;
}

/** A value as a comment would have it. */
function format(got: unknown): string {
  const values = listed(got);
  if (values) return `[${values.map(format).join(", ")}]`;
  if (typeof got === "number") return String(Number(got.toPrecision(7)));
  if (got instanceof Error) return JSON.stringify(got.message);
  if (typeof got !== "object" || got === null) return JSON.stringify(got) ?? String(got);
  return `{ ${Object.entries(got)
    .map(([key, each]) => `${key}: ${format(each)}`)
    .join(", ")} }`;
}
