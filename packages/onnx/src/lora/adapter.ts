import { dropout, kaimingUniform, type LoraLayer, linear, Parameter } from "@graftjs/nn";
import {
  add,
  conv1d,
  conv2d,
  conv3d,
  type Generator,
  matmul,
  mul,
  noGrad,
  reshape,
  type Tensor,
  transpose,
  zeros,
} from "@graftjs/tensor";
import { toTensor, type Value } from "../constant.ts";
import type { Inputs, Run } from "../operator.ts";
import { type LoraSite, loraNames } from "./sites.ts";

/** They differ in how many numbers their options list. */
const convolutions = [conv1d, conv2d, conv3d] as const;

/**
 * An update of low rank to a stored weight, alpha / rank · B · A, which is added to what the weight's nodes make: the weight itself
 * needs no gradient.
 */
export class LoraAdapter {
  readonly site: LoraSite;
  readonly layer: LoraLayer;
  /** [rank, in, …]. */
  readonly A: Parameter;
  /** [out, rank, 1, …]. */
  readonly B: Parameter;
  readonly #generator: Generator | undefined;

  constructor(site: LoraSite, sizes: Omit<LoraLayer, "name">, generator: Generator | undefined) {
    this.site = site;
    this.layer = { name: site.layer, ...sizes };
    this.#generator = generator;
    const [out, inner, ...kernel] = this.#shape;
    const { rank } = sizes;
    const draw = generator ? { generator } : {};
    this.A = new Parameter(kaimingUniform([rank, inner, ...kernel], { a: Math.sqrt(5), ...draw }));
    this.B = new Parameter(zeros([out, rank, ...kernel.map(() => 1)]));
  }

  get scaling(): number {
    return this.layer.alpha / this.layer.rank;
  }

  /** A and B by name. */
  get parameters(): ReadonlyMap<string, Parameter> {
    const [a, b] = loraNames(this.layer.name);
    return new Map([
      [a, this.A],
      [b, this.B],
    ]);
  }

  /** The update in the shape and order in which the file stores the weight. */
  update(): Tensor {
    const [out] = this.#shape;
    const { rank } = this.layer;
    return noGrad(() => {
      const product = matmul(reshape(this.B, [out, rank]), reshape(this.A, [rank, this.A.size / rank]));
      const scaled = mul(product, this.scaling);
      return reshape(this.site.turned ? transpose(scaled, 0, 1) : scaled, this.site.weight.tensor.dims);
    });
  }

  /**
   * What runs for a node of the site. The node's own operator multiplies with A in the weight's place, with its own windows and factors,
   * and what that makes is multiplied with B.
   * @param turned - whether the node reads matrices as [in, out].
   */
  adapt(run: Run, turned: boolean): Run {
    return (inputs) => {
      const x = inputs.tensor(0);
      const { dropout: p } = this.layer;
      const generator = this.#generator ?? inputs.generator;
      const dropped = inputs.training ? dropout(x, p, { generator }) : x;
      const weight = turned ? transpose(this.A, 0, 1) : this.A;
      const inner = toTensor(run(withTensors(inputs, [dropped, weight])) as Value);
      return add(toTensor(run(inputs) as Value), mul(this.#raise(inner), this.scaling));
    };
  }

  #raise(inner: Tensor): Tensor {
    const convolve = convolutions[this.B.rank - 3];
    return convolve ? convolve(inner, this.B) : linear(inner, this.B);
  }

  /** Of the weight as [out, in, …]. */
  get #shape(): readonly [out: number, inner: number, ...kernel: number[]] {
    const [first, second, ...kernel] = this.site.dims as [number, number, ...number[]];
    return this.site.turned ? [second, first] : [first, second, ...kernel];
  }
}

/** The same, with these tensors instead of those that reach the node. */
function withTensors(inputs: Inputs, tensors: readonly Tensor[]): Inputs {
  const given: Partial<Inputs> = {
    count: tensors.length,
    has: (i) => i < tensors.length,
    tensor: (i) => tensors[i] as Tensor,
  };
  return new Proxy(inputs, {
    get: (all, key: keyof Inputs) => {
      const value = given[key] ?? all[key];
      return typeof value === "function" ? value.bind(all) : value;
    },
  });
}
