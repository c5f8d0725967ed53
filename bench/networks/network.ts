/**
 * A layer, as plain data, so that every contender builds the same network from it, in whatever language.
 * Spatial sizes are square; layout is NCHW and OIHW.
 */
export type Layer =
  | {
      readonly type: "conv";
      readonly in: number;
      readonly out: number;
      readonly kernel: number;
      readonly stride: number;
      readonly padding: number;
      readonly groups: number;
      readonly bias: boolean;
    }
  | { readonly type: "batchNorm"; readonly channels: number }
  | { readonly type: "relu" | "relu6" }
  | { readonly type: "maxPool"; readonly kernel: number; readonly stride: number; readonly padding: number }
  /** [N, C, H, W] → [N, C] */
  | { readonly type: "globalAvgPool" }
  | { readonly type: "flatten" }
  | { readonly type: "linear"; readonly in: number; readonly out: number }
  /** main(x) + shortcut(x); no layers in `shortcut`: x itself. */
  | { readonly type: "residual"; readonly main: readonly Layer[]; readonly shortcut: readonly Layer[] };

export interface Network {
  readonly name: "LeNet" | "MobileNetV2" | "ResNet-18";
  /** [C, H, W] of one image. */
  readonly input: readonly [channels: number, height: number, width: number];
  readonly classes: number;
  /** What a linear probe caches: [N, C, H, W] → [N, F]. */
  readonly features: readonly Layer[];
  /** [N, F] → logits [N, classes]. */
  readonly head: readonly Layer[];
}

/** A convolution without bias; padding keeps the size at stride 1 unless said otherwise. */
export function conv(
  inChannels: number,
  outChannels: number,
  kernel: number,
  options: { stride?: number; padding?: number; groups?: number; bias?: boolean } = {},
): Layer {
  const { stride = 1, padding = (kernel - 1) / 2, groups = 1, bias = false } = options;
  return { type: "conv", in: inChannels, out: outChannels, kernel, stride, padding, groups, bias };
}
