import type { Device } from "../src/device/contract.ts";
import { referenceDevice } from "../src/device/reference.ts";
import { compile, type Output } from "../src/graph/compile.ts";
import type { Graph } from "../src/graph/graph.ts";
import { type LoweredGraph, lower } from "../src/graph/lower.ts";
import { type Tensor, zeros } from "../src/tensor.ts";

type Fn = (...inputs: Tensor[]) => Output;

/** The graph that a device gets of `fn`, traced for inputs of these shapes. */
export function graphOf(fn: Fn, ...shapes: readonly (readonly number[])[]): Graph {
  let result: Graph | undefined;
  const device: Device = {
    ...referenceDevice,
    compile: (graph) => {
      result = graph;
      return referenceDevice.compile(graph);
    },
  };
  compile(fn, { device })(...shapes.map((shape) => zeros(shape)));
  return result as Graph;
}

/** What that is lowered to. */
export function lowered(fn: Fn, ...shapes: readonly (readonly number[])[]): LoweredGraph {
  return lower(graphOf(fn, ...shapes));
}
