import { gradients, type Shape, Tensor, tensor } from "@graftjs/tensor";
import type { Tolerance } from "../closeTo.ts";
import { uniformArray } from "../random.ts";
import type { Case } from "./case.ts";

// Sums of many products in float32 are exact up to a part of their terms, not of what remains after they cancel.
export const sums: Tolerance = { scale: 1e-5 };

export const random = (shape: Shape, seed: number, low = -1, high = 1): Tensor =>
  tensor(
    uniformArray(
      shape.reduce((n, d) => n * d, 1),
      seed,
      low,
      high,
    ),
    shape,
  );

/** y, and the gradients of y with respect to all float inputs for a random seed gradient. */
export function withGradients(fn: (...inputs: Tensor[]) => Tensor): Case["fn"] {
  return (...inputs) => {
    // Stand-ins in a trace do not require gradients by themselves.
    const leaves = inputs.map((t) =>
      t.dtype === "float32" ? new Tensor(t.shape, t.dtype, t.place, { requiresGrad: true }) : t,
    );
    const y = fn(...leaves);
    const targets = leaves.filter((t) => t.requiresGrad);
    const grads = gradients(y, targets, { seed: random(y.shape, 99) });
    return [y, ...grads.filter((g) => g !== null)];
  };
}
