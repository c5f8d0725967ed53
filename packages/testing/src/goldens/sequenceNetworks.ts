import { Conv2d, Embedding, GRU, gelu, LayerNorm, Linear, LSTM, Module, Parameter, RNN } from "@graftjs/nn";
import {
  add,
  arange,
  cast,
  concat,
  expand,
  flatten,
  mean,
  mul,
  permute,
  reshape,
  type Shape,
  scaledDotProductAttention,
  slice,
  squeeze,
  sub,
  type Tensor,
  tanh,
  zeros,
} from "@graftjs/tensor";

const heads = (x: Tensor, count: number): Tensor => {
  const [n, l, d] = x.shape as [number, number, number];
  return permute(reshape(x, [n, l, count, d / count]), [0, 2, 1, 3]);
};

const merged = (x: Tensor): Tensor => flatten(permute(x, [0, 2, 1, 3]), 2);

/** The first of each sequence. */
const first = (x: Tensor): Tensor => squeeze(slice(x, 1, 0, 1), 1);

class Block extends Module<readonly [x: Tensor, mask: Tensor]> {
  readonly q: Linear = new Linear(32, 32);
  readonly k: Linear = new Linear(32, 32);
  readonly v: Linear = new Linear(32, 32);
  readonly o: Linear = new Linear(32, 32);
  readonly ln1: LayerNorm = new LayerNorm(32, { eps: 1e-12 });
  readonly ln2: LayerNorm = new LayerNorm(32, { eps: 1e-12 });
  readonly ff1: Linear = new Linear(32, 64);
  readonly ff2: Linear = new Linear(64, 32);

  forward(x: Tensor, mask: Tensor): Tensor {
    const [q, k, v] = [this.q, this.k, this.v].map((part) => heads(part.forward(x), 4)) as [Tensor, Tensor, Tensor];
    const y = this.o.forward(merged(scaledDotProductAttention(q, k, v, { mask })));
    const z = this.ln1.forward(add(x, y));
    return this.ln2.forward(add(z, this.ff2.forward(gelu(this.ff1.forward(z)))));
  }
}

/** Embeddings of words and places, and a post-norm encoder block with an additive mask. */
export class TinyBert extends Module<readonly [ids: Tensor, mask: Tensor]> {
  readonly tok: Embedding = new Embedding(40, 32);
  readonly pos: Embedding = new Embedding(16, 32);
  readonly ln: LayerNorm = new LayerNorm(32, { eps: 1e-12 });
  readonly block: Block = new Block();
  readonly pooler: Linear = new Linear(32, 32);
  readonly cls: Linear = new Linear(32, 3);

  forward(ids: Tensor, mask: Tensor): Tensor {
    const [n, l] = ids.shape as [number, number];
    const bias = mul(reshape(sub(1, cast(mask, "float32")), [n, 1, 1, l]), -10000);
    const x = this.ln.forward(add(this.tok.forward(ids), this.pos.forward(arange(0, l))));
    return this.cls.forward(tanh(this.pooler.forward(first(this.block.forward(x, bias)))));
  }
}

/** Patches by convolution, a class token, a pre-norm block with fused projections, tanh GELU. */
export class TinyViT extends Module {
  readonly patch: Conv2d = new Conv2d(3, 24, 4, { stride: 4 });
  readonly clsToken: Parameter = blank([1, 1, 24]);
  readonly pos: Parameter = blank([1, 10, 24]);
  readonly ln1: LayerNorm = new LayerNorm(24);
  readonly ln2: LayerNorm = new LayerNorm(24);
  readonly ln3: LayerNorm = new LayerNorm(24);
  readonly qkv: Linear = new Linear(24, 72);
  readonly proj: Linear = new Linear(24, 24);
  readonly ff1: Linear = new Linear(24, 48);
  readonly ff2: Linear = new Linear(48, 24);
  readonly head: Linear = new Linear(24, 4);

  forward(input: Tensor): Tensor {
    const patches = permute(flatten(this.patch.forward(input), 2), [0, 2, 1]);
    const tokens = expand(this.clsToken, [patches.shape[0] as number, 1, 24]);
    let x = add(concat([tokens, patches], 1), this.pos);
    const qkv = this.qkv.forward(this.ln1.forward(x));
    const [q, k, v] = [0, 1, 2].map((i) => heads(slice(qkv, 2, 24 * i, 24 * (i + 1)), 3)) as [Tensor, Tensor, Tensor];
    x = add(x, this.proj.forward(merged(scaledDotProductAttention(q, k, v))));
    const hidden = gelu(this.ff1.forward(this.ln2.forward(x)), { approximate: "tanh" });
    return this.head.forward(first(this.ln3.forward(add(x, this.ff2.forward(hidden)))));
  }
}

/** One recurrent layer, of which the last step, or, from both ends, the mean is classified. */
export class TinyRnn extends Module {
  readonly rnn: RNN | GRU | LSTM;
  readonly fc: Linear;

  constructor(kind: "RNN" | "GRU" | "LSTM") {
    super();
    const bidirectional = kind === "LSTM";
    this.rnn = new { RNN, GRU, LSTM }[kind](5, 8, { batchFirst: true, bidirectional });
    this.fc = new Linear(bidirectional ? 16 : 8, 3);
  }

  forward(x: Tensor): Tensor {
    const [y] = this.rnn.forward(x);
    return this.fc.forward(this.rnn.bidirectional ? mean(y, { axes: 1 }) : squeeze(slice(y, 1, -1), 1));
  }
}

function blank(shape: Shape): Parameter {
  return new Parameter(zeros(shape));
}
