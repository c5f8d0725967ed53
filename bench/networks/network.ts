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
  | { readonly type: "layerNorm"; readonly size: number }
  | { readonly type: "tanh" }
  /** Indices [N, L] → rows [N, L, D]. */
  | { readonly type: "embedding"; readonly count: number; readonly size: number }
  /** [N, C, H, W] → [N, H·W, C] */
  | { readonly type: "patches" }
  /** [N, L, D] → [N, L + 1, D]: a learned token before all others. */
  | { readonly type: "classToken"; readonly size: number }
  /** x + a learned [L, D]. */
  | { readonly type: "position"; readonly length: number; readonly size: number }
  /**
   * Self-attention and a feed-forward part with GELU, each with a residual connection and a layer norm: `before` what it
   * is around (ViT), or `after` the sum (BERT). No dropout. [N, L, D] → [N, L, D]
   */
  | {
      readonly type: "transformerBlock";
      readonly size: number;
      readonly heads: number;
      readonly hidden: number;
      readonly norm: "before" | "after";
    }
  /** [N, L, D] → [N, D] */
  | { readonly type: "firstToken" }
  /** main(x) + shortcut(x); no layers in `shortcut`: x itself. */
  | { readonly type: "residual"; readonly main: readonly Layer[]; readonly shortcut: readonly Layer[] };

export interface Network {
  readonly name: "LeNet" | "MobileNetV2" | "ResNet-18" | "ViT-Tiny" | "BERT-mini";
  /** Of one image, or of one text. */
  readonly input: readonly [channels: number, height: number, width: number] | readonly [length: number];
  /** Of a network for texts: its input are integers below this. */
  readonly vocabulary?: number;
  readonly classes: number;
  /** What a linear probe caches: a batch → [N, F]. */
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
