import type { DType, TypedArray } from "../dtype.ts";
import { allocate } from "../dtype.ts";
import type { Graph, Value } from "../graph/graph.ts";
import type { NDArray } from "../op.ts";
import { formatShape, numel } from "../shape.ts";
import { Storage } from "../storage.ts";
import type { Device, DeviceBuffer, Executable } from "./contract.ts";

/**
 * The oracle: every op by its reference kernel, in plain TypeScript, node by node in the recorded order, without
 * fusion, accumulating in f64. Slow, and right. The only device that takes float64.
 */
export const referenceDevice: Device = {
  name: "reference (TypeScript, f64 accumulation)",
  compile: (graph) => new ReferenceProgram(graph),
  allocate: (dtype, length) => new ReferenceBuffer(dtype, length),
};

class ReferenceBuffer implements DeviceBuffer {
  readonly #data: TypedArray;
  constructor(dtype: DType, length: number) {
    this.#data = allocate(dtype, length);
  }
  get device(): Device {
    return referenceDevice;
  }
  view(): TypedArray {
    return this.#data;
  }
  read(): Promise<TypedArray> {
    return Promise.resolve(this.#data.slice());
  }
  write(data: TypedArray): void {
    this.#data.set(data as never);
  }
}

class ReferenceProgram implements Executable {
  readonly #graph: Graph;
  constructor(graph: Graph) {
    this.#graph = graph;
  }

  run(inputs: readonly Storage[]): Storage[] {
    const { states, nodes, outputs, assignments } = this.#graph;
    const data = new Map<Value, TypedArray>();
    for (const [i, value] of this.#graph.inputs.entries()) data.set(value, (inputs[i] as Storage).host());
    for (const { value, storage } of states) data.set(value, storage.host());
    const array = (value: Value): NDArray => ({ ...value.spec, data: data.get(value) as TypedArray });
    for (const node of nodes) {
      if (node.op.kind === "view") {
        data.set(node.outputs[0] as Value, data.get(node.inputs[0] as Value) as TypedArray);
        continue;
      }
      for (const value of node.outputs) data.set(value, allocate(value.spec.dtype, numel(value.spec.shape)));
      const results = node.outputs.map(array);
      node.op.reference(
        { attrs: node.attrs, output: results[0] as NDArray, outputs: results },
        ...node.inputs.map(array),
      );
    }
    const results = outputs.map((v) => new Storage(v.spec.dtype, (data.get(v) as TypedArray).slice()));
    // All new values are computed before the first is assigned; one may be another's old state.
    const updates = assignments.map(({ storage, value }) => ({
      storage,
      data: (data.get(value) as TypedArray).slice(),
    }));
    for (const update of updates) update.storage.write(update.data);
    return results;
  }

  explain(): string {
    return this.#graph.nodes
      .map(
        (n) =>
          `${n.op.name} ${n.inputs.map((v) => formatShape(v.spec.shape)).join(" ")} -> ${n.outputs.map((v) => formatShape(v.spec.shape)).join(" ")}`,
      )
      .join("\n");
  }
}
