import { type Linear, type Module, Sequential } from "@graftjs/nn";

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
