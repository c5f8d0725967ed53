import type { FullAttrs } from "../../ops/full.ts";
import type { ElementwiseName } from "../../ops/names.ts";
import { broadcastStrides } from "../../shape.ts";
import type { Call, ChainOperand, ChainStep } from "../call.ts";
import type { Node, Value } from "../graph.ts";

/** A group of element-wise nodes as one call. `isNeeded` tells which of their results something outside reads. */
export function buildChain(
  nodes: readonly Node[],
  constants: ReadonlyMap<Value, FullAttrs>,
  isNeeded: (value: Value) => boolean,
): Call {
  const { shape } = ((nodes[0] as Node).outputs[0] as Value).spec;
  const inputs: Value[] = [];
  const stepOf = new Map<Value, number>();
  const operand = (v: Value): ChainOperand => {
    const step = stepOf.get(v);
    if (step !== undefined) return { kind: "step", index: step };
    const constant = constants.get(v);
    if (constant) return { kind: "constant", value: constant.value };
    let index = inputs.indexOf(v);
    if (index < 0) index = inputs.push(v) - 1;
    return { kind: "input", index };
  };
  const steps = nodes.map((node, i): ChainStep => {
    const step: ChainStep = {
      op: node.op.name as ElementwiseName,
      operands: node.inputs.map(operand),
      operandDType: (node.inputs.at(-1) as Value).spec.dtype,
      dtype: (node.outputs[0] as Value).spec.dtype,
    };
    stepOf.set(node.outputs[0] as Value, i);
    return step;
  });
  const results = nodes.map((node) => node.outputs[0] as Value);
  const needed = results.flatMap((v, i) => (isNeeded(v) ? [i] : []));
  return {
    kernel: "chain",
    attrs: {
      shape,
      inputs: inputs.map((v) => ({ dtype: v.spec.dtype, strides: broadcastStrides(v.spec.shape, shape) })),
      steps,
      outputs: needed,
    },
    inputs,
    outputs: needed.map((i) => results[i] as Value),
  };
}

/** A call that copies `from` to `to`, as it is. */
export function copyCall(from: Value, to: Value): Call {
  const { shape, dtype } = to.spec;
  return {
    kernel: "chain",
    attrs: {
      shape,
      inputs: [{ dtype, strides: broadcastStrides(from.spec.shape, shape) }],
      steps: [{ op: "cast", operands: [{ kind: "input", index: 0 }], operandDType: dtype, dtype }],
      outputs: [0],
    },
    inputs: [from],
    outputs: [to],
  };
}
