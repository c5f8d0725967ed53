import { apply, type OpName, ops } from "@graftjs/tensor";
import type { Tolerance } from "../closeTo.ts";
import { sampleTensors } from "../samples.ts";
import type { Case } from "./case.ts";

/** Ops whose float32 kernels may lose more than the default tolerance allows. */
const tolerances: { readonly [name in OpName]?: Tolerance } = {
  // x^y = e^(y·ln x): the error of the exponent, in units of the result, grows with it.
  pow: { rtol: 3e-5 },
};

/** Every op on each of its samples. */
export function sampleCases(): Case[] {
  return Object.values(ops).flatMap((op) =>
    op.samples.map(({ attrs, inputs }, i) => ({
      name: `${op.name}, sample ${i}`,
      fn: (...tensors) => apply(op, tensors, attrs),
      inputs: sampleTensors(inputs),
      ...(tolerances[op.name] && { tolerance: tolerances[op.name] as Tolerance }),
    })),
  );
}
