import { ArgumentError, formatShape, numel, type Shape } from "@graftjs/tensor";

/** How many inputs and outputs a unit of a weight [out, in, ...] has. @throws {ArgumentError} for fewer than two axes. */
export function fans(op: string, shape: Shape): { readonly fanIn: number; readonly fanOut: number } {
  const [outputs, inputs, ...kernel] = shape;
  if (outputs === undefined || inputs === undefined) {
    throw new ArgumentError({ op, expected: "a weight of at least two axes, [out, in, ...]", got: formatShape(shape) });
  }
  return { fanIn: inputs * numel(kernel), fanOut: outputs * numel(kernel) };
}
