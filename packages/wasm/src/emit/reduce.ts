import type { Value } from "@graftjs/tensor";
import type { Commands } from "../commands.ts";
import { emitCopy, emitFill } from "./copy.ts";
import { type Addresses, around, type CallOf, type Emitter, nth, shapeOf, sizeOf } from "./emitter.ts";

/** Longer reductions are cut into chunks, whose results are reduced in turn: for accuracy, and to have work for threads. */
const MAX_LENGTH = 2048;
const CHUNK = 1024;

/** One pass: [outer, length, inner] to [outer, chunks, inner]. */
interface Pass {
  readonly outer: number;
  readonly length: number;
  readonly inner: number;
  readonly chunk: number;
  readonly results: number;
}

/** The passes of a reduction, from the innermost axes outwards; they depend on the shape alone. */
function passesOf(shape: readonly number[], axes: readonly number[]): Pass[] {
  // Neighbouring axes of one kind act as one.
  const groups: { size: number; reduced: boolean }[] = [];
  shape.forEach((size, axis) => {
    if (size === 1) return;
    const reduced = axes.includes(axis);
    const last = groups.at(-1);
    if (last?.reduced === reduced) last.size *= size;
    else groups.push({ size, reduced });
  });
  const passes: Pass[] = [];
  const sizes = groups.map((g) => g.size);
  for (let i = groups.length - 1; i >= 0; i--) {
    if (!groups[i]?.reduced) continue;
    for (let done = false; !done; ) {
      const { outer, length, inner } = around(sizes, i);
      const chunk = length > MAX_LENGTH ? CHUNK : length;
      const chunks = Math.ceil(length / chunk);
      passes.push({ outer, length, inner, chunk, results: outer * chunks * inner });
      sizes[i] = chunks;
      done = chunks === 1;
    }
  }
  return passes;
}

type Reduction = CallOf<"sum" | "max" | "min" | "prod">;

/** Codes of assembly/reduce.ts. */
const operations = { sum: 0, max: 1, min: 2, prod: 3 };

function workspaceBytes({ attrs, inputs, outputs }: Reduction): number {
  if (sizeOf(inputs, 0) === 0 || sizeOf(outputs, 0) === 0) return 0;
  const passes = passesOf(shapeOf(inputs, 0), attrs.axes);
  return passes.slice(0, -1).reduce((sum, p) => sum + 4 * p.results, 0);
}

function emit(call: Reduction, at: Addresses, commands: Commands): void {
  const { dtype, shape } = (call.inputs[0] as Value).spec;
  const target = nth(at.outputs, 0);
  let from = nth(at.inputs, 0);
  if (sizeOf(call.inputs, 0) === 0) {
    emitFill(commands, target, sizeOf(call.outputs, 0), dtype, call.kernel === "prod" ? 1 : 0);
    return;
  }
  const passes = passesOf(shape, call.attrs.axes);
  if (passes.length === 0) {
    const strides = [1];
    const [source, goal] = [
      { address: from, strides },
      { address: target, strides },
    ];
    emitCopy(commands, [sizeOf(call.outputs, 0)], dtype, source, goal);
    return;
  }
  let workspace = at.workspace;
  passes.forEach(({ outer, length, inner, chunk, results }, i) => {
    const to = i === passes.length - 1 ? target : workspace;
    const kernel = dtype === "int32" ? "reduceInt" : "reduceFloat";
    const record = [from, to, outer, length, inner, chunk, operations[call.kernel]];
    commands.add(kernel, (call.kernel === "prod" ? 1 : 0.07) * outer * length * inner, record);
    from = to;
    workspace += 4 * results;
  });
}

/** Sums over axes (assembly/reduce.ts). */
export const sum: Emitter<"sum"> = { workspaceBytes, emit };

/** Maxima over axes (assembly/reduce.ts). */
export const max: Emitter<"max"> = { workspaceBytes, emit };

/** Minima over axes (assembly/reduce.ts). */
export const min: Emitter<"min"> = { workspaceBytes, emit };

/** Products over axes (assembly/reduce.ts). */
export const prod: Emitter<"prod"> = { workspaceBytes, emit };

function emitArgExtreme(call: CallOf<"argmax" | "argmin">, at: Addresses, commands: Commands): void {
  const { shape, dtype } = (call.inputs[0] as Value).spec;
  const { outer, length, inner } = around(shape, call.attrs.axis);
  commands.add("argExtreme", outer * length * inner, [
    ...[nth(at.inputs, 0), nth(at.outputs, 0), outer, length, inner],
    ...[Number(dtype === "int32"), Number(call.kernel === "argmin")],
  ]);
}

/** Index of the maximum along one axis (assembly/argExtreme.ts). */
export const argmax: Emitter<"argmax"> = { emit: emitArgExtreme };

/** Index of the minimum along one axis (assembly/argExtreme.ts). */
export const argmin: Emitter<"argmin"> = { emit: emitArgExtreme };
