import { tile } from "@graftjs/tensor";
import { checkFill } from "../constant.ts";
import { defineOperator, type Operator } from "../operator.ts";
import { foldable } from "./foldable.ts";

/** Each axis as many times as its entry in the second input says. https://onnx.ai/onnx/operators/onnx__Tile.html */
export const tileOperator: Operator = defineOperator({
  opType: "Tile",
  since: [1, 6, 13],
  roles: { 1: "constant" },
  import: () =>
    foldable((inputs) => {
      const x = inputs.tensor(0);
      const repeats = inputs.numbers(1);
      checkFill("Tile", repeats);
      checkFill(
        "Tile",
        x.shape.map((d, i) => d * (repeats[i] ?? 1)),
      );
      return tile(x, repeats);
    }),
});
