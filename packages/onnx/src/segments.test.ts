import { manualSeed } from "@graftjs/nn";
import { compile, type Device, type Graph, plan, referenceDevice, sum, type Tensor } from "@graftjs/tensor";
import { describe, expect, it } from "vitest";
import { fixture, sines } from "../test/fixtures.ts";
import { importModel, type OnnxModule } from "./module.ts";
import { nodesFor, planOf } from "./plan.ts";
import { segmentsOf } from "./segments.ts";

const names = ["resnet.onnx", "mobilenet.onnx", "squeezenet.onnx", "lenet.onnx"];

function open(name: string, checkpointing: boolean): OnnxModule {
  const model = importModel(fixture(name));
  model.checkpointing = checkpointing;
  model.replaceHead(3);
  manualSeed(4);
  return model;
}

const inputOf = (model: OnnxModule): Tensor => sines(model.inputSpecs(16)[0]?.shape ?? []);

/** One training step: logits and gradients. */
function stepOf(model: OnnxModule): (x: Tensor) => Tensor[] {
  return (x) => {
    for (const p of model.parameters()) p.grad = null;
    const y = model.forward(x);
    sum(y).backward();
    return [y, ...model.parameters().map((p) => p.grad as Tensor)];
  };
}

describe("checkpointing", () => {
  it.each(names)("gives the same gradients and running statistics: %s", (name) => {
    const run = (checkpointing: boolean, compiled: boolean): number[][] => {
      const model = open(name, checkpointing);
      const step = compiled ? compile(stepOf(model), { device: referenceDevice }) : stepOf(model);
      return [...step(inputOf(model)), ...model.buffers()].map((t) => Array.from(t.toArray()));
    };
    expect(run(true, false)).toEqual(run(false, false));
    expect(run(true, true)).toEqual(run(false, true));
  });

  it.each(names)("cuts where one value crosses, and leaves no node out: %s", (name) => {
    const model = open(name, true);
    const nodes = nodesFor(planOf(model.model), [model.output]);
    const segments = segmentsOf(nodes, model.output, { shapes: model.shapes, sequences: new Set() });
    expect(segments.flatMap((s) => s.nodes)).toEqual(nodes);
    if (name !== "lenet.onnx") expect(segments.length).toBeGreaterThan(1);
    for (const { outputs } of segments) expect(outputs.length).toBe(1);
    expect(segments.slice(1).map(({ inputs }) => inputs)).toEqual(segments.slice(0, -1).map(({ outputs }) => outputs));
  });

  it("needs less memory, and is noticed by a compiled function", () => {
    const arenas: number[] = [];
    const device: Device = {
      name: "reference, with plans",
      allocate: (dtype, length) => referenceDevice.allocate(dtype, length),
      compile: (graph: Graph) => {
        arenas.push(plan(graph, { workspaceBytes: () => 0 }).arenaBytes);
        return referenceDevice.compile(graph);
      },
    };
    const model = open("resnet.onnx", false);
    const step = compile(stepOf(model), { device });
    const x = inputOf(model);
    step(x);
    model.checkpointing = true;
    step(x);
    expect(arenas.length).toBe(2);
    expect(arenas[1]).toBeLessThan(0.95 * (arenas[0] as number));
  });
});
