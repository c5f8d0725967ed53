import { conv, type Layer, type Network } from "./network.ts";

function convBlock(...args: Parameters<typeof conv>): Layer[] {
  return [conv(...args), { type: "batchNorm", channels: args[1] }, { type: "relu6" }];
}

function invertedResidual(inChannels: number, outChannels: number, stride: number, expansion: number): Layer[] {
  const hidden = inChannels * expansion;
  const main: Layer[] = [
    ...(expansion === 1 ? [] : convBlock(inChannels, hidden, 1)),
    ...convBlock(hidden, hidden, 3, { stride, groups: hidden }),
    conv(hidden, outChannels, 1),
    { type: "batchNorm", channels: outChannels },
  ];
  return stride === 1 && inChannels === outChannels ? [{ type: "residual", main, shortcut: [] }] : main;
}

/** Expansion, channels, blocks, stride of the first block. */
const stages = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
] as const;

function body(): Layer[] {
  let channels = 32;
  return stages.flatMap(([expansion, out, blocks, stride]) =>
    Array.from({ length: blocks }, (_, i) => {
      const layers = invertedResidual(channels, out, i === 0 ? stride : 1, expansion);
      channels = out;
      return layers;
    }).flat(),
  );
}

/** MobileNetV2 without dropout. Sandler et al. 2018, https://arxiv.org/abs/1801.04381; parameters in torchvision's order. */
export const mobileNetV2: Network = {
  name: "MobileNetV2",
  input: [3, 224, 224],
  classes: 1000,
  features: [...convBlock(3, 32, 3, { stride: 2 }), ...body(), ...convBlock(320, 1280, 1), { type: "globalAvgPool" }],
  head: [{ type: "linear", in: 1280, out: 1000 }],
};
