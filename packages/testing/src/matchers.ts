import { type Comparable, closeTo, type Tolerance } from "./closeTo.ts";

interface MatcherResult {
  readonly pass: boolean;
  readonly message: () => string;
}

declare module "vitest" {
  // The type parameters have to be those of the original declaration.
  interface Matchers<R extends void | Promise<void> = void | Promise<void>, T = unknown> {
    /** As {@link closeTo}. */
    toBeCloseToTensor(expected: Comparable, tolerance?: Tolerance): R;
  }
}

/** Matchers for tensors; a test file takes them in with `expect.extend(matchers)`. */
export const matchers: {
  toBeCloseToTensor(actual: Comparable, expected: Comparable, tolerance?: Tolerance): MatcherResult;
} = {
  toBeCloseToTensor(actual, expected, tolerance) {
    const { pass, message } = closeTo(actual, expected, tolerance);
    return { pass, message: () => message };
  },
};
