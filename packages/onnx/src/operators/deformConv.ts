import {
  add,
  formatShape,
  interpolationTerms,
  matmul,
  mul,
  numel,
  reshape,
  type Shape,
  ShapeError,
  select,
  tensor,
} from "@graftjs/tensor";
import { checkFill } from "../constant.ts";
import { defineOperator, int, ints, type Operator } from "../operator.ts";
import { type Window, windowOf } from "./window.ts";

/**
 * Convolution whose window takes each element at an offset [N, groups · Π kernel · r, ...] of its own, between elements by
 * linear interpolation and beyond the input as zero, times a mask [N, groups · Π kernel, ...]. Over any number r of axes, as a
 * product with sampled columns, and so differentiable in everything. Source: Dai et al. 2017, https://arxiv.org/abs/1703.06211;
 * Zhu et al. 2018, https://arxiv.org/abs/1811.11168; https://onnx.ai/onnx/operators/onnx__DeformConv.html
 */
export const deformConvOperator: Operator = defineOperator({
  opType: "DeformConv",
  since: [19, 22],
  attributes: {
    dilations: ints(),
    group: int(1),
    kernel_shape: ints(),
    offset_group: int(1),
    pads: ints(),
    strides: ints(),
  },
  roles: { 1: "parameter", 3: "parameter" },
  import:
    ({ attributes }) =>
    (inputs) => {
      const { group, offset_group: groups } = attributes;
      const [x, weight, offset] = [inputs.tensor(0), inputs.tensor(1), inputs.tensor(2)];
      const [batch, channels, ...spatial] = x.shape as [number, number, ...number[]];
      const [outputs, groupChannels, ...kernel] = weight.shape as [number, number, ...number[]];
      const r = spatial.length;
      const window = windowOf("DeformConv", { ...attributes, auto_pad: "NOTSET" }, kernel, x.shape);
      const out = spatial.map((d, i) => {
        const padded = d + (window.padding[i] as number) + (window.padding[r + i] as number);
        return (
          Math.floor(
            (padded - (window.dilation[i] as number) * ((kernel[i] as number) - 1) - 1) / (window.stride[i] as number),
          ) + 1
        );
      });
      const [taken, points] = [numel(kernel), numel(out)];
      checkFill("DeformConv", [batch, channels, taken, points], x.size);
      const fits = channels === groupChannels * group && outputs % group === 0 && channels % groups === 0;
      const wanted = [batch, groups * taken * r, ...out];
      if (!fits || offset.rank !== x.rank || offset.shape.some((d, i) => d !== wanted[i])) {
        throw new ShapeError({
          op: "DeformConv",
          expected: `a weight [O, C/${group}, ...], and an offset ${formatShape(wanted)} for an input ${formatShape(x.shape)}`,
          got: `a weight ${formatShape(weight.shape)}, and an offset ${formatShape(offset.shape)}`,
        });
      }
      const moved = reshape(offset, [batch * groups, taken, r, points]);
      const positions = spatial.map((_, i) => {
        const at = add(select(moved, 2, i), reshape(tensor(places(i, window, kernel, out)), [taken, points]));
        return reshape(at, [batch * groups, taken * points]);
      });
      const planes = reshape(x, [batch * groups, channels / groups, ...spatial]);
      const sampled = interpolationTerms(planes, positions).reduce((a, b) => add(a, b));
      const mask = inputs.has(4) ? reshape(inputs.tensor(4), [batch * groups, 1, taken * points]) : null;
      const columns = reshape(mask ? mul(sampled, mask) : sampled, [batch, group, groupChannels * taken, points]);
      const rows = reshape(weight, [group, outputs / group, groupChannels * taken]);
      const y = reshape(matmul(rows, columns), [batch, outputs, ...out]);
      return inputs.has(3) ? add(y, reshape(inputs.tensor(3), [outputs, ...out.map(() => 1)])) : y;
    },
});

/** Where along an axis each element of the kernel lies, at each output, without offsets. */
function places(axis: number, { stride, dilation, padding }: Window, kernel: Shape, out: Shape): Float32Array {
  const [inKernel, inOut] = [numel(kernel.slice(axis + 1)), numel(out.slice(axis + 1))];
  const points = numel(out);
  return Float32Array.from({ length: numel(kernel) * points }, (_, i) => {
    const k = Math.floor(Math.floor(i / points) / inKernel) % (kernel[axis] as number);
    const o = Math.floor((i % points) / inOut) % (out[axis] as number);
    return o * (stride[axis] as number) + k * (dilation[axis] as number) - (padding[axis] as number);
  });
}
