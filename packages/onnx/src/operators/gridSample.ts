import {
  abs,
  add,
  cast,
  clamp,
  floor,
  formatShape,
  greaterEqual,
  isFloat,
  less,
  logicalAnd,
  mul,
  numel,
  remainder,
  reshape,
  round,
  ShapeError,
  select,
  sub,
  type Tensor,
} from "@graftjs/tensor";
import { defineOperator, int, type Operator, string } from "../operator.ts";
import { combineTaps, type Tap, takeTap } from "./taps.ts";

type Mode = "nearest" | "linear" | "cubic";
type Padding = "zeros" | "border" | "reflection";

/** Names of the modes, with those of version 16. */
const modes = new Map<string, Mode>([
  ["nearest", "nearest"],
  ["linear", "linear"],
  ["bilinear", "linear"],
  ["cubic", "cubic"],
  ["bicubic", "cubic"],
]);

const paddings = new Map<string, Padding>([
  ["zeros", "zeros"],
  ["border", "border"],
  ["reflection", "reflection"],
]);

/**
 * Values of [N, C, d1, ..., dr] at the positions that a grid [N, ..., r] lists, the last axis first, from -1 to 1.
 * Differentiable in both, and composed of gathers: 2ʳ of them for linear, 4ʳ for cubic sampling.
 * https://onnx.ai/onnx/operators/onnx__GridSample.html
 */
export const gridSampleOperator: Operator = defineOperator({
  opType: "GridSample",
  since: [16, 20, 22],
  attributes: { align_corners: int(0), mode: string("linear"), padding_mode: string("zeros") },
  import: ({ attributes, reject }) => {
    const mode = modes.get(attributes.mode) ?? reject(`sampling of mode "${attributes.mode}"`);
    const padding = paddings.get(attributes.padding_mode) ?? reject(`padding of mode "${attributes.padding_mode}"`);
    return (inputs) => {
      const [x, grid] = [inputs.tensor(0), inputs.tensor(1)];
      const [batch, channels, ...spatial] = x.shape as [number, number, ...number[]];
      if (
        spatial.length < 1 ||
        grid.rank !== x.rank ||
        grid.shape.at(-1) !== spatial.length ||
        grid.shape[0] !== batch
      ) {
        throw new ShapeError({
          op: "GridSample",
          expected: `a grid [${batch}, ..., ${spatial.length}] of ${x.rank} axes for an input ${formatShape(x.shape)}`,
          got: formatShape(grid.shape),
        });
      }
      const points = reshape(grid, [batch, numel(grid.shape.slice(1, -1)), spatial.length]);
      const axes = spatial.map((size, i): readonly Tap[] => {
        const at = position(select(points, 2, spatial.length - 1 - i), size, attributes.align_corners === 1);
        return tapsOf(at, { size, aligned: attributes.align_corners === 1, mode, padding });
      });
      const planes = reshape(isFloat(x.dtype) ? x : cast(x, "float32"), [batch, channels, numel(spatial)]);
      const y = combineTaps(axes, spatial)
        .map((tap) => takeTap(planes, tap))
        .reduce((a, b) => add(a, b));
      return cast(reshape(y, [batch, channels, ...grid.shape.slice(1, -1)]), x.dtype);
    };
  },
});

/** An axis that is sampled. */
interface Axis {
  readonly size: number;
  /** Whether reflection is at the centres of the first and last element, not at their outer edges. */
  readonly aligned: boolean;
  readonly mode: Mode;
  readonly padding: Padding;
}

/** From -1 to 1 as from the first to the last element: from centre to centre, or from edge to edge. */
function position(n: Tensor, size: number, aligned: boolean): Tensor {
  return aligned ? mul(add(n, 1), (size - 1) / 2) : sub(mul(add(n, 1), size / 2), 0.5);
}

/** The elements of an axis that each position, counted from the centre of its first, is the sum of. */
export function tapsOf(at: Tensor, axis: Axis): readonly Tap[] {
  const { mode } = axis;
  if (mode === "nearest") return [tapAt(bounded(round(at), axis), null, axis)];
  const x = bounded(at, axis);
  const base = floor(x);
  const share = sub(x, base);
  if (mode === "linear") return [tapAt(base, sub(1, share), axis), tapAt(add(base, 1), share, axis)];
  return [-1, 0, 1, 2].map((k) => tapAt(add(base, k), keys(abs(sub(share, k)), Math.abs(k - 0.5) > 1), axis));
}

/** Keys' cubic kernel with a = -0.75, at distances up to 1 or beyond. https://doi.org/10.1109/TASSP.1981.1163711 */
function keys(d: Tensor, far: boolean): Tensor {
  const a = -0.75;
  if (far) return mul(sub(mul(add(mul(sub(d, 5), d), 8), d), 4), a);
  return add(mul(mul(sub(mul(d, a + 2), a + 3), d), d), 1);
}

/** The first and the last position that is inside. */
function ends({ size, aligned }: Axis): readonly [number, number] {
  return aligned ? [0, size - 1] : [-0.5, size - 0.5];
}

/**
 * Positions beyond the ends moved to the last centre, or reflected. For the cubic kernel, whose reach is longer, elements are
 * moved instead, as PyTorch and ONNX Runtime do.
 */
function bounded(x: Tensor, axis: Axis): Tensor {
  if (axis.padding === "reflection") return reflected(x, ends(axis));
  return axis.padding === "border" && axis.mode !== "cubic" ? clamp(x, 0, axis.size - 1) : x;
}

/** The element at a whole position, which may lie outside of the axis. */
function tapAt(place: Tensor, weight: Tensor | null, axis: Axis): Tap {
  const { size, padding } = axis;
  const inner = padding === "reflection" ? reflected(place, ends(axis)) : place;
  const index = cast(clamp(inner, 0, size - 1), "int32");
  if (padding !== "zeros") return { index, weight };
  const inside = cast(logicalAnd(greaterEqual(place, 0), less(place, size)), place.dtype);
  return { index, weight: weight ? mul(weight, inside) : inside };
}

/** Reflected at both ends until it is inside. */
function reflected(x: Tensor, [low, high]: readonly [number, number]): Tensor {
  const range = high - low;
  if (range === 0) return clamp(x, low, high);
  const there = remainder(sub(x, low), 2 * range);
  return add(sub(range, abs(sub(there, range))), low);
}
