import {
  ArgumentError,
  cast,
  clamp,
  type DType,
  isFloat,
  normalizeAxis,
  resample,
  round,
  type Shape,
  ShapeError,
  type Tensor,
  tensor,
  where,
} from "@graftjs/tensor";
import { checkFill } from "../constant.ts";
import { defineOperator, float, int, ints, type Operator, string } from "../operator.ts";
import type { OnnxDType } from "../tensorData.ts";
import { axisTaps, coordinatesOf, type Filter, isCoordinateMode, isNearestMode, type ResizedAxis } from "./axisTaps.ts";
import { checkLists } from "./window.ts";

/** Types that a cubic kernel overshoots. */
const ranges: Partial<Record<OnnxDType | DType, readonly [number, number]>> = {
  int8: [-(2 ** 7), 2 ** 7 - 1],
  uint8: [0, 2 ** 8 - 1],
  int16: [-(2 ** 15), 2 ** 15 - 1],
  uint16: [0, 2 ** 16 - 1],
};

/**
 * Resampling along each axis on its own, as products with weights that are known beforehand, and so differentiable. Version 10
 * knows scales alone, from the first element on, and takes the nearest before or, where it shrinks an axis, behind, as its node
 * test and ONNX Runtime have it; sizes, regions and other coordinates came with 11, axes and antialiasing with 18. With scales,
 * coordinates follow from them, not from the sizes that they were rounded to. Integers are rounded, and kept in the range of
 * their type.
 * https://onnx.ai/onnx/operators/onnx__Resize.html
 */
export const resizeOperator: Operator = defineOperator({
  opType: "Resize",
  since: [10, 11, 13, 18, 19],
  attributes: {
    antialias: int(0),
    axes: ints(),
    coordinate_transformation_mode: string(undefined),
    cubic_coeff_a: float(-0.75),
    exclude_outside: int(0),
    extrapolation_value: float(0),
    keep_aspect_ratio_policy: string("stretch"),
    mode: string("nearest"),
    nearest_mode: string(undefined),
  },
  roles: { 1: "constant", 2: "constant", 3: "constant" },
  import: ({ opset, attributes, reject }) => {
    const { mode, antialias, axes, keep_aspect_ratio_policy: policy } = attributes;
    const coordinateMode = attributes.coordinate_transformation_mode ?? (opset < 11 ? "asymmetric" : "half_pixel");
    const nearestMode = attributes.nearest_mode ?? (opset < 11 ? "floor" : "round_prefer_floor");
    if (mode !== "nearest" && mode !== "linear" && mode !== "cubic") return reject(`resizing of mode "${mode}"`);
    if (!isCoordinateMode(coordinateMode)) return reject(`coordinates of mode "${coordinateMode}"`);
    if (!isNearestMode(nearestMode)) return reject(`nearest elements of mode "${nearestMode}"`);
    if (!["stretch", "not_larger", "not_smaller"].includes(policy)) reject(`an aspect ratio kept as "${policy}"`);
    const filter: Filter = {
      mode,
      coordinateMode,
      nearestMode,
      ...(opset < 11 && { shrinkingMode: "ceil" as const }),
      cubicCoefficient: attributes.cubic_coeff_a,
      excludeOutside: attributes.exclude_outside === 1,
      antialias: antialias === 1,
    };
    // Version 19 says that lengths may be fractions; before, as in PyTorch, the last element is where the corner is.
    const alignsWhole = opset < 19 && (coordinateMode === "align_corners" || coordinateMode === "tf_crop_and_resize");
    const crops = coordinateMode === "tf_crop_and_resize";
    return (inputs) => {
      const x = inputs.tensor(0);
      const at = axes?.map((axis) => normalizeAxis("Resize", axis, x.rank)) ?? x.shape.map((_, i) => i);
      const list = (i: number, name: string, count: number): readonly number[] | undefined => {
        const numbers = inputs.has(i) ? inputs.numbers(i) : [];
        if (numbers.length === 0) return undefined;
        checkLists("Resize", count, { [name]: numbers });
        return numbers;
      };
      const sizes = opset < 11 ? undefined : list(3, "sizes", at.length);
      const resized = resizedAxes(
        at.map((axis) => x.shape[axis] as number),
        {
          roi: crops ? list(1, "roi", 2 * at.length) : undefined,
          scales: list(opset < 11 ? 1 : 2, "scales", at.length),
          // A file exported for one batch size names it among the sizes; another batch keeps its own.
          sizes: sizes?.map((d, i) => (at[i] === 0 && d === inputs.bakedBatch ? (x.shape[0] as number) : d)),
          policy,
        },
      );
      const byAxis = new Map(
        at.map((axis, i) => {
          const made = resized[i] as ResizedAxis;
          return [axis, alignsWhole ? { ...made, length: made.out } : made];
        }),
      );
      const y = resize("Resize", x, byAxis, filter, crops ? attributes.extrapolation_value : undefined);
      const range = ranges[inputs.declared(0) ?? x.dtype];
      return mode === "cubic" && range ? clamp(y, ...range) : y;
    };
  },
});

/** What sizes become: by scales, or as they are given, or so that one scale fits all. @throws {ArgumentError} */
function resizedAxes(
  spatial: Shape,
  options: {
    readonly roi: readonly number[] | undefined;
    readonly scales: readonly number[] | undefined;
    readonly sizes: readonly number[] | undefined;
    readonly policy: string;
  },
): readonly ResizedAxis[] {
  const { roi, scales, sizes, policy } = options;
  if (!scales === !sizes)
    throw new ArgumentError({ op: "Resize", expected: "either scales or sizes", got: sizes ? "both" : "neither" });
  const ratios = spatial.map((size, i) => (sizes?.[i] as number) / size);
  const common = policy === "stretch" ? undefined : Math[policy === "not_larger" ? "min" : "max"](...ratios);
  return spatial.map((size, i) => {
    const region = [roi?.[i] ?? 0, roi?.[spatial.length + i] ?? 1] as const;
    if (scales) return scaledAxis(size, scales[i] as number, region);
    if (common === undefined) return { size, out: sizes?.[i] as number, length: sizes?.[i] as number, roi: region };
    return { size, out: Math.floor(common * size + 0.5), length: common * size, roi: region };
  });
}

/** An axis of ⌊size · scale⌋ elements, in float32, or of a part of them. */
export function scaledAxis(size: number, scale: number, roi: ResizedAxis["roi"] = [0, 1]): ResizedAxis {
  const length = size * (roi[1] - roi[0]) * scale;
  return { size, out: Math.floor(Math.fround(length)), length, roi };
}

/**
 * Resizes axes, by their index. Beyond the input is its edge, or, where it is given, `beyond`.
 * @throws {ShapeError} if nothing is resized to something, or the result is absurdly large
 */
export function resize(
  op: string,
  x: Tensor,
  axes: ReadonlyMap<number, ResizedAxis>,
  filter: Filter,
  beyond?: number,
): Tensor {
  checkFill(
    op,
    x.shape.map((d, axis) => axes.get(axis)?.out ?? d),
    x.size,
  );
  const weighs = filter.mode !== "nearest" && !isFloat(x.dtype);
  // The last axis first: the others move whole rows.
  const resized = x.shape.reduceRight(
    (y, _, axis) => {
      const resizedAxis = axes.get(axis);
      return resizedAxis ? resizeAxis(op, y, axis, resizedAxis, filter, beyond) : y;
    },
    weighs ? cast(x, "float32") : x,
  );
  return cast(weighs ? round(resized) : resized, x.dtype);
}

function resizeAxis(op: string, x: Tensor, at: number, axis: ResizedAxis, filter: Filter, beyond?: number): Tensor {
  const { size, out, length, roi } = axis;
  if (size === out && size === length && roi[0] === 0 && roi[1] === 1) return x;
  if (size < 1 || out < 1)
    throw new ShapeError({ op, expected: "sizes of input and result of at least 1", got: `${size} to ${out}` });
  const coordinates = coordinatesOf(axis, filter.coordinateMode);
  const y = resample(x, at, axisTaps(axis, coordinates, filter));
  if (beyond === undefined) return y;
  const inside = Uint8Array.from(coordinates, (c) => Number(c >= 0 && c <= size - 1));
  const shape = [out, ...x.shape.slice(at + 1).map(() => 1)];
  return inside.every(Boolean) ? y : where(tensor(inside, shape), y, beyond);
}
