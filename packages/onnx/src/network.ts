import type { Storage, Tensor } from "@graftjs/tensor";
import { emitGraph } from "./emit.ts";
import { HeadExportError } from "./errors.ts";
import { evaluating } from "./evaluating.ts";
import type { ExportResult } from "./export.ts";
import { type Dimension, readModel } from "./model.ts";
import { proto } from "./proto.ts";
import { splice } from "./splice.ts";
import { dtypeNumber } from "./tensorData.ts";
import { traceBatch } from "./trace.ts";
import { type Network, type VerifyOptions, verify } from "./verify.ts";

/** Options of {@link exportNetwork}. */
export interface NetworkExportOptions extends VerifyOptions {
  /** Shape of the input; the first size is the batch, by convention a symbol: `["N", 3, 224, 224]`. */
  readonly inputShape: readonly [batch: Dimension, ...rest: number[]];
  /** Default `"input"`. */
  readonly inputName?: string;
  /** What the file is given; int64 is what tokenizers return, and becomes int32 for the network. Default `"float32"`. */
  readonly inputType?: "float32" | "int32" | "int64";
  /** Default `"logits"`. */
  readonly outputName?: string;
  /** Version of the operator set, from 13 on. Default 17. */
  readonly opset?: number;
  /** Name of the graph. Default `"network"`. */
  readonly name?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

/**
 * Writes a network that was built in TypeScript as an ONNX file: it is traced in evaluation mode, and its parameters and buffers keep
 * their names. BatchNorm layers stay BatchNormalization nodes, so that the file can be fine-tuned like any other.
 * The file is read back, run, and compared with the network before it is returned.
 * @throws {HeadExportError} if the network uses an op that cannot be written
 * @throws {ExportMismatchError} if the file computes something else than the network
 *
 * @example
 * ```ts
 * import { Linear, ReLU, Sequential } from "@graftjs/nn";
 * import { exportNetwork, importModel, readModel } from "@graftjs/onnx";
 * import { ones } from "@graftjs/tensor";
 *
 * const network = new Sequential(new Linear(4, 8), new ReLU(), new Linear(8, 2));
 * const { bytes } = await exportNetwork(network, { inputShape: ["N", 4] });
 * console.log(readModel(bytes).graph.nodes.map(({ opType }) => opType)); // ["Gemm", "Relu", "Gemm"]
 * console.log(importModel(bytes).forward(ones([3, 4])).shape); // [3, 2]
 * ```
 */
export async function exportNetwork(network: Network, options: NetworkExportOptions): Promise<ExportResult> {
  const { inputShape, inputName = "input", inputType = "float32", outputName = "logits", opset = 17 } = options;
  const { name = "network", metadata } = options;
  const [batch, ...rest] = inputShape;
  const states = new Map<Storage, string>();
  for (const [key, tensor] of [...network.namedParameters(), ...network.namedBuffers()])
    states.set(tensor.storage, key);
  const dtype = inputType === "int64" ? "int32" : inputType;
  const { graph, batch: traced } = await evaluating(network, () =>
    traceBatch(
      (x) => [network.forward(x as Tensor)],
      (size) => [{ shape: [size, ...rest], dtype }],
    ),
  );
  const [size, ...sizes] = graph.outputs[0]?.spec.shape ?? [];
  if (size !== traced)
    throw new HeadExportError("The network does not return one row a sample", "Keep the batch as the first axis.");

  const narrow = inputType !== dtype && {
    name: `${inputName}/int32`,
    opType: "Cast",
    inputs: [inputName],
    outputs: [`${inputName}/int32`],
    attributes: { to: { type: "int", value: dtypeNumber(dtype) } } as const,
  };
  const emitted = await emitGraph(graph, {
    opset,
    inputs: [narrow ? narrow.name : inputName],
    output: outputName,
    prefix: "",
    states,
    batch: traced,
  });
  const bytes = splice(readModel(emptyModel(name, opset)), {
    addNodes: [...(narrow ? [narrow] : []), ...emitted.nodes],
    addInitializers: emitted.initializers,
    inputs: [{ name: inputName, dtype: inputType, shape: inputShape }],
    outputs: [{ name: outputName, dtype: graph.outputs[0]?.spec.dtype, shape: [batch, ...sizes] }],
    ...(metadata && { metadata }),
  });
  const maxAbsError = await verify(network, readModel(bytes), options);
  return {
    bytes,
    maxAbsError,
    output: outputName,
    changed: [],
    added: emitted.initializers.map((i) => i.name),
    removed: [],
    kept: 0,
  };
}

/** A model of nothing. */
function emptyModel(name: string, opset: number): Uint8Array {
  const opsetImport = [{ domain: "", version: opset }];
  return proto.ModelProto.encode({ irVersion: 8, producerName: "graft", opsetImport, graph: { name } }).finish();
}
