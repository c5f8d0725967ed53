import {
  formatShape,
  indexAdd,
  numel,
  permute,
  reshape,
  ShapeError,
  slice,
  type Tensor,
  tensor,
} from "@graftjs/tensor";
import { checkFill } from "../constant.ts";
import { defineOperator, ints, type Operator } from "../operator.ts";
import { checkLists, windowOf } from "./window.ts";

/**
 * Adds up blocks [N, C · Π block, L] where a window would take them from an image [N, C, ...], over any number of axes.
 * https://onnx.ai/onnx/operators/onnx__Col2Im.html
 */
export const col2ImOperator: Operator = defineOperator({
  opType: "Col2Im",
  since: [18],
  attributes: { dilations: ints(), pads: ints(), strides: ints() },
  roles: { 1: "constant", 2: "constant" },
  import:
    ({ attributes }) =>
    (inputs) => {
      const x = inputs.tensor(0);
      const [image, block] = [inputs.numbers(1), inputs.numbers(2)];
      const axes = image.length;
      checkLists("Col2Im", axes, { block_shape: block });
      const { stride, dilation, padding } = windowOf(
        "Col2Im",
        { ...attributes, auto_pad: "NOTSET", kernel_shape: block },
        block,
        [1, 1, ...image],
      );
      const extents = image.map((d, i) => d + (padding[i] as number) + (padding[axes + i] as number));
      const counts = extents.map((d, i) => {
        const span = (dilation[i] as number) * ((block[i] as number) - 1) + 1;
        return Math.floor((d - span) / (stride[i] as number)) + 1;
      });
      const [batch = 0, rows = 0, columns = 0] = x.shape;
      const channels = rows / numel(block);
      if (x.rank !== 3 || !Number.isInteger(channels) || columns !== numel(counts)) {
        const expected = `[N, C · ${numel(block)}, ${numel(counts)}]`;
        throw new ShapeError({ op: "Col2Im", expected, got: formatShape(x.shape) });
      }
      checkFill("Col2Im", [batch, channels, ...extents], x.size);
      checkFill("Col2Im", [...block, ...counts], x.size);
      const order = image.flatMap((_, i) => [2 + i, 2 + axes + i]);
      const paired = permute(reshape(x, [batch, channels, ...block, ...counts]), [0, 1, ...order]);
      const spread = reshape(paired, [batch, channels, ...block.map((k, i) => k * (counts[i] as number))]);
      return image.reduceRight((y: Tensor, d, i) => {
        const count = counts[i] as number;
        const place = (k: number): number =>
          Math.floor(k / count) * (dilation[i] as number) + (k % count) * (stride[i] as number);
        const at = tensor(Int32Array.from({ length: (block[i] as number) * count }, (_, k) => place(k)));
        const added = indexAdd(y, at, 2 + i, extents[i] as number);
        return slice(added, 2 + i, padding[i] as number, (padding[i] as number) + d);
      }, spread);
    },
});
