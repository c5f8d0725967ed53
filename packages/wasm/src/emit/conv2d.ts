import { type Conv2dAttrs, numel } from "@graftjs/tensor";
import { emitFill } from "./copy.ts";
import { directWeightGradChunks, usesDirect, usesDirectInputGrad } from "./direct.ts";
import { type CallOf, type Emitter, nth, shapeOf, sizeOf } from "./emitter.ts";
import { activation } from "./epilogue.ts";
import { convGeometry, convProducts } from "./geometry.ts";
import {
  emitFilters,
  emitWinograd,
  emitWinogradWeightGrad,
  filterBytes,
  tileBytes,
  usesWinograd,
  usesWinogradWeightGrad,
  type WinogradCall,
  weightGradBytes,
} from "./winograd.ts";

/** Nanoseconds of one multiplication and addition, in products of matrices and elsewhere. */
const PER_PRODUCT = 0.06;
const PER_DIRECT_PRODUCT = 0.05;
const PER_DEPTHWISE_PRODUCT = 0.2;

/** Panels of packed weights are padded by up to this many rows a group. */
const PADDING_ROWS = 5;

/** What the direct kernels can hold of a padded plane at once, in bytes, and the elements that they add to a row. */
const BAND_BYTES = 950_000;
const ROW_SLACK = 32;

/** Whether each group reads a single channel, of a width that the direct kernels take (assembly/depthwise.ts). */
function isDepthwise(attrs: Conv2dAttrs, input: readonly number[], weight: readonly number[]): boolean {
  const rows = ((weight[2] as number) - 1) * attrs.dilation[0] + 1;
  const width = (input[3] as number) + attrs.padding[1] + attrs.padding[3] + ROW_SLACK;
  return weight[1] === 1 && input[1] === attrs.groups && 4 * rows * width <= BAND_BYTES;
}

/** A convolution as one for the kernels of assembly/winograd.ts, if it is. */
function winogradOf({ attrs, inputs, outputs }: CallOf<"conv2d">): WinogradCall | null {
  const [input, weight, output] = [shapeOf(inputs, 0), shapeOf(inputs, 1), shapeOf(outputs, 0)];
  return usesWinograd(attrs, input, weight, output) ? { attrs, input, weight, output, turned: false } : null;
}

/** An input gradient likewise: it is a convolution of the gradient, with turned and transposed weights. */
function turnedWinogradOf({ attrs, inputs }: CallOf<"conv2dInputGrad">): WinogradCall | null {
  const [grad, weight] = [shapeOf(inputs, 0), shapeOf(inputs, 1)];
  const { inputShape } = attrs;
  if (!usesWinograd(attrs, inputShape, weight, grad)) return null;
  const [top, left, bottom, right] = attrs.padding;
  return {
    attrs: { ...attrs, padding: [2 - top, 2 - left, 2 - bottom, 2 - right] },
    input: grad,
    weight: [weight[1] as number, weight[0] as number, 3, 3],
    output: inputShape,
    turned: true,
  };
}

function workspaceOf(winograd: WinogradCall | null): number {
  return winograd ? tileBytes(winograd) : 0;
}

/** Convolution with bias, residual and bounds (assembly/conv2d.ts): pack the weights, then multiply. */
export const conv2d: Emitter<"conv2d"> = {
  workspaceBytes: (call) => workspaceOf(winogradOf(call)),
  prepare: {
    input: 1,
    bytes: (call) => {
      const { attrs, inputs } = call;
      const weight = shapeOf(inputs, 1);
      const winograd = winogradOf(call);
      if (winograd) return filterBytes(winograd);
      if (!usesDirect(call) && isDepthwise(attrs, shapeOf(inputs, 0), weight)) return 0;
      return 4 * (numel(weight) + attrs.groups * PADDING_ROWS * numel(weight.slice(1)));
    },
    emit: (call, at, commands) => {
      const { attrs, inputs, outputs } = call;
      const winograd = winogradOf(call);
      if (winograd) {
        emitFilters(winograd, nth(at.inputs, 1), at.prepared, commands);
        return;
      }
      const weight = shapeOf(inputs, 1);
      const geometry = convGeometry(attrs, shapeOf(inputs, 0), weight, shapeOf(outputs, 0));
      commands.add("conv2dPackWeight", numel(weight), [nth(at.inputs, 1), at.prepared, 0, ...geometry]);
    },
  },
  emit: (call, at, commands) => {
    const { attrs, inputs, outputs } = call;
    const [input, weight, output] = [shapeOf(inputs, 0), shapeOf(inputs, 1), shapeOf(outputs, 0)];
    const { epilogue } = attrs;
    const residual = epilogue?.residual ? (at.inputs.at(-1) as number) : 0;
    const bias = inputs.length === (residual ? 4 : 3) ? nth(at.inputs, 2) : 0;
    const geometry = convGeometry(attrs, input, weight, output);
    const [x, w, y] = [nth(at.inputs, 0), nth(at.inputs, 1), nth(at.outputs, 0)];
    const finish = [bias, residual, ...activation(epilogue)];
    const products = convProducts(weight, output);
    const winograd = winogradOf(call);
    if (winograd) {
      emitWinograd(winograd, { ...at, input: x, weight: w, output: y }, finish, commands);
    } else if (usesDirect(call)) {
      commands.add("directConv", products * PER_DIRECT_PRODUCT, [x, at.prepared, y, ...geometry, ...finish]);
    } else if (isDepthwise(attrs, input, weight)) {
      commands.add("depthwise", products * PER_DEPTHWISE_PRODUCT, [x, w, y, ...geometry, ...finish]);
    } else {
      commands.add("conv2d", products * PER_PRODUCT, [x, at.prepared, y, ...geometry, ...finish]);
    }
  },
};

/** Gradient of a convolution with respect to its input (assembly/conv2d.ts). */
export const conv2dInputGrad: Emitter<"conv2dInputGrad"> = {
  workspaceBytes: (call) => workspaceOf(turnedWinogradOf(call)),
  prepare: {
    input: 1,
    bytes: (call) => {
      const { attrs, inputs } = call;
      const weight = shapeOf(inputs, 1);
      const winograd = turnedWinogradOf(call);
      if (winograd) return filterBytes(winograd);
      if (!usesDirectInputGrad(call) && isDepthwise(attrs, attrs.inputShape, weight)) return 0;
      return 4 * (numel(weight) + PADDING_ROWS * (weight[0] as number) * numel(weight.slice(2)));
    },
    emit: (call, at, commands) => {
      const { attrs, inputs } = call;
      const winograd = turnedWinogradOf(call);
      if (winograd) {
        emitFilters(winograd, nth(at.inputs, 1), at.prepared, commands);
        return;
      }
      const weight = shapeOf(inputs, 1);
      const geometry = convGeometry(attrs, attrs.inputShape, weight, shapeOf(inputs, 0));
      commands.add("conv2dPackWeightGrad", 2 * numel(weight), [nth(at.inputs, 1), at.prepared, 0, ...geometry]);
    },
  },
  emit: (call, at, commands) => {
    const { attrs, inputs } = call;
    const [grad, weight] = [shapeOf(inputs, 0), shapeOf(inputs, 1)];
    const geometry = convGeometry(attrs, attrs.inputShape, weight, grad);
    const [dy, w, dx] = [nth(at.inputs, 0), nth(at.inputs, 1), nth(at.outputs, 0)];
    const products = convProducts(weight, grad);
    const winograd = turnedWinogradOf(call);
    if (winograd) {
      const finish = [0, 0, ...activation(undefined)];
      emitWinograd(winograd, { ...at, input: dy, weight: w, output: dx }, finish, commands);
    } else if (usesDirectInputGrad(call)) {
      commands.add("directInputGrad", products * PER_DIRECT_PRODUCT, [dy, at.prepared, dx, ...geometry]);
    } else if (isDepthwise(attrs, attrs.inputShape, weight)) {
      commands.add("depthwiseInputGrad", products * PER_DEPTHWISE_PRODUCT, [dy, w, dx, ...geometry]);
    } else {
      commands.add("conv2dInputGrad", products * PER_PRODUCT, [dy, at.prepared, dx, ...geometry]);
    }
  },
};

/** Into how many parts a weight gradient is cut, so that threads have enough to do; depends on shapes alone. */
function chunksOf(weight: readonly number[], batch: number): number {
  const chunks = Math.min(batch, Math.max(1, Math.ceil(24576 / numel(weight))));
  // Of equal size where that is near.
  return Math.ceil(batch / Math.floor(batch / chunks));
}

/** Gradient of a convolution with respect to its weight (assembly/conv2dWeightGrad.ts). */
export const conv2dWeightGrad: Emitter<"conv2dWeightGrad"> = {
  workspaceBytes: (call) => {
    const { attrs, inputs } = call;
    const [grad, input] = [shapeOf(inputs, 0), shapeOf(inputs, 1)];
    const weightBytes = 4 * numel(attrs.weightShape);
    if (usesWinogradWeightGrad(attrs, input, attrs.weightShape, grad)) return weightGradBytes(attrs.weightShape, grad);
    const direct = directWeightGradChunks(call);
    if (direct > 0) return direct > 1 ? direct * weightBytes : 0;
    const chunks = chunksOf(attrs.weightShape, grad[0] as number);
    return isDepthwise(attrs, input, attrs.weightShape) || chunks <= 1 ? 0 : chunks * weightBytes;
  },
  emit: (call, at, commands) => {
    const { attrs, inputs, outputs } = call;
    const { weightShape: weight } = attrs;
    const [grad, input] = [shapeOf(inputs, 0), shapeOf(inputs, 1)];
    const [dy, x, dw] = [nth(at.inputs, 0), nth(at.inputs, 1), nth(at.outputs, 0)];
    const count = sizeOf(outputs, 0);
    if (numel(grad) === 0) {
      emitFill(commands, dw, count, "float32", 0);
      return;
    }
    const geometry = convGeometry(attrs, input, weight, grad);
    if (usesWinogradWeightGrad(attrs, input, weight, grad)) {
      const addresses = { grad: dy, input: x, output: dw, workspace: at.workspace };
      emitWinogradWeightGrad({ attrs, input, weight, grad }, addresses, commands);
      return;
    }
    const direct = directWeightGradChunks(call);
    if (direct > 0) {
      const cost = convProducts(weight, grad) * PER_DIRECT_PRODUCT;
      commands.add("directWeightGrad", cost, [dy, x, dw, ...geometry, direct, at.workspace]);
      if (direct > 1) commands.add("sumChunks", 0.15 * direct * count, [at.workspace, dw, count, direct]);
      return;
    }
    if (isDepthwise(attrs, input, weight)) {
      const cost = convProducts(weight, grad) * PER_DEPTHWISE_PRODUCT;
      commands.add("depthwiseWeightGrad", cost, [dy, x, dw, ...geometry]);
      return;
    }
    const chunks = chunksOf(weight, grad[0] as number);
    const cost = convProducts(weight, grad) * PER_PRODUCT;
    commands.add("conv2dWeightGrad", cost, [dy, x, dw, ...geometry, chunks, at.workspace]);
    if (chunks > 1) commands.add("sumChunks", 0.4 * chunks * count, [at.workspace, dw, count, chunks]);
  },
};
