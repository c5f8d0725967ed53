import { nodeName, type OnnxNode } from "../graph.ts";
import type { OnnxModule } from "../module.ts";
import { fresh, namesOf } from "../names.ts";
import type { Edits, InitializerSpec, NodeExtension, NodeSpec, NodeSpecAttribute } from "../splice.ts";
import type { OnnxArray } from "../tensorData.ts";
import type { LoraAdapter } from "./adapter.ts";
import { LoraError } from "./error.ts";
import { loraNames } from "./sites.ts";

/**
 * The edits that write updates of low rank as nodes of their own, each behind the node that it adds to; what `others` adds is in them.
 * A and B become initializers under their names, [rank, in, …] and [out, rank, …].
 * @param stays - whether a node is part of what is exported.
 * @throws {LoraError} if such a node lies inside of a function of the file.
 */
export async function loraNodes(
  { model, adapters }: OnnxModule,
  others: Edits,
  stays: (node: OnnxNode) => boolean,
): Promise<Edits> {
  const taken = namesOf(model);
  for (const { name, outputs } of others.addNodes ?? []) for (const used of [name, ...outputs]) taken.add(used);
  const initializers: InitializerSpec[] = [];
  const extendNodes = new Map<number, NodeExtension>();
  for (const adapter of adapters) {
    const nodes = adapter.site.nodes.filter(stays);
    if (nodes.length === 0) continue;
    for (const [name, parameter] of adapter.parameters) {
      const data = (await parameter.read()) as OnnxArray;
      initializers.push({ name, dims: parameter.shape, dtype: adapter.site.dtype, data });
    }
    for (const node of nodes) {
      const { domain, opType } = model.graph.nodes[node.index] as OnnxNode;
      if (domain !== node.domain || opType !== node.opType)
        throw new LoraError(
          "exportModel",
          `"${adapter.layer.name}" is applied inside of a function of the file (${node.opType} at node "${nodeName(node)}")`,
          'Merge the update: { lora: "merge" }.',
        );
      const writer = new Writer(adapter, node, model.opset, taken);
      extendNodes.set(node.index, writer.write());
      initializers.push(writer.scale);
    }
  }
  if (initializers.length === 0) return {};
  return { extendNodes, addInitializers: [...(others.addInitializers ?? []), ...initializers] };
}

/** Writes the update at one node. */
class Writer {
  readonly scale: InitializerSpec;
  readonly #adapter: LoraAdapter;
  readonly #node: OnnxNode;
  readonly #opset: number;
  readonly #taken: Set<string>;
  readonly #nodes: NodeSpec[] = [];

  constructor(adapter: LoraAdapter, node: OnnxNode, opset: number, taken: Set<string>) {
    this.#adapter = adapter;
    this.#node = node;
    this.#opset = opset;
    this.#taken = taken;
    // Gemm's own factor counts for the update too.
    const alpha = node.opType === "Gemm" ? Number(node.attributes.get("alpha")?.value ?? 1) : 1;
    const { dtype } = adapter.site;
    this.scale = { name: this.#fresh("scale"), dims: [], dtype, data: [adapter.scaling * alpha] };
  }

  write(): NodeExtension {
    const [output = "", ...rest] = this.#node.outputs;
    const [A, B] = loraNames(this.#adapter.layer.name);
    const base = this.#fresh("base");
    const product = this.#node.opType === "Conv" ? this.#convolve(A, B) : this.#multiply(A, B);
    // Before version 7 of the operator set, other shapes are broadcast on demand.
    const attributes: NodeSpec["attributes"] = this.#opset < 7 ? { broadcast: { type: "int", value: 1 } } : {};
    const scaled = this.#push("Mul", [product, this.scale.name], "scaled", attributes);
    this.#push("Add", [base, scaled], "sum", {}, output);
    return { outputs: [base, ...rest], behind: this.#nodes };
  }

  #convolve(A: string, B: string): string {
    const attributes = Object.fromEntries(this.#node.attributes) as Record<string, NodeSpecAttribute>;
    const kernel = this.#adapter.B.shape.slice(2);
    const inner = this.#push("Conv", [this.#node.inputs[0] as string, A], "A", attributes);
    return this.#push("Conv", [inner, B], "B", { kernel_shape: { type: "ints", value: kernel } });
  }

  #multiply(A: string, B: string): string {
    const { inputs, opType, attributes } = this.#node;
    const turned = opType === "Gemm" && Number(attributes.get("transA")?.value ?? 0) !== 0;
    const x = turned ? this.#transpose(inputs[0] as string, "input") : (inputs[0] as string);
    const inner = this.#push("MatMul", [x, this.#transpose(A, "A/transposed")], "A");
    return this.#push("MatMul", [inner, this.#transpose(B, "B/transposed")], "B");
  }

  #transpose(input: string, stem: string): string {
    return this.#push("Transpose", [input], stem, { perm: { type: "ints", value: [1, 0] } });
  }

  #push(
    opType: string,
    inputs: readonly string[],
    stem: string,
    attributes: NodeSpec["attributes"] = {},
    output?: string,
  ): string {
    const name = this.#fresh(stem);
    this.#nodes.push({ name, opType, inputs, outputs: [output ?? name], attributes });
    return output ?? name;
  }

  #fresh(stem: string): string {
    const name = fresh(`${this.#adapter.layer.name}/lora/${stem}`, this.#taken);
    this.#taken.add(name);
    return name;
  }
}
