import type { Tensor } from "../tensor.ts";
import { asPlanes } from "./batched.ts";
import { checkRowWeight, type Padding1d, planarSides, type Size1d, single } from "./conv1d.ts";
import { transposed } from "./convTranspose2d.ts";
import { unsqueeze } from "./reshape.ts";

/** Options of {@link convTranspose1d}. */
export interface ConvTranspose1dOptions {
  readonly stride?: Size1d;
  /** What is taken off each side of the result. Default 0. */
  readonly padding?: Padding1d;
  /** What the result is longer by at its end; smaller than stride or dilation. Default 0. */
  readonly outputPadding?: Size1d;
  readonly groups?: number;
  readonly dilation?: Size1d;
}

/**
 * 1-d transposed convolution, the gradient of `conv1d` with respect to its input: x is [N, C, L] or [C, L], weight
 * [C, O/groups, k], bias [O], y [N, O, L'] with L' = (L - 1) · stride - padding + dilation · (k - 1) + outputPadding + 1,
 * padding being that of both sides. Defaults: stride 1, padding 0, outputPadding 0, groups 1, dilation 1.
 * @throws {ShapeError} if shapes do not fit, or nothing remains. @throws {ArgumentError} on options out of range.
 * @throws {DTypeError} if the dtypes differ or are not float.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.conv_transpose1d.html
 *
 * @example
 * ```ts
 * import { convTranspose1d, tensor } from "@graftjs/tensor";
 *
 * console.log(convTranspose1d(tensor([[1, 2]]), tensor([[[1, 10, 100]]])).toNested()); // [[1, 12, 120, 200]]
 * console.log(convTranspose1d(tensor([[1, 2]]), tensor([[[1, 10]]]), null, { stride: 2 }).toNested()); // [[1, 10, 2, 20]]
 * ```
 */
export function convTranspose1d(
  x: Tensor,
  weight: Tensor,
  bias?: Tensor | null,
  options: ConvTranspose1dOptions = {},
): Tensor {
  const { stride = 1, padding = 0, outputPadding = 0, groups = 1, dilation = 1 } = options;
  checkRowWeight("convTranspose1d", weight, "[C, O/groups, k]");
  return asPlanes("convTranspose1d", x, (planes) =>
    transposed("convTranspose1d", planes, unsqueeze(weight, 2), bias ?? null, {
      stride: [1, single(stride)],
      padding: planarSides(padding),
      outputPadding: [0, single(outputPadding)],
      groups,
      dilation: [1, single(dilation)],
    }),
  );
}
