import { stridesOf } from "../../shape.ts";
import type { Call, CallOf, MatrixView } from "../call.ts";
import type { Value } from "../graph.ts";

/**
 * Lets matrix products read what a permutation copied, and write where one would copy to, by strides: the split of
 * attention into heads, and their merge. Only where rows or columns stay contiguous, and no other kernel reads the copy.
 */
export function foldPermutes(
  calls: readonly Call[],
  uses: ReadonlyMap<Value, number>,
  constants: ReadonlySet<Value>,
): Call[] {
  const products = calls.filter((c) => c.kernel === "matmul");
  const folded = new Set<Call>();
  const replaced = new Map<Call, CallOf<"matmul">>();
  const current = (product: CallOf<"matmul">): CallOf<"matmul"> => replaced.get(product) ?? product;
  for (const call of calls) {
    if (call.kernel !== "permute" || constants.has(call.outputs[0] as Value)) continue;
    const [source, result] = [call.inputs[0] as Value, call.outputs[0] as Value];
    const view = viewOf(source, call.attrs.axes);
    const reads = products.flatMap((product) =>
      [0, 1].filter((i) => product.inputs[i] === result).map((i) => ({ product, i })),
    );
    if (view && reads.length > 0 && reads.length === uses.get(result)) {
      for (const { product, i } of reads) replaced.set(product, reading(current(product), i, source, view));
      folded.add(call);
      continue;
    }
    const writer = products.find((p) => p.outputs[0] === source);
    const strides = stridesUnder(result, call.attrs.axes);
    if (!writer || uses.get(source) !== 1 || writer.attrs.epilogue?.residual || strides.at(-1) !== 1) continue;
    const { attrs, ...rest } = current(writer);
    replaced.set(writer, {
      ...rest,
      attrs: { ...attrs, viewOutput: { shape: source.spec.shape, strides } },
      outputs: [result],
    });
    folded.add(call);
  }
  return calls.filter((c) => !folded.has(c)).map((c) => (c.kernel === "matmul" ? current(c) : c));
}

interface Seen {
  readonly view: MatrixView;
  /** Whether the view has the last two axes of the permuted value swapped. */
  readonly isSwapped: boolean;
}

/** What a permutation of `source` holds, seen in its memory; null if neither of the last two axes is contiguous there. */
function viewOf(source: Value, axes: readonly number[]): Seen | null {
  if (axes.length < 2) return null;
  const strides = stridesOf(source.spec.shape);
  const isSwapped = strides[axes.at(-1) as number] !== 1;
  const order = isSwapped ? [...axes.slice(0, -2), axes.at(-1) as number, axes.at(-2) as number] : axes;
  if (strides[order.at(-1) as number] !== 1) return null;
  const view = {
    shape: order.map((a) => source.spec.shape[a] as number),
    strides: order.map((a) => strides[a] as number),
  };
  return { view, isSwapped };
}

/** A product that reads `source` as operand `i`. */
function reading(product: CallOf<"matmul">, i: number, source: Value, { view, isSwapped }: Seen): CallOf<"matmul"> {
  const { attrs } = product;
  return {
    ...product,
    inputs: product.inputs.map((v, k) => (k === i ? source : v)),
    attrs:
      i === 0
        ? { ...attrs, viewA: view, transposeA: attrs.transposeA !== isSwapped }
        : { ...attrs, viewB: view, transposeB: attrs.transposeB !== isSwapped },
  };
}

/** Where the elements of a value lie in `result`, the permutation of it by `axes`. */
function stridesUnder(result: Value, axes: readonly number[]): number[] {
  const own = stridesOf(result.spec.shape);
  const strides = new Array<number>(axes.length);
  axes.forEach((from, to) => {
    strides[from] = own[to] as number;
  });
  return strides;
}
