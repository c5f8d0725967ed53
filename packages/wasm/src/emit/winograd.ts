import { type Conv2dAttrs, numel } from "@graftjs/tensor";
import type { Commands } from "../commands.ts";
import { convGeometry } from "./geometry.ts";

type Sizes = readonly number[];

/** Nanoseconds of one multiplication and addition in the products, and of one element transformed. */
const PER_PRODUCT = 0.06;
const PER_TRANSFORMED = 1;

/** What the kernels hold in scratch, and where they begin to pay. */
const MAX_CHANNELS = 512;
const MAX_COLUMNS = 1000;
const MIN_CHANNELS = 16;
const MIN_TILES = 16;
/** The largest share of the multiplications of a direct convolution, 1/4 at best: borders fill tiles in part. */
const MAX_SHARE = 0.5;

/** Transformed tiles of a weight gradient that caches hold until they are multiplied, and sums worth reading again. */
const PART_BYTES = 2 ** 21;
const MAX_SUM_BYTES = 2 * PART_BYTES;

const POINTS = 36;
/** Of one filter. */
const FILTER_COST = PER_TRANSFORMED * POINTS;

/** Tiles of 4×4 outputs. */
function tilesOf([batch, , height, width]: Sizes): number {
  return (batch as number) * Math.ceil((height as number) / 4) * Math.ceil((width as number) / 4);
}

/** Whether a convolution is one of those that the kernels know: 3×3, stride 1. */
function isUsual(attrs: Conv2dAttrs, weight: Sizes): boolean {
  return (
    attrs.groups === 1 &&
    weight.slice(2).every((size) => size === 3) &&
    [...attrs.stride, ...attrs.dilation].every((step) => step === 1) &&
    attrs.padding.every((padding) => padding <= 2)
  );
}

/** Whether there are tiles enough, and results enough in them. */
function fillsTiles(shape: Sizes): boolean {
  const pixels = numel(shape) / (shape[1] as number);
  return tilesOf(shape) >= MIN_TILES && tilesOf(shape) * POINTS <= MAX_SHARE * 9 * pixels;
}

/** Whether a convolution, or its input gradient, is done by the kernels of assembly/winograd.ts. Depends on shapes alone. */
export function usesWinograd(attrs: Conv2dAttrs, input: Sizes, weight: Sizes, output: Sizes): boolean {
  const [outChannels, channels] = weight as [number, number];
  return (
    isUsual(attrs, weight) &&
    Math.min(channels, outChannels) >= MIN_CHANNELS &&
    Math.max(channels, outChannels) <= MAX_CHANNELS &&
    [input, output].every((shape) => (shape[3] as number) <= MAX_COLUMNS && fillsTiles(shape))
  );
}

/** Whether threads split the tiles, not the output channels. */
function splitsTiles(outChannels: number, output: Sizes): boolean {
  return tilesOf(output) >= outChannels;
}

/** One convolution; `turned`: the weight is that of the convolution whose input gradient this one is. */
export interface WinogradCall {
  readonly attrs: Conv2dAttrs;
  readonly input: Sizes;
  readonly weight: Sizes;
  readonly output: Sizes;
  readonly turned: boolean;
}

/** Bytes of the transformed filters, where they are made beforehand. */
export function filterBytes({ weight, output }: WinogradCall): number {
  const [outChannels, channels] = weight as [number, number];
  if (!splitsTiles(outChannels, output)) return 0;
  return 4 * POINTS * ((outChannels + 5) * channels + 16 * Math.ceil(outChannels / 4));
}

/** Bytes of the transformed tiles, where all are made before the products. */
export function tileBytes({ weight, output }: WinogradCall): number {
  const [outChannels, channels] = weight as [number, number];
  return splitsTiles(outChannels, output) ? 0 : 4 * POINTS * Math.ceil(tilesOf(output) / 8) * (8 * channels + 16);
}

/** Transforms the filters at address `from`. */
export function emitFilters(call: WinogradCall, from: number, to: number, commands: Commands): void {
  const { attrs, input, weight, output, turned } = call;
  const [outChannels, channels] = weight as [number, number];
  const geometry = convGeometry(attrs, input, weight, output);
  commands.add("winogradWeight", FILTER_COST * outChannels * channels, [from, to, turned ? 1 : 0, ...geometry]);
}

/** @param finish words 21 to 25: bias, residual, activation. */
export function emitWinograd(
  call: WinogradCall,
  at: {
    readonly input: number;
    readonly weight: number;
    readonly output: number;
    readonly workspace: number;
    readonly prepared: number;
  },
  finish: readonly number[],
  commands: Commands,
): void {
  const { attrs, input, weight, output, turned } = call;
  const geometry = convGeometry(attrs, input, weight, output);
  const [outChannels, channels] = weight as [number, number];
  const products = PER_PRODUCT * POINTS * tilesOf(output) * outChannels * channels;
  const tiles = PER_TRANSFORMED * POINTS * tilesOf(output);
  if (splitsTiles(outChannels, output)) {
    const cost = products + tiles * (channels + outChannels);
    commands.add("winogradTiles", cost, [at.input, at.prepared, at.output, ...geometry, ...finish]);
  } else {
    commands.add("winogradInput", tiles * channels, [at.input, at.workspace, 0, ...geometry]);
    const cost = products + FILTER_COST * outChannels * channels + tiles * outChannels;
    const record = [at.weight, at.workspace, at.output, ...geometry, ...finish, turned ? 1 : 0];
    commands.add("winogradOutputs", cost, record);
  }
}

/** Whether a weight gradient is done by assembly/winogradWeightGrad.ts. Depends on shapes alone. */
export function usesWinogradWeightGrad(attrs: Conv2dAttrs, input: Sizes, weight: Sizes, grad: Sizes): boolean {
  const [outChannels, channels] = weight as [number, number];
  return (
    isUsual(attrs, weight) &&
    Math.min(channels, outChannels) >= MIN_CHANNELS &&
    (input[3] as number) <= MAX_COLUMNS &&
    fillsTiles(grad)
  );
}

/** A weight gradient of the batch in parts, and the bytes of their transformed tiles and, for several, of their sums. */
interface WeightGradParts {
  readonly images: number;
  readonly tileBytes: number;
  readonly sumBytes: number;
}

function partsOf([outChannels, channels]: Sizes, grad: Sizes): WeightGradParts {
  const [o, c, batch] = [outChannels, channels, grad[0]] as [number, number, number];
  const bytes = (images: number): number =>
    4 * POINTS * (tilesOf([images, ...grad.slice(1)]) * (o + c + 12) + 16 * (Math.ceil(o / 4) + Math.ceil(c / 8)));
  const sumBytes = 4 * POINTS * ((o + 5) * (c + 7) + 16);
  const fitting = sumBytes > MAX_SUM_BYTES ? batch : Math.floor(PART_BYTES / bytes(1));
  const images = Math.max(1, Math.min(batch, fitting));
  return { images, tileBytes: bytes(images), sumBytes: images < batch ? sumBytes : 0 };
}

/** Bytes that a weight gradient works in. */
export function weightGradBytes(weight: Sizes, grad: Sizes): number {
  const { tileBytes, sumBytes } = partsOf(weight, grad);
  return tileBytes + sumBytes;
}

/** @param at addresses of the output's gradient, the input, the weight's gradient and workspace. */
export function emitWinogradWeightGrad(
  { attrs, input, weight, grad }: { attrs: Conv2dAttrs; input: Sizes; weight: Sizes; grad: Sizes },
  at: { readonly grad: number; readonly input: number; readonly output: number; readonly workspace: number },
  commands: Commands,
): void {
  const [outChannels, channels] = weight as [number, number];
  const batch = grad[0] as number;
  const { images, tileBytes, sumBytes } = partsOf(weight, grad);
  const sums = sumBytes ? at.workspace + tileBytes : 0;
  for (let n = 0; n < batch; n += images) {
    const part = ([, ...sizes]: Sizes): number[] => [Math.min(images, batch - n), ...(sizes as number[])];
    const geometry = convGeometry(attrs, part(input), weight, part(grad));
    const [dy, x] = [grad, input].map((shape) => 4 * n * numel(shape.slice(1))) as [number, number];
    const tiles = POINTS * tilesOf(part(grad));
    const transforms = PER_TRANSFORMED * tiles * (outChannels + channels);
    commands.add("winogradGradTiles", transforms, [at.grad + dy, at.input + x, at.workspace, ...geometry]);
    const cost = PER_PRODUCT * tiles * outChannels * channels + FILTER_COST * outChannels * channels;
    const record = [sums, at.workspace, at.output, ...geometry, n === 0 ? 1 : 0, n + images >= batch ? 1 : 0];
    commands.add("winogradWeightGrad", cost, record);
  }
}
