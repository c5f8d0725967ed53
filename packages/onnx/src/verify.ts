import { type AnyModule, defaultGenerator, type Module } from "@graftjs/nn";
import {
  cast,
  compile,
  type Device,
  floor,
  Generator,
  noGrad,
  randomNormal,
  randomUniform,
  type Tensor,
  type TensorSpec,
  zeros,
} from "@graftjs/tensor";
import { ExportMismatchError } from "./errors.ts";
import { evaluating } from "./evaluating.ts";
import type { OnnxModel } from "./model.ts";
import { OnnxModule } from "./module.ts";
import { drawingNodes } from "./operators/draws.ts";

/** How an exported file is compared with what it was exported from. */
export interface VerifyOptions {
  /** Inputs to compare on; default: two samples of seeded noise. */
  readonly samples?: readonly [Tensor, ...Tensor[]];
  /** Where both are run, compiled; default: eagerly on the device of eager ops. */
  readonly device?: Device;
  /** Largest accepted difference, relative to the largest output where that is above 1. Default 1e-4. */
  readonly tolerance?: number;
}

/** A module that takes and returns tensors. */
export type Network = Module<[Tensor, ...Tensor[]], Tensor>;

/**
 * Imports the file again and runs it and the module, both in evaluation mode, on the same inputs. Nodes that draw random numbers
 * draw the same in both, unless they have seeds of their own.
 * @param forward - calls the module, where that takes something else than tensors in a row.
 * @returns the largest difference of an output
 * @throws {ExportMismatchError} above the tolerance
 */
export async function verify(
  module: AnyModule,
  file: OnnxModel,
  options: VerifyOptions,
  forward = (...inputs: Tensor[]): Tensor => (module as Network).forward(...(inputs as [Tensor, ...Tensor[]])),
): Promise<number> {
  const written = new OnnxModule(file).eval();
  const { tolerance = 1e-4, device, samples = noise(written) } = options;
  const run = (fn: (...inputs: Tensor[]) => Tensor): Promise<ArrayLike<number>> =>
    seeded(() => noGrad(() => (device ? compile(fn, { device }) : fn)(...samples)).read());
  const expected = await evaluating(module, () => run(forward));
  const got = await run((...inputs) => written.forward(...(inputs as [Tensor, ...Tensor[]])));
  const finite = Array.from(expected).filter(Number.isFinite);
  // Where nothing is finite, there is nothing to compare.
  const error = finite.length > 0 || expected.length === 0 ? maxAbsError(expected, got) : Number.NaN;
  const limit = tolerance * finite.reduce((largest, x) => Math.max(largest, Math.abs(x)), 1);
  if (error <= limit) return error;
  throw new ExportMismatchError(error, limit, reasonFor(error, drawingNodes(written.nodes)));
}

/** Why two runs differ, where that is known. */
function reasonFor(error: number, drawing: readonly string[]): string | undefined {
  if (Number.isNaN(error)) return "No output of the module itself is finite: its training may have diverged.";
  if (drawing.length === 0) return undefined;
  return `It draws random numbers, in evaluation too (${drawing.slice(0, 5).join(", ")}), so that no two runs are equal: export the original in evaluation mode.`;
}

/** Runs `fn` with the default generator at a state of its own, and puts it back. */
async function seeded<T>(fn: () => Promise<T>): Promise<T> {
  const { state } = defaultGenerator();
  const before = await state.read();
  state.assign(new Generator(0).state);
  try {
    return await fn();
  } finally {
    state.assign(before);
  }
}

function maxAbsError(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let largest = 0;
  for (let i = 0; i < a.length; i++) {
    if (Object.is(a[i], b[i])) continue;
    const difference = Math.abs((a[i] as number) - (b[i] as number));
    // NaN on one side alone is no match.
    largest = Math.max(largest, Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference);
  }
  return largest;
}

/** Two samples of noise, or as many as the file bakes in; pixels of 0 to 255, and other integers of 0. */
function noise(network: OnnxModule): [Tensor, ...Tensor[]] {
  const generator = new Generator(1);
  const specs: TensorSpec[] = network.inputSpecs(typeof network.input.shape?.[0] === "number" ? undefined : 2);
  const tensors = specs.map(({ shape, dtype }, i) => {
    if (dtype === "float32") return randomNormal(shape, generator);
    if (network.model.graph.inputs[i]?.dtype !== "uint8") return zeros(shape, { dtype });
    return cast(floor(randomUniform(shape, generator, 0, 256)), dtype);
  });
  return tensors as [Tensor, ...Tensor[]];
}
