import { ArgumentError, formatShape, type Generator, pad, type Shape, type Tensor } from "@graftjs/tensor";
import { uniform } from "../init/distributions.ts";
import { fans } from "../init/fan.ts";
import { kaimingUniform } from "../init/kaiming.ts";
import { Parameter } from "../parameter.ts";

export interface ConvolutionParameterOptions {
  /** Whether a bias is added. Default `true`. */
  readonly bias?: boolean;
  /** What the initial values are drawn from. */
  readonly generator?: Generator;
  /** How the weight is made, given its shape. Default: Kaiming-uniform with a = √5, as in PyTorch. */
  readonly initialize?: (shape: Shape) => Tensor;
}

/** What padding consists of: zeros, the image in the edge, the edge, or the other end. */
export type ConvolutionPaddingMode = "zeros" | "reflect" | "replicate" | "circular";

/**
 * The parameters of a convolution, at first from U(-b, b), b = 1 / √fanIn of the weight's shape.
 * @throws {ArgumentError} if a size of the kernel is no integer >= 1.
 */
export function convolutionParameters(
  op: string,
  shape: Shape,
  outChannels: number,
  options: ConvolutionParameterOptions,
): { readonly weight: Parameter; readonly bias: Parameter | null } {
  const kernel = shape.slice(2);
  if (!kernel.every((size) => Number.isInteger(size) && size >= 1)) {
    throw new ArgumentError({ op, expected: "a kernel of integers >= 1", got: formatShape(kernel) });
  }
  const { bias = true, generator } = options;
  const draw = generator ? { generator } : {};
  const bound = 1 / Math.sqrt(fans(op, shape).fanIn);
  const { initialize = (of) => kaimingUniform(of, { a: Math.sqrt(5), ...draw }) } = options;
  return {
    weight: new Parameter(initialize(shape)),
    bias: bias ? new Parameter(uniform([outChannels], { low: -bound, high: bound, ...draw })) : null,
  };
}

/** @throws {ArgumentError} if channels are not multiples of groups. */
export function checkGroups(op: string, inChannels: number, outChannels: number, groups: number): void {
  if (Number.isInteger(inChannels / groups) && Number.isInteger(outChannels / groups)) return;
  throw new ArgumentError({
    op,
    expected: "numbers of channels that are multiples of groups",
    got: `${inChannels} to ${outChannels} channels in ${groups} groups`,
  });
}

/** @throws {ArgumentError} if there is no such mode. */
export function checkPaddingMode(op: string, mode: ConvolutionPaddingMode): void {
  const modes: readonly string[] = ["zeros", "reflect", "replicate", "circular"];
  if (!modes.includes(mode)) {
    throw new ArgumentError({ op, expected: `a padding mode out of ${modes.join(", ")}`, got: String(mode) });
  }
}

/** `x` with so much around its last axes, which are the first of `around`. */
export function padLast(
  x: Tensor,
  around: readonly (readonly [before: number, after: number])[],
  mode: Exclude<ConvolutionPaddingMode, "zeros"> | number,
): Tensor {
  const lead = x.shape.slice(0, x.rank - around.length).map(() => [0, 0] as const);
  return pad(x, [...lead, ...around], typeof mode === "number" ? { value: mode } : { mode });
}
