import { isConstant, shapeOf, tensorDType } from "./constant.ts";
import type { Graph, ValueInfo } from "./graph.ts";
import { type GraphValue, isValue } from "./sequence.ts";

/** A value whose declared type or shape is not what the graph computes. Exporters write such; what is computed counts. */
export interface Contradiction {
  readonly value: string;
  /** Such as `int64 [1, N]`. */
  readonly declared: string;
  readonly computed: string;
}

/**
 * Compares what the file declares of its values and outputs with what they are. Sizes that are left open fit any;
 * integers of all widths are one type here, and so are floats.
 */
export function contradictionsOf(
  { valueInfos, outputs }: Graph,
  values: ReadonlyMap<string, GraphValue>,
): Contradiction[] {
  return [...valueInfos.values(), ...outputs].flatMap((info) => {
    const value = values.get(info.name);
    if (!value || !isValue(value)) return [];
    const shape = shapeOf(value);
    if (fits(info, isConstant(value) ? tensorDType(value.dtype) : value.dtype, shape)) return [];
    return [{ value: info.name, declared: format(info), computed: format({ dtype: value.dtype, shape }) }];
  });
}

function fits({ dtype, shape }: ValueInfo, computed: string, sizes: readonly number[]): boolean {
  if (dtype !== undefined && tensorDType(dtype) !== computed) return false;
  if (!shape) return true;
  return shape.length === sizes.length && shape.every((d, i) => typeof d !== "number" || d === sizes[i]);
}

function format({ dtype, shape }: Pick<ValueInfo, "dtype" | "shape">): string {
  return `${dtype ?? "?"} [${shape?.map((d) => d ?? "?").join(", ") ?? "…"}]`;
}
