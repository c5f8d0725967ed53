import { TapeNode } from "./autograd/tape.ts";
import { isFloat } from "./dtype.ts";
import { prepareEager, runEager } from "./eager.ts";
import type { Tracer } from "./graph/tracer.ts";
import type { Op } from "./op.ts";
import { runtime } from "./runtime.ts";
import { Tensor } from "./tensor.ts";

/**
 * Applies a primitive op: checks the arguments, runs it (or records it, inside of a trace), and leaves behind what its
 * gradient needs. Every op function ends here.
 *
 * @example
 * ```ts
 * import { apply, ops, tensor } from "@graftjs/tensor";
 *
 * const [sorted, places] = apply(ops.sort, [tensor([3, 1, 2])], { axis: 0, descending: false });
 * console.log(sorted?.toNested(), places?.toNested()); // [1, 2, 3] [1, 2, 0]
 * ```
 */
export function apply<A>(op: Op<A>, inputs: readonly Tensor[], attrs: A): Tensor[] {
  const { tracer, gradEnabled } = runtime();
  const eager = tracer ? null : prepareEager(op as Op, inputs, attrs);
  const specs = eager ? eager.outputs : op.infer(attrs, ...inputs);
  const places = eager ? runEager(eager, inputs) : (tracer as Tracer).record(op as Op, inputs, attrs, specs);
  const differentiable = gradEnabled && op.grad !== undefined && inputs.some((t) => t.requiresGrad);
  const tape = differentiable ? new TapeNode(op as Op, attrs, inputs, apply) : null;
  const outputs = specs.map(
    (spec, i) =>
      new Tensor(spec.shape, spec.dtype, places[i] as Tensor["place"], { tape: isFloat(spec.dtype) ? tape : null }),
  );
  tape?.complete(outputs);
  return outputs;
}

/**
 * {@link apply}, for an op with one output.
 *
 * @example
 * ```ts
 * import { apply1, ops, tensor } from "@graftjs/tensor";
 *
 * console.log(apply1(ops.sum, [tensor([[1, 2], [3, 4]])], { axes: [0], keepDims: true }).toNested()); // [[4, 6]]
 * ```
 */
export function apply1<A>(op: Op<A>, inputs: readonly Tensor[], attrs: A): Tensor {
  return apply(op, inputs, attrs)[0] as Tensor;
}
