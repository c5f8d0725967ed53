import { scatter, scatterReduce, type Tensor } from "@graftjs/tensor";

/** Puts `source` where `indices` say along an axis of `x`. */
export type Scatter = (x: Tensor, indices: Tensor, source: Tensor, axis: number) => Tensor;

const names = { add: "sum", mul: "prod", max: "amax", min: "amin" } as const;

/** How sources meet what is there, by the attribute `reduction`. */
export function scatterOf(reduction: string, reject: (reason: string) => never): Scatter {
  if (reduction === "none") return scatter;
  if (!Object.hasOwn(names, reduction)) return reject(`reduction "${reduction}"`);
  const name = names[reduction as keyof typeof names];
  return (x, indices, source, axis) => scatterReduce(x, indices, source, axis, name);
}
