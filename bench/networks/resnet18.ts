import { conv, type Layer, type Network } from "./network.ts";

function block(inChannels: number, outChannels: number, stride: number): Layer[] {
  const norm: Layer = { type: "batchNorm", channels: outChannels };
  const same = stride === 1 && inChannels === outChannels;
  const main = [
    conv(inChannels, outChannels, 3, { stride }),
    norm,
    { type: "relu" } as const,
    conv(outChannels, outChannels, 3),
    norm,
  ];
  const shortcut = same ? [] : [conv(inChannels, outChannels, 1, { stride }), norm];
  return [{ type: "residual", main, shortcut }, { type: "relu" }];
}

function stage(inChannels: number, outChannels: number, stride: number): Layer[] {
  return [...block(inChannels, outChannels, stride), ...block(outChannels, outChannels, 1)];
}

/** ResNet-18. He et al. 2015, https://arxiv.org/abs/1512.03385; parameters in torchvision's order. */
export const resnet18: Network = {
  name: "ResNet-18",
  input: [3, 224, 224],
  classes: 1000,
  features: [
    conv(3, 64, 7, { stride: 2 }),
    { type: "batchNorm", channels: 64 },
    { type: "relu" },
    { type: "maxPool", kernel: 3, stride: 2, padding: 1 },
    ...stage(64, 64, 1),
    ...stage(64, 128, 2),
    ...stage(128, 256, 2),
    ...stage(256, 512, 2),
    { type: "globalAvgPool" },
  ],
  head: [{ type: "linear", in: 512, out: 1000 }],
};
