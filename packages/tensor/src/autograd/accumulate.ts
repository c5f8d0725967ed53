import type { Op } from "../op.ts";
import { defineElementwise } from "../ops/define.ts";

/** The sum of two gradients of the same tensor: `add` without broadcasting, so that its own gradient needs no other op. */
export const accumulateOp: Op = defineElementwise({
  name: "add",
  arity: 2,
  scalar: (a, b) => a + b,
  grad: ({ grad }) => [grad, grad],
  samples: [],
});
