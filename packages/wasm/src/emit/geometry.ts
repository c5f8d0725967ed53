import { type Conv2dAttrs, numel, type PoolAttrs } from "@graftjs/tensor";

type Sizes = readonly number[];

/** Words 3 to 20 of the records of convolutions (assembly/geometry.ts). */
export function convGeometry(attrs: Conv2dAttrs, input: Sizes, weight: Sizes, output: Sizes): number[] {
  const { stride, padding, dilation, groups } = attrs;
  const [outChannels, , ...kernel] = weight as [number, number, number, number];
  return [...input, outChannels, ...kernel, ...stride, ...padding, ...dilation, groups, ...output.slice(2)];
}

/** The same words for pools: as many channels out as in, one group. */
export function poolGeometry(attrs: PoolAttrs, input: Sizes, output: Sizes): number[] {
  const { kernelSize, stride, padding, dilation } = attrs;
  return [...input, input[1] as number, ...kernelSize, ...stride, ...padding, ...dilation, 1, ...output.slice(2)];
}

/** Multiplications of a convolution. */
export function convProducts(weight: Sizes, output: Sizes): number {
  return numel(output) * numel(weight.slice(1));
}
