import { Linear, type Module, normal, Sequential } from "@graftjs/nn";
import type { Draw } from "./classifier.ts";

/** A last layer whose weights are drawn from N(0, std²), and whose bias is 0. */
export function normalLinear(inFeatures: number, outFeatures: number, std: number, draw: Draw): Linear {
  const linear = new Linear(inFeatures, outFeatures, draw);
  linear.weight.assign(normal([outFeatures, inFeatures], { std, ...draw }));
  linear.bias?.assign(new Float32Array(outFeatures));
  return linear;
}

/** The layers of `head`, the last one replaced. */
export function withLast(head: Sequential, last: Module): Sequential {
  return new Sequential(...Object.values(head.layers).slice(0, -1), last);
}

/** What the last layer of `head` takes, computed from what the first one takes. */
export function beforeLast(head: Sequential): Sequential {
  return new Sequential(...Object.values(head.layers).slice(0, -1));
}

/** The last layer of `head`, which gives the logits. */
export function lastLayer(head: Sequential): Linear {
  return Object.values(head.layers).at(-1) as Linear;
}
