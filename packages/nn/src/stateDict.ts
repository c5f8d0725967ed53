import { equalShapes, formatShape, GraftError, type Tensor, tensor } from "@graftjs/tensor";

/** Tensors by name: a module's parameters and buffers. */
export type StateDict = Readonly<Record<string, Tensor>>;

/** Options of {@link loadStateDict}. */
export interface LoadOptions {
  /** Whether missing and unexpected names are an error. Default `true`. */
  readonly strict?: boolean;
}

/** Which names did not match while a state dictionary was loaded. */
export interface LoadReport {
  /** Names that the module has and the dictionary has not. */
  readonly missing: readonly string[];
  /** Names that the dictionary has and the module has not. */
  readonly unexpected: readonly string[];
}

/** A tensor that does not fit the one it is to replace. */
export interface StateDictMismatch {
  readonly name: string;
  readonly expected: string;
  readonly got: string;
}

/**
 * A state dictionary that does not fit the module.
 *
 * @example
 * ```ts
 * import { Linear, StateDictError } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * try {
 *   new Linear(2, 1).loadStateDict({ weight: tensor([[1, 2]]) });
 * } catch (error) {
 *   if (error instanceof StateDictError) console.log(error.missing, error.unexpected); // ["bias"] []
 * }
 * ```
 */
export class StateDictError extends GraftError {
  readonly missing: readonly string[];
  readonly unexpected: readonly string[];
  readonly mismatched: readonly StateDictMismatch[];

  constructor({ missing, unexpected }: LoadReport, mismatched: readonly StateDictMismatch[]) {
    const parts = [
      ...(missing.length > 0 ? [`missing ${list(missing)}`] : []),
      ...(unexpected.length > 0 ? [`unexpected ${list(unexpected)}`] : []),
      ...mismatched.map(({ name, expected, got }) => `${name} expected ${expected}, got ${got}`),
    ];
    const help = mismatched.length > 0 ? "" : " Load with { strict: false } to leave out what does not match.";
    super(`loadStateDict: the dictionary does not fit the module: ${parts.join("; ")}.${help}`, {
      op: "loadStateDict",
    });
    this.missing = missing;
    this.unexpected = unexpected;
    this.mismatched = mismatched;
  }
}

function list(names: readonly string[]): string {
  return names.slice(0, 8).join(", ") + (names.length > 8 ? ` and ${names.length - 8} more` : "");
}

/** Assigns the tensors of `dict` to those of the same name in `state`: all, or, when it throws, none. */
export function loadStateDict(state: ReadonlyMap<string, Tensor>, dict: StateDict, options: LoadOptions): LoadReport {
  const missing = [...state.keys()].filter((name) => !Object.hasOwn(dict, name));
  const unexpected = Object.keys(dict).filter((name) => !state.has(name) && !/(^|\.)num_batches_tracked$/.test(name));
  const pairs = [...state].flatMap(([name, target]) => {
    const source = Object.hasOwn(dict, name) ? dict[name] : undefined;
    return source ? [{ name, target, source }] : [];
  });
  const mismatched = pairs.flatMap(({ name, target, source }) =>
    equalShapes(target.shape, source.shape) && target.dtype === source.dtype
      ? []
      : [{ name, expected: describe(target), got: describe(source) }],
  );
  const report = { missing, unexpected };
  const { strict = true } = options;
  if (mismatched.length > 0 || (strict && missing.length + unexpected.length > 0)) {
    throw new StateDictError(report, mismatched);
  }
  for (const { target, source } of pairs) target.assign(source);
  return report;
}

function describe(t: Tensor): string {
  return `${t.dtype} ${formatShape(t.shape)}`;
}

/**
 * A copy of all tensors as they are now, from whatever device holds them; later training does not change it.
 *
 * @example
 * ```ts
 * import { copyStateDict, Linear } from "@graftjs/nn";
 *
 * const layer = new Linear(2, 1);
 * const best = await copyStateDict(layer.stateDict());
 * layer.weight.assign([7, 7]);
 * layer.loadStateDict(best);
 * console.log(layer.weight.toArray()[0] === 7); // false
 * ```
 */
export async function copyStateDict(dict: StateDict): Promise<Record<string, Tensor>> {
  const entries = Object.entries(dict).map(async ([name, t]) => [name, tensor(await t.read(), t.shape)] as const);
  return Object.fromEntries(await Promise.all(entries));
}
