import { loraStateDict } from "@graftjs/nn";
import { add, gradients, mean, noGrad, square, type Tensor } from "@graftjs/tensor";
import { describe, expect, it } from "vitest";
import { adapted, expectClose, inputOf, layers, model, run, stir, values } from "../../test/loraModels.ts";
import { exportModel } from "../export.ts";
import { importModel, type OnnxModule } from "../module.ts";

describe.each(Object.keys(layers))("%s", (form) => {
  it("computes the same at first, and as with the sum of weights afterwards", async () => {
    const network = model(form);
    const before = run(network);
    expect(network.addLora({ rank: 2, alpha: 3, targets: ["fc"] })).toMatchObject([{ name: "fc", rank: 2, alpha: 3 }]);
    expect(run(network)).toEqual(before);
    stir(network);
    const expected = run(network);
    expect(expected).not.toEqual(before);
    const plain = model(form);
    const weight = plain.getParameter("fc.weight");
    const [adapter] = network.adapters;
    weight.assign(add(weight, adapter?.update() as Tensor));
    expectClose(run(plain), expected);
  });

  it("has the gradients of the sum of weights", () => {
    const network = adapted(model(form));
    const [A, B] = ["A", "B"].map((part) => network.getParameter(`fc.lora_${part}.weight`)) as Tensor[] as [
      Tensor,
      Tensor,
    ];
    const loss = (): Tensor => mean(square(network.forward(inputOf(network))));
    const [gradA, gradB] = gradients(loss(), [A, B]) as [Tensor, Tensor];
    for (const [parameter, grad] of [
      [A, gradA],
      [B, gradB],
    ] as const) {
      const start = parameter.toArray().slice();
      const at = (i: number, by: number): number => {
        const moved = start.slice();
        moved[i] = (moved[i] as number) + by;
        parameter.assign(moved);
        return noGrad(loss).item();
      };
      const found = Array.from(start, (_, i) => (at(i, 0.01) - at(i, -0.01)) / 0.02);
      parameter.assign(start);
      expectClose(values(grad), found, 5e-3);
    }
  });

  it("is exported merged, with that weight alone changed", async () => {
    const network = adapted(model(form));
    const { bytes, changed, added } = await exportModel(network);
    expect([changed, added]).toEqual([["fc.weight"], []]);
    expect(bytes.length).toBeLessThan(network.model.bytes.length + 64);
    expectClose(run(importModel(bytes).eval()), run(network), 1e-3);
  });

  it("is exported as nodes, which are trained again where the file is imported", async () => {
    const network = adapted(model(form));
    const { bytes, changed, added } = await exportModel(network, { lora: "nodes" });
    expect(changed).toEqual([]);
    expect(added).toEqual(["fc.lora_A.weight", "fc.lora_B.weight", "fc/lora/scale"]);
    const again = importModel(bytes).eval();
    expectClose(run(again), run(network), 1e-3);
    const weight = network.model.graph.initializers.get("fc.weight");
    expect(again.model.graph.initializers.get("fc.weight")?.data()).toEqual(weight?.data());
    const names = [...again.namedParameters()].filter(([name]) => name.includes("lora")).map(([name]) => name);
    expect(names.sort()).toEqual(["fc.lora_A.weight", "fc.lora_B.weight"]);
    const shapes = (of: OnnxModule) => Object.entries(loraStateDict(of)).map(([name, { shape }]) => [name, ...shape]);
    expect(shapes(again)).toEqual(shapes(network));
  });
});
