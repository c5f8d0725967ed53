import type { AnyModule } from "@graftjs/nn";

/** Runs `fn` with a module in evaluation mode, and puts it and all below it back in the mode they were in. */
export async function evaluating<T>(module: AnyModule, fn: () => T | Promise<T>): Promise<T> {
  // Parents come first, so that what their `train` does to those below is set right afterwards.
  const modes = [...module.namedModules().values()].map((inner) => [inner, inner.training] as const);
  module.eval();
  try {
    return await fn();
  } finally {
    for (const [inner, training] of modes) inner.train(training);
  }
}
