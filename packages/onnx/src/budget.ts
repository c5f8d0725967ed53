import { isConstant } from "./constant.ts";
import { type GraphValue, isValue } from "./sequence.ts";

/** As many nodes of nested graphs may run in one run of a graph. */
const mostSteps = 100_000;

/** Constants may have as many elements together in one run of a graph. */
const mostElements = 2 ** 25;

/** What is left, in one run of a graph, of the work and the memory that a file can ask for with a few bytes. */
export class Budget {
  #steps = mostSteps;
  #elements = mostElements;

  /** @returns what is wrong, where so many nodes more of nested graphs are too many to unroll. */
  unroll(nodes: number): string | undefined {
    this.#steps -= nodes;
    return this.#steps < 0 ? `more than ${mostSteps} nodes would run in nested graphs, which is too many` : undefined;
  }

  /** @returns what is wrong, where these results are too much to be known beforehand. */
  fold(results: readonly GraphValue[]): string | undefined {
    for (const value of results) if (isValue(value) && isConstant(value)) this.#elements -= value.data.length;
    return this.#elements < 0
      ? `the constants that it makes have more than ${mostElements} elements together`
      : undefined;
  }
}

const budgets = new WeakMap<object, Budget>();

/** The budget of the run whose values these are. */
export function budgetOf(values: object): Budget {
  const known = budgets.get(values) ?? new Budget();
  budgets.set(values, known);
  return known;
}

/** Lets the values of a nested graph draw on the budget of the run that they belong to. */
export function shareBudget(values: object, outer: object): void {
  budgets.set(values, budgetOf(outer));
}
