import type { Op } from "../op.ts";
import { philox } from "../philox.ts";
import { checkShape, type Shape } from "../shape.ts";

export interface RandomAttrs {
  readonly shape: Shape;
}

/**
 * Counter-based uniform numbers in [0, 1), multiples of 2⁻²⁴: output element i is a function of the state and i alone.
 * The state is int32 [4]: two words of seed, two of the number of draws so far. Outputs: values, and the next state.
 * Source: Philox4x32-10, Salmon et al. 2011, https://doi.org/10.1145/2063384.2063405
 */
export const randomUniformOp: Op<RandomAttrs> = {
  name: "randomUniform",
  kind: "kernel",
  infer: ({ shape }) => {
    checkShape("randomUniform", shape);
    return [
      { shape, dtype: "float32" },
      { shape: [4], dtype: "int32" },
    ];
  },
  reference: ({ outputs }, state) => {
    const [values, next] = outputs as [typeof state, typeof state];
    const [seedLow, seedHigh, drawLow, drawHigh] = state.data as Int32Array;
    for (let i = 0; i < values.data.length; i += 4) {
      const words = philox(i / 4, 0, drawLow as number, drawHigh as number, seedLow as number, seedHigh as number);
      for (let j = 0; j < 4 && i + j < values.data.length; j++) {
        values.data[i + j] = ((words[j] as number) >>> 8) / 2 ** 24;
      }
    }
    next.data.set(state.data as Int32Array);
    next.data[2] = ((drawLow as number) + 1) | 0;
    if (next.data[2] === 0) next.data[3] = ((drawHigh as number) + 1) | 0;
  },
  samples: [
    { attrs: { shape: [3, 5] }, inputs: [{ shape: [4], dtype: "int32", values: [42, 0, 0, 0] }] },
    { attrs: { shape: [1026] }, inputs: [{ shape: [4], dtype: "int32", values: [-7, 3, -1, 5] }] },
  ],
};
