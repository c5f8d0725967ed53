import { apply, ops } from "@graftjs/tensor";
import { sampleTensors } from "../samples.ts";
import type { Case } from "./case.ts";

/** Every op on each of its samples. */
export function sampleCases(): Case[] {
  return Object.values(ops).flatMap((op) =>
    op.samples.map(({ attrs, inputs }, i) => ({
      name: `${op.name}, sample ${i}`,
      fn: (...tensors) => apply(op, tensors, attrs),
      inputs: sampleTensors(inputs),
    })),
  );
}
