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

/** Bytes of the transformed tiles of both factors. */
export function gradTileBytes([outChannels, channels]: Sizes, grad: Sizes): number {
  const [o, c] = [outChannels as number, channels as number];
  return 4 * POINTS * (tilesOf(grad) * (o + 5 + c + 7) + 16 * (Math.ceil(o / 4) + Math.ceil(c / 8)));
}

/** @param at addresses of the output's gradient, the input, the weight's gradient and workspace. */
export function emitWinogradWeightGrad(
  { attrs, input, weight, grad }: { attrs: Conv2dAttrs; input: Sizes; weight: Sizes; grad: Sizes },
  at: { readonly grad: number; readonly input: number; readonly output: number; readonly workspace: number },
  commands: Commands,
): void {
  const geometry = convGeometry(attrs, input, weight, grad);
  const [outChannels, channels] = weight as [number, number];
  const tiles = POINTS * tilesOf(grad);
  const transforms = PER_TRANSFORMED * tiles * (outChannels + channels);
  commands.add("winogradGradTiles", transforms, [at.grad, at.input, at.workspace, ...geometry]);
  const cost = PER_PRODUCT * tiles * outChannels * channels + FILTER_COST * outChannels * channels;
  commands.add("winogradWeightGrad", cost, [0, at.workspace, at.output, ...geometry]);
}
