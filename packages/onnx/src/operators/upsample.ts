import { defineOperator, float, floats, type Operator, string } from "../operator.ts";
import { resize, scaledAxis } from "./resize.ts";
import { checkLists } from "./window.ts";

/**
 * What Resize of version 10 does. Scales are attributes below version 9, of the height and the width alone below version 7, and
 * from version 10 on the operator is deprecated.
 * https://onnx.ai/onnx/operators/onnx__Upsample.html
 */
export const upsampleOperator: Operator = defineOperator({
  opType: "Upsample",
  since: [1, 7, 9, 10],
  attributes: {
    height_scale: float(undefined),
    mode: string("nearest"),
    scales: floats(),
    width_scale: float(undefined),
  },
  roles: { 1: "constant" },
  import: ({ attributes, reject }) => {
    const mode = attributes.mode === "bilinear" ? "linear" : attributes.mode;
    if (mode !== "nearest" && mode !== "linear") return reject(`upsampling of mode "${mode}"`);
    const { height_scale: height, width_scale: width } = attributes;
    const listed = height === undefined || width === undefined ? attributes.scales : [1, 1, height, width];
    return (inputs) => {
      const x = inputs.tensor(0);
      const scales = listed ?? inputs.numbers(1);
      checkLists("Upsample", x.rank, { scales });
      return resize("Upsample", x, new Map(x.shape.map((size, i) => [i, scaledAxis(size, scales[i] as number)])), {
        mode,
        coordinateMode: "asymmetric",
        nearestMode: "floor",
        cubicCoefficient: -0.75,
        excludeOutside: false,
        antialias: false,
      });
    };
  },
});
