import { ShapeError } from "../errors.ts";
import { formatShape } from "../shape.ts";
import { type Tensor, tensor } from "../tensor.ts";
import { add } from "./add.ts";
import { batched } from "./batched.ts";
import { type Padding3d, planeSides, type Size3d, triple, volumeSides } from "./conv3d.ts";
import { checkTransposed, transposed } from "./convTranspose2d.ts";
import { indexAdd } from "./indexAdd.ts";
import { permute } from "./permute.ts";
import { reshape } from "./reshape.ts";
import { slice } from "./slice.ts";

/** Options of {@link convTranspose3d}. */
export interface ConvTranspose3dOptions {
  readonly stride?: Size3d;
  /** What is taken off each side of the result. Default 0. */
  readonly padding?: Padding3d;
  /** What the result is larger by at its end; smaller than stride or dilation. Default 0. */
  readonly outputPadding?: Size3d;
  readonly groups?: number;
  readonly dilation?: Size3d;
}

/**
 * 3-d transposed convolution, the gradient of `conv3d` with respect to its input: x is [N, C, D, H, W] or [C, D, H, W],
 * weight [C, O/groups, kD, kH, kW], bias [O], y [N, O, D', H', W'] with
 * D' = (D - 1) · stride - padding + dilation · (kD - 1) + outputPadding + 1, padding being that of both sides.
 * Each slice becomes kD of them by a 2-d transposed convolution, which are then added up where they lie: kD times the memory
 * of the slices' results. Defaults: stride 1, padding 0, outputPadding 0, groups 1, dilation 1.
 * @throws {ShapeError} if shapes do not fit, or nothing remains. @throws {ArgumentError} on options out of range.
 * @throws {DTypeError} if the dtypes differ or are not float.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.conv_transpose3d.html
 *
 * @example
 * ```ts
 * import { convTranspose3d, ones } from "@graftjs/tensor";
 *
 * console.log(convTranspose3d(ones([1, 2, 3, 3, 3]), ones([2, 4, 2, 2, 2]), null, { stride: 2 }).shape); // [1, 4, 6, 6, 6]
 * ```
 */
export function convTranspose3d(
  x: Tensor,
  weight: Tensor,
  bias?: Tensor | null,
  options: ConvTranspose3dOptions = {},
): Tensor {
  const { groups = 1 } = options;
  const outputs = (weight.shape[1] ?? 0) * groups;
  const fits = (x.rank === 4 || x.rank === 5) && weight.rank === 5;
  if (!fits || x.shape.at(-4) !== weight.shape[0] || (bias && (bias.rank !== 1 || bias.size !== outputs))) {
    throw new ShapeError({
      op: "convTranspose3d",
      expected: `[N, C, D, H, W] or [C, D, H, W], a weight [C, O/${groups}, kD, kH, kW], and a bias [O]`,
      got: [x, weight, ...(bias ? [bias] : [])].map((t) => formatShape(t.shape)).join(", "),
    });
  }
  const y = batched(x, 5, (volumes) => spread(volumes, weight, options));
  return bias ? add(y, reshape(bias, [outputs, 1, 1, 1])) : y;
}

function spread(x: Tensor, weight: Tensor, options: ConvTranspose3dOptions): Tensor {
  const { groups = 1, padding = 0 } = options;
  const [stride, dilation] = [triple(options.stride ?? 1), triple(options.dilation ?? 1)];
  const [around, outputPadding] = [volumeSides(padding), triple(options.outputPadding ?? 0)];
  checkTransposed("convTranspose3d", { stride, padding: around, dilation, groups, outputPadding });
  const [batch, channels, depth, ...plane] = x.shape as [number, number, number, number, number];
  const [, groupOutputs, kernel, ...window] = weight.shape as [number, number, number, number, number];
  const [front, , , back] = around;
  const full = (depth - 1) * stride[0] + dilation[0] * (kernel - 1) + 1;
  const out = full - front - back + outputPadding[0];
  if (out < 1)
    throw new ShapeError({ op: "convTranspose3d", expected: "a result of at least one slice", got: `${out}` });
  const slices = reshape(permute(x, [0, 2, 1, 3, 4]), [batch * depth, channels, ...plane]);
  const parts = transposed(
    "convTranspose3d",
    slices,
    reshape(weight, [channels, groupOutputs * kernel, ...window]),
    null,
    {
      stride: [stride[1], stride[2]],
      padding: planeSides(padding),
      outputPadding: [outputPadding[1], outputPadding[2]],
      groups,
      dilation: [dilation[1], dilation[2]],
    },
  );
  const outputs = groupOutputs * groups;
  const size = parts.shape.slice(2);
  const columns = permute(reshape(parts, [batch, depth, outputs, kernel, ...size]), [0, 2, 1, 3, 4, 5]);
  const at = Int32Array.from(
    { length: depth * kernel },
    (_, i) => Math.floor(i / kernel) * stride[0] + (i % kernel) * dilation[0],
  );
  const laid = reshape(columns, [batch, outputs, depth * kernel, ...size]);
  return slice(indexAdd(laid, tensor(at), 2, Math.max(full, front + out)), 2, front, front + out);
}
