import {
  compile,
  type Device,
  DeviceError,
  type Graph,
  numel,
  Storage,
  type Tensor,
  type TensorSpec,
  zeros,
} from "@graftjs/tensor";

/** A batch size for traces that are written as ONNX: one that no dimension has by accident. */
export const tracedBatch = 97;

/** Records what `fn` computes for inputs of these shapes, without computing it. */
export function trace(fn: (...inputs: Tensor[]) => readonly Tensor[], inputs: readonly TensorSpec[]): Graph {
  let recorded: Graph | undefined;
  const recorder: Device = {
    name: "recorder",
    compile: (graph) => {
      recorded = graph;
      const run = (): Storage[] => graph.outputs.map(({ spec }) => Storage.zeros(spec.dtype, numel(spec.shape)));
      return { run, explain: () => "" };
    },
    allocate: () => {
      throw new DeviceError("A recorder holds no memory.");
    },
  };
  compile(fn, { device: recorder })(...inputs.map(({ shape, dtype }) => zeros(shape, { dtype })));
  return recorded as Graph;
}
