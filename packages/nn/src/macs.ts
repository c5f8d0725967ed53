import { type Node, numel, type OpName, type TensorSpec } from "@graftjs/tensor";

/** Multiply-adds of one application of an op, by the shapes of its inputs and outputs. */
type Rule = (inputs: readonly TensorSpec[], output: TensorSpec, attrs: unknown) => number;

/** Elements of a filter of a weight [out, in / groups, ...]. */
const filter = (weight: TensorSpec | undefined): number => numel(weight?.shape.slice(1) ?? []);

const rules: { readonly [name in OpName]?: Rule } = {
  conv2d: ([, weight], output) => numel(output.shape) * filter(weight),
  // A transposed convolution, too, is this one: each of its inputs goes through each element of its filters.
  conv2dInputGrad: (inputs) => numel(inputs[0]?.shape ?? []) * filter(inputs[1]),
  matmul: ([a], output, attrs) => {
    const { transposeA } = attrs as { readonly transposeA: boolean };
    return numel(output.shape) * (a?.shape.at(transposeA ? -2 : -1) as number);
  },
};

/**
 * How often a node of a traced graph multiplies and adds, of convolutions and matrix products; 0 for all others.
 *
 * @example
 * ```ts
 * import { macsOf } from "@graftjs/nn";
 * import { compile, type Device, matmul, ones, referenceDevice, relu, type Tensor } from "@graftjs/tensor";
 *
 * const device: Device = {
 *   ...referenceDevice,
 *   compile: (graph) => {
 *     console.log(graph.nodes.map(macsOf)); // [24, 0]
 *     return referenceDevice.compile(graph);
 *   },
 * };
 * compile((x: Tensor) => relu(matmul(x, ones([3, 4]))), { device })(ones([2, 3]));
 * ```
 */
export function macsOf({ op, inputs, outputs, attrs }: Node): number {
  const [output, ...given] = [...outputs.slice(0, 1), ...inputs].map(({ spec }) => spec);
  return output ? (rules[op.name]?.(given, output, attrs) ?? 0) : 0;
}
