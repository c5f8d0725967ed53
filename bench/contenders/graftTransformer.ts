import { Conv2d, Embedding, GELU, LayerNorm, Linear, Module, Parameter, Sequential, Tanh } from "@graftjs/nn";
import {
  add,
  concat,
  expand,
  flatten,
  permute,
  reshape,
  scaledDotProductAttention,
  slice,
  squeeze,
  type Tensor,
  transpose,
  zeros,
} from "@graftjs/tensor";
import type { Layer, Network } from "../networks/network.ts";

/** A transformer of the benchmark's layers, as a user would write it on `@graftjs/nn`. */
export function transformer({ features, head }: Network): Sequential {
  return new Sequential(...[...features, ...head].map(build));
}

function build(layer: Layer): Module {
  switch (layer.type) {
    case "conv":
      return new Conv2d(layer.in, layer.out, layer.kernel, { stride: layer.stride, bias: layer.bias });
    case "linear":
      return new Linear(layer.in, layer.out);
    case "tanh":
      return new Tanh();
    case "layerNorm":
      return new LayerNorm(layer.size);
    case "embedding":
      return new Embedding(layer.count, layer.size);
    case "patches":
      return new Patches();
    case "classToken":
      return new ClassToken(layer.size);
    case "position":
      return new Position(layer.length, layer.size);
    case "transformerBlock":
      return new TransformerBlock(layer);
    case "firstToken":
      return new FirstToken();
    default:
      throw new Error(`no transformer has ${layer.type}`);
  }
}

class Patches extends Module {
  forward(x: Tensor): Tensor {
    return transpose(flatten(x, 2), 1, 2);
  }
}

class FirstToken extends Module {
  forward(x: Tensor): Tensor {
    return squeeze(slice(x, 1, 0, 1), 1);
  }
}

class ClassToken extends Module {
  readonly token: Parameter;

  constructor(size: number) {
    super();
    this.token = new Parameter(zeros([1, 1, size]));
  }

  forward(x: Tensor): Tensor {
    const [batch, , size] = x.shape as [number, number, number];
    return concat([expand(this.token, [batch, 1, size]), x], 1);
  }
}

class Position extends Module {
  readonly weight: Parameter;

  constructor(length: number, size: number) {
    super();
    this.weight = new Parameter(zeros([length, size]));
  }

  forward(x: Tensor): Tensor {
    return add(x, this.weight);
  }
}

type Heads = [query: Tensor, key: Tensor, value: Tensor];

/** softmax(Q Kᵀ / √d) V for each head. Vaswani et al. 2017, https://arxiv.org/abs/1706.03762 */
class Attention extends Module {
  readonly query: Linear;
  readonly key: Linear;
  readonly value: Linear;
  readonly output: Linear;
  readonly heads: number;

  constructor(size: number, heads: number) {
    super();
    this.query = new Linear(size, size);
    this.key = new Linear(size, size);
    this.value = new Linear(size, size);
    this.output = new Linear(size, size);
    this.heads = heads;
  }

  forward(x: Tensor): Tensor {
    const [batch, length, size] = x.shape as [number, number, number];
    const width = size / this.heads;
    // [N, L, D] → [N, heads, L, D / heads]
    const split = (y: Tensor): Tensor => permute(reshape(y, [batch, length, this.heads, width]), [0, 2, 1, 3]);
    const [query, key, value] = [this.query, this.key, this.value].map((layer) => split(layer.forward(x))) as Heads;
    const mixed = scaledDotProductAttention(query, key, value);
    return this.output.forward(reshape(permute(mixed, [0, 2, 1, 3]), [batch, length, size]));
  }
}

class TransformerBlock extends Module {
  readonly attention: Attention;
  readonly norm1: LayerNorm;
  readonly feedForward: Sequential;
  readonly norm2: LayerNorm;
  readonly normBefore: boolean;

  constructor({ size, heads, hidden, norm }: Extract<Layer, { type: "transformerBlock" }>) {
    super();
    this.attention = new Attention(size, heads);
    this.norm1 = new LayerNorm(size);
    this.feedForward = new Sequential(new Linear(size, hidden), new GELU(), new Linear(hidden, size));
    this.norm2 = new LayerNorm(size);
    this.normBefore = norm === "before";
  }

  forward(x: Tensor): Tensor {
    if (this.normBefore) {
      const attended = add(x, this.attention.forward(this.norm1.forward(x)));
      return add(attended, this.feedForward.forward(this.norm2.forward(attended)));
    }
    const attended = this.norm1.forward(add(x, this.attention.forward(x)));
    return this.norm2.forward(add(attended, this.feedForward.forward(attended)));
  }
}
