import { indexAdd, indexSelect, type Tensor, tensor } from "@graftjs/tensor";
import type { Case } from "./case.ts";
import { random, withGradients } from "./withGradients.ts";

/** Slices and elements by index, some of them more than once. */
export function indexCases(): Case[] {
  const indices = tensor(Int32Array.of(4, 0, 0, 3, 6, 6, 6), [7]);
  return [
    {
      name: "indexSelect of rows",
      fn: withGradients((t, i) => indexSelect(t as Tensor, i as Tensor, 0)),
      inputs: [random([7, 40], 1), indices],
    },
    {
      name: "indexSelect of columns",
      fn: withGradients((t, i) => indexSelect(t as Tensor, i as Tensor, 1)),
      inputs: [random([3, 7, 2], 1), indices],
    },
    {
      name: "indexSelect of elements",
      fn: withGradients((t, i) => indexSelect(t as Tensor, i as Tensor, 1)),
      inputs: [random([37, 7], 1), indices],
    },
    {
      name: "indexAdd of elements",
      fn: withGradients((t, i) => indexAdd(t as Tensor, i as Tensor, 1, 9)),
      inputs: [random([37, 7], 1), indices],
    },
    {
      name: "indexSelect and indexAdd of integers",
      fn: (t, i) => [indexSelect(t as Tensor, i as Tensor, 1), indexAdd(t as Tensor, i as Tensor, 1, 9)],
      inputs: [
        tensor(
          Int32Array.from({ length: 35 }, (_, k) => 7 * k - 99),
          [5, 7],
        ),
        indices,
      ],
    },
    {
      name: "indexAdd",
      fn: withGradients((t, i) => indexAdd(t as Tensor, i as Tensor, 0, 8)),
      inputs: [random([7, 40], 1), indices],
    },
  ];
}
