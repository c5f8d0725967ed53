import type { AnyModule, Parameter } from "@graftjs/nn";
import { ArgumentError } from "@graftjs/tensor";

/** Options of parameter groups by layer. */
export interface ParameterGroupsOptions {
  /** Learning rate of the head. */
  readonly learningRate: number;
  /** Factor of the learning rate from one layer to the one below it, in (0, 1]. Default 0.75; 1: all learn alike. */
  readonly layerDecay?: number;
  /** Smallest factor of the learning rate. Default 0. */
  readonly minScale?: number;
  /** Weight decay of weights. Default 0.05. Biases and the weights of normalisation layers have 0. */
  readonly weightDecay?: number;
  /** Names of further parameters without weight decay. */
  readonly noWeightDecay?: readonly string[];
}

/** Parameters that are treated alike, as optimisers take them. */
export interface LayerGroup {
  readonly parameters: Parameter[];
  readonly learningRate: number;
  readonly weightDecay: number;
}

/**
 * The parameters of `module` that require a gradient, in groups for layer-wise learning rates: the learning rate of
 * layer i of n is learningRate · max(minScale, layerDecay^(n - 1 - i)). All layers count, also those that are frozen.
 * @param depthOf where a parameter lies: keys are compared number by number, and equal keys make one layer.
 * @param exempt parameters of more than one axis that have no weight decay all the same.
 * @throws {ArgumentError} on values out of range.
 * Source: `param_groups_layer_decay` of timm, https://huggingface.co/docs/timm/reference/optimizers;
 * Bao et al. 2021, https://arxiv.org/abs/2106.08254
 *
 * @example
 * ```ts
 * import { layerGroups } from "@graftjs/models";
 * import { Linear, Sequential } from "@graftjs/nn";
 *
 * const net = new Sequential({ body: new Linear(4, 8), head: new Linear(8, 2) });
 * const depthOf = (name: string) => [name.startsWith("body") ? 0 : 1];
 * const groups = layerGroups(net, depthOf, { learningRate: 0.1, layerDecay: 0.5 });
 * const rates = groups.map((group) => [group.learningRate, group.weightDecay]);
 * console.log(rates); // [[0.05, 0.05], [0.05, 0], [0.1, 0.05], [0.1, 0]]
 * ```
 */
export function layerGroups(
  module: AnyModule,
  depthOf: (name: string) => readonly number[],
  options: ParameterGroupsOptions,
  exempt: RegExp | null = null,
): LayerGroup[] {
  const { learningRate, layerDecay = 0.75, minScale = 0, weightDecay = 0.05, noWeightDecay = [] } = options;
  check("learningRate, a number >= 0", learningRate, learningRate >= 0);
  check("layerDecay in (0, 1]", layerDecay, layerDecay > 0 && layerDecay <= 1);
  check("minScale in [0, 1]", minScale, minScale >= 0 && minScale <= 1);
  check("weightDecay, a number >= 0", weightDecay, weightDecay >= 0);

  const placed = [...module.namedParameters()].map(([name, parameter]) => ({ name, parameter, key: depthOf(name) }));
  placed.sort((a, b) => compare(a.key, b.key));
  let layer = -1;
  const layers = placed.map(({ key }, i) => {
    if (i === 0 || compare((placed[i - 1] as { key: readonly number[] }).key, key) !== 0) layer++;
    return layer;
  });
  const groups = new Map<string, LayerGroup>();
  placed.forEach(({ name, parameter }, i) => {
    if (!parameter.requiresGrad) return;
    const decays = parameter.rank > 1 && !exempt?.test(name) && !noWeightDecay.includes(name);
    const id = `${layers[i]} ${decays}`;
    const group = groups.get(id) ?? {
      parameters: [],
      learningRate: learningRate * Math.max(minScale, layerDecay ** (layer - (layers[i] as number))),
      weightDecay: decays ? weightDecay : 0,
    };
    groups.set(id, group);
    group.parameters.push(parameter);
  });
  return [...groups.values()];
}

/** Number by number; where one key is the start of the other, it comes first. */
function compare(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const [x, y] = [a[i] as number, b[i] as number];
    if (x !== y) return x < y ? -1 : 1;
  }
  return a.length - b.length;
}

function check(expected: string, got: number, holds: boolean): void {
  if (!holds) throw new ArgumentError({ op: "parameterGroups", expected, got: String(got) });
}
