import { type CallOf, shapeOf } from "./emitter.ts";

type Sizes = readonly number[];

/** What the kernels of assembly/directConv.ts and directWeightGrad.ts hold in scratch. */
const MAX_STEPS = 8192;
const MAX_ROWS = 4096;
const IMAGE_BYTES = 950_000;
const PLANE_SLACK = 64;

/** The largest share of multiplications by which rows may be rounded up to vectors. */
const MAX_ROUNDING = 1.5;
/** A single channel is read from so few outputs that the depthwise kernels are as fast. */
const MIN_OUTPUTS = 3;

/** Planes of a group that are read, and the row of outputs, of a convolution or an input gradient that is like one. */
interface Reading {
  readonly channels: number;
  readonly kernel: Sizes;
  readonly dilation: Sizes;
  readonly output: Sizes;
  readonly width: number;
  readonly padded: boolean;
}

function fits({ channels, kernel, dilation, output, width, padded }: Reading): boolean {
  const [rows, columns] = output as [number, number];
  const [kernelH, kernelW] = kernel as [number, number];
  const [dilationH, dilationW] = dilation as [number, number];
  const plane = (rows + (kernelH - 1) * dilationH) * (columns + (kernelW - 1) * dilationW);
  return (
    Math.min(width, columns) >= 4 &&
    4 * Math.ceil(columns / 4) <= MAX_ROUNDING * columns &&
    rows <= MAX_ROWS &&
    channels * kernelH * kernelW <= MAX_STEPS &&
    (!padded || channels * (4 * plane + PLANE_SLACK) <= IMAGE_BYTES)
  );
}

/** Stride 1, a window of more than one pixel, and less padding than it reaches. */
function isSuitable({ attrs }: CallOf<"conv2d" | "conv2dInputGrad">, kernel: Sizes): boolean {
  const { stride, padding, dilation } = attrs;
  return (
    stride.every((step) => step === 1) &&
    kernel.some((size) => size > 1) &&
    padding.every((zeros, i) => zeros <= ((kernel[i % 2] as number) - 1) * (dilation[i % 2] as number))
  );
}

/**
 * Whether a convolution that Winograd's algorithm does not suit is done by directConv. It is faster than the products that
 * pack the image wherever it can be; of single channels the depthwise kernels are faster if there are few outputs, or the
 * window is one of those that they read in place. Depends on shapes alone.
 */
export function usesDirect(call: CallOf<"conv2d">): boolean {
  const { attrs, inputs, outputs } = call;
  const [input, weight, output] = [shapeOf(inputs, 0), shapeOf(inputs, 1), shapeOf(outputs, 0)];
  const [outChannels, channels, ...kernel] = weight as [number, number, number, number];
  const { dilation, groups, epilogue } = attrs;
  const inPlace = kernel.every((size) => size === 3) && dilation.every((d) => d === 1) && input[3] === output[3];
  return (
    isSuitable(call, kernel) &&
    // Vectors of a row overlap: a residual that lies where the output goes would be added twice.
    !epilogue?.residual &&
    (channels > 1 || (outChannels >= MIN_OUTPUTS * groups && !inPlace)) &&
    fits({
      ...{ channels, kernel, dilation, output: output.slice(2), width: input[3] as number },
      padded: attrs.padding.some((zeros) => zeros > 0),
    })
  );
}

/** The same for input gradients, of which single channels are left to the depthwise kernels. */
export function usesDirectInputGrad(call: CallOf<"conv2dInputGrad">): boolean {
  const { attrs, inputs } = call;
  const [grad, weight] = [shapeOf(inputs, 0), shapeOf(inputs, 1)];
  const [outChannels, channels, ...kernel] = weight as [number, number, number, number];
  const output = attrs.inputShape.slice(2);
  return (
    isSuitable(call, kernel) &&
    channels > 1 &&
    fits({
      ...{ channels: outChannels / attrs.groups, kernel, dilation: attrs.dilation, output, width: grad[3] as number },
      padded: true,
    })
  );
}

/** What the images of a chunk take of the second-level cache; chunks that there are at least, so that threads find work. */
const CHUNK_BYTES = 65536;
const MIN_CHUNKS = 8;
/** Where images are larger, or more outputs share what is gathered, conv2dWeightGrad is as fast. */
const MAX_CHUNK_BYTES = 400_000;
const MAX_OUTPUTS = 48;
/** Where fewer outputs share a single channel, depthwiseWeightGrad is. */
const MIN_OUTPUTS_GRAD = 4;

/** Into how many parts directWeightGrad cuts the batch; 0: another kernel is faster. Depends on shapes alone. */
export function directWeightGradChunks({ attrs, inputs }: CallOf<"conv2dWeightGrad">): number {
  const [outChannels, channels, kernelH, kernelW] = attrs.weightShape as [number, number, number, number];
  const [batch, , rows, columns] = shapeOf(inputs, 0) as [number, number, number, number];
  const { stride, dilation, groups } = attrs;
  const outputs = outChannels / groups;
  const width = columns + (kernelW - 1) * dilation[1];
  const height = rows + (kernelH - 1) * dilation[0];
  const image = 4 * (channels * height * width + outputs * (rows * width + 4)) + 16;
  const isFaster =
    stride.every((step) => step === 1) &&
    kernelH * kernelW > 1 &&
    channels * kernelH * kernelW <= MAX_STEPS &&
    outputs <= MAX_OUTPUTS &&
    (channels > 1 || outputs >= MIN_OUTPUTS_GRAD) &&
    image <= MAX_CHUNK_BYTES;
  if (!isFaster) return 0;
  const images = Math.max(1, Math.min(Math.floor(CHUNK_BYTES / image), Math.floor(batch / MIN_CHUNKS)));
  return Math.ceil(batch / images);
}
