import { describe, expect, it } from "vitest";
import { fixture } from "../test/fixtures.ts";
import { inspect } from "./inspect.ts";
import { formatInspection } from "./report/table.ts";

describe("inspect", () => {
  it("says what goes in and out, what can be trained, and where a head goes", () => {
    const inspection = inspect(fixture("resnet.onnx"));
    expect(inspection.inputs[0]).toEqual({ name: "input", dtype: "float32", shape: ["N", 3, 16, 16] });
    expect(inspection.operators).toMatchObject({ Conv: 4, BatchNormalization: 4, Relu: 3, Gemm: 1 });
    const roles = Object.fromEntries(inspection.initializers.map(({ name, role }) => [name, role]));
    expect(roles).toMatchObject({ "conv1.weight": "parameter", "bn1.running_var": "buffer", "fc.bias": "parameter" });
    expect(inspection.parameters.elements).toBe(6 * 3 * 9 + 12 + 8 * 6 * 9 + 8 * 8 * 9 + 8 * 6 + 48 + 45);
    expect(inspection).toMatchObject({
      problem: null,
      unsupported: [],
      cut: { features: 8, classifier: { opType: "Gemm" } },
    });
    expect(JSON.parse(JSON.stringify(inspection)).opset).toBe(17);
  });

  it("describes what cannot be imported", () => {
    const inspection = inspect(fixture("quantised.onnx"));
    expect(inspection.cut).toBeNull();
    expect(inspection.problem).toMatch(/quantised/);
    expect(inspection.parameters.tensors).toBe(0);
    expect(inspection.unsupported.map(({ node, opType }) => [node, opType])).toEqual([
      ["dynamicquantizelinear_1", "DynamicQuantizeLinear"],
      ["matmulinteger_2", "MatMulInteger"],
    ]);
  });

  it("is readable", () => {
    const text = formatInspection(inspect(fixture("squeezenet.onnx")));
    expect(text).toMatch(/^input +input +float32 \[N, 3, 20, 20\]$/m);
    expect(text).toMatch(
      /^head +in place of Conv "conv_\d+", at "concat_\d+_out": 12 channels, averaged over the plane$/m,
    );
    expect(text).toMatch(/ends in a Softmax/);
    expect(formatInspection(inspect(fixture("lenet.onnx")))).toMatch(/batch size 1 is fixed/);
  });
});
