import type { Parameter } from "@graftjs/nn";
import { CutError } from "./errors.ts";

/** Which parameters: one by name, those that a pattern matches, or all that a value depends on. */
export type ParameterSelection = string | RegExp | { readonly until: string };

/**
 * The parameters that a selection means; none, where it asks for those before a value that has none.
 * @param namesAt - the names of all that a value depends on; `undefined` if there is no such value.
 * @throws {CutError} if it names nothing
 */
export function selectParameters(
  named: ReadonlyMap<string, Parameter>,
  what: ParameterSelection,
  namesAt: (value: string) => ReadonlySet<string> | undefined,
): Parameter[] {
  const chosen = (fits: (name: string) => boolean): Parameter[] =>
    [...named].flatMap(([name, parameter]) => (fits(name) ? [parameter] : []));
  if (typeof what === "object" && "until" in what) {
    const names = namesAt(what.until);
    if (names) return chosen((name) => names.has(name));
    throw new CutError(`The model computes no value "${what.until}"`, "Name one of its nodes' outputs.");
  }
  const parameters = chosen((name) => (typeof what === "string" ? name === what : name.search(what) >= 0));
  if (parameters.length > 0) return parameters;
  throw new CutError(`No parameter is named ${what}`, "Look at namedParameters() for what there is.");
}
