import { normalizeAxis, stridesOf } from "@graftjs/tensor";
import { type Constant, constant, gather, isConstant, selectConstants } from "../constant.ts";
import { defineOperator, int, type Operator } from "../operator.ts";

/**
 * The different slices along `axis`, or without it elements, of a constant; where each comes first, which one each is, and how
 * often each is there. Of data, their number would not be known before a run. https://onnx.ai/onnx/operators/onnx__Unique.html
 */
export const uniqueOperator: Operator = defineOperator({
  opType: "Unique",
  since: [11, 28],
  attributes: { axis: int(undefined), sorted: int(1) },
  roles: { 0: "constant" },
  import:
    ({ attributes: { axis, sorted } }) =>
    (inputs) => {
      const given = inputs.value(0);
      if (!isConstant(given)) return inputs.reject("its number of results would depend on data");
      const x = axis === undefined ? constant(given.data, [given.data.length], given.dtype) : given;
      const at = normalizeAxis("Unique", axis ?? 0, x.dims.length);
      const slices = slicesOf(x, at);
      const groups = groupsOf(slices);
      const first = ([i]: Group): ArrayLike<number> => slices[i] as ArrayLike<number>;
      if (sorted) groups.sort((a, b) => compare(first(a), first(b)));
      const firsts = groups.map(([i]) => i);
      const ranks = new Array<number>(slices.length);
      for (const [rank, group] of groups.entries()) for (const i of group) ranks[i] = rank;
      const list = (numbers: readonly number[]): Constant => constant(numbers, [numbers.length], "int64");
      return [
        selectConstants(x, firsts, at, [firsts.length]),
        list(firsts),
        list(ranks),
        list(groups.map((group) => group.length)),
      ];
    },
});

/** Places of equal slices. */
type Group = [first: number, ...rest: number[]];

function slicesOf(x: Constant, axis: number): ArrayLike<number>[] {
  const strides = stridesOf(x.dims);
  const rest = x.dims.map((d, i) => (i === axis ? 1 : d));
  const step = strides[axis] as number;
  return Array.from({ length: x.dims[axis] as number }, (_, i) => gather(x, rest, strides, i * step).data);
}

function groupsOf(slices: readonly ArrayLike<number>[]): Group[] {
  const groups = new Map<string, Group>();
  slices.forEach((slice, i) => {
    const key = String(slice);
    const group = groups.get(key);
    if (group) group.push(i);
    else groups.set(key, [i]);
  });
  return [...groups.values()];
}

/** The order of the first elements that differ. */
function compare(a: ArrayLike<number>, b: ArrayLike<number>): number {
  for (let i = 0; i < a.length; i++) {
    const difference = (a[i] as number) - (b[i] as number);
    if (difference !== 0) return difference;
  }
  return 0;
}
