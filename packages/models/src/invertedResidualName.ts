/** Which layers an inverted residual block has, in torchvision's list of them. */
export interface BlockLayout {
  /** Whether it starts with an expansion; if not, timm names the rest otherwise. */
  readonly expands: boolean;
  /** Whether squeeze-and-excitation follows the depthwise convolution. */
  readonly squeezes: boolean;
  /** Whether the projection and its normalisation stand in the list by themselves (MobileNetV2). Default `false`. */
  readonly flatProjection?: boolean;
}

/**
 * torchvision's name, inside of an inverted residual block, of what timm calls `part`: `conv_pw.weight` to `0.0.weight`.
 * Source: https://github.com/huggingface/pytorch-image-models/blob/main/timm/models/_efficientnet_blocks.py
 */
export function invertedResidualName(part: string, { expands, squeezes, flatProjection }: BlockLayout): string {
  const depthwise = expands ? 1 : 0;
  const squeeze = depthwise + 1;
  const project = squeezes ? squeeze + 1 : squeeze;
  const [conv, norm] = flatProjection ? [`${project}`, `${project + 1}`] : [`${project}.0`, `${project}.1`];
  const names: Readonly<Record<string, string>> = {
    ...(expands
      ? { conv_pw: "0.0", bn1: "0.1", conv_dw: "1.0", bn2: "1.1", conv_pwl: conv, bn3: norm }
      : { conv_dw: "0.0", bn1: "0.1", conv_pw: conv, bn2: norm }),
    "se.conv_reduce": `${squeeze}.fc1`,
    "se.conv_expand": `${squeeze}.fc2`,
  };
  const [, layer = "", rest = ""] = /^(.+)\.(.+)$/.exec(part) ?? [];
  return Object.hasOwn(names, layer) ? `${names[layer]}.${rest}` : part;
}
