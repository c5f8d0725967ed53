import type { Layer, Network } from "./network.ts";
import { weight } from "./values.ts";

/**
 * The features of a network as an ONNX file (opset 17), `input` [N, C, H, W] → `features` [N, F], written by hand so that
 * peers that read ONNX do not depend on our exporter. Batch normalisation stays a node of its own; runtimes fold it.
 */
export function onnxFeatures({ name, input, features }: Network): Uint8Array {
  const writer = new GraphWriter();
  const output = writer.layers(features, "input");
  writer.node("Identity", [output], [], "features");
  const graph = [...writer.fields, string(2, name), message(11, valueInfo("input", ["N", ...input]))];
  graph.push(message(12, valueInfo("features", ["N", "F"])));
  return concat([integer(1, 8), message(7, graph), message(8, [integer(2, 17)])]);
}

class GraphWriter {
  readonly fields: Uint8Array[] = [];
  #values = 0;
  #weights = 0;

  /** Writes `layers` and returns the name of their result. */
  layers(layers: readonly Layer[], x: string): string {
    return layers.reduce((value, layer) => this.#layer(layer, value), x);
  }

  node(
    opType: string,
    inputs: readonly string[],
    attributes: readonly Uint8Array[] = [],
    output = `v${this.#values++}`,
  ): string {
    const names = [...inputs.map((input) => string(1, input)), string(2, output), string(4, opType)];
    this.fields.push(message(1, [...names, ...attributes]));
    return output;
  }

  #layer(layer: Layer, x: string): string {
    switch (layer.type) {
      case "conv": {
        const { out, kernel, stride, padding, groups } = layer;
        const shape = [out, layer.in / groups, kernel, kernel];
        const parameters = [this.#tensor(shape, weight(this.#weights++, shape))];
        if (layer.bias) parameters.push(this.#filled(out, 0));
        const window = [ints("strides", [stride, stride]), ints("pads", [padding, padding, padding, padding])];
        return this.node("Conv", [x, ...parameters], [...window, int("group", groups)]);
      }
      case "batchNorm": {
        const [zero, one] = [this.#filled(layer.channels, 0), this.#filled(layer.channels, 1)];
        return this.node("BatchNormalization", [x, one, zero, zero, one]);
      }
      case "relu":
        return this.node("Relu", [x]);
      case "relu6":
        return this.node("Clip", [x, this.#tensor([], [0]), this.#tensor([], [6])]);
      case "maxPool": {
        const { kernel, stride, padding } = layer;
        const window = [ints("kernel_shape", [kernel, kernel]), ints("strides", [stride, stride])];
        return this.node("MaxPool", [x], [...window, ints("pads", [padding, padding, padding, padding])]);
      }
      case "globalAvgPool":
        return this.node("Flatten", [this.node("GlobalAveragePool", [x])]);
      case "flatten":
        return this.node("Flatten", [x]);
      case "linear": {
        const shape = [layer.out, layer.in];
        const parameters = [this.#tensor(shape, weight(this.#weights++, shape)), this.#filled(layer.out, 0)];
        return this.node("Gemm", [x, ...parameters], [int("transB", 1)]);
      }
      case "residual": {
        const main = this.layers(layer.main, x);
        return this.node("Add", [main, this.layers(layer.shortcut, x)]);
      }
      default:
        throw new Error(`this benchmark has no ${layer.type} for ONNX`);
    }
  }

  #filled(length: number, value: number): string {
    return this.#tensor([length], new Float32Array(length).fill(value));
  }

  /** A float32 initializer. */
  #tensor(shape: readonly number[], data: ArrayLike<number>): string {
    const name = `v${this.#values++}`;
    const raw = new Uint8Array(Float32Array.from(data).buffer);
    this.fields.push(message(5, [...shape.map((d) => integer(1, d)), integer(2, 1), string(8, name), bytes(9, raw)]));
    return name;
  }
}

function int(name: string, value: number): Uint8Array {
  return message(5, [string(1, name), integer(3, value), integer(20, 2)]);
}

function ints(name: string, values: readonly number[]): Uint8Array {
  return message(5, [string(1, name), ...values.map((value) => integer(8, value)), integer(20, 7)]);
}

function valueInfo(name: string, shape: readonly (number | string)[]): Uint8Array[] {
  const dims = shape.map((d) => message(1, [typeof d === "number" ? integer(1, d) : string(2, d)]));
  return [string(1, name), message(2, [message(1, [integer(1, 1), message(2, dims)])])];
}

// Protocol Buffers: a field is its number and wire type, then the value. https://protobuf.dev/programming-guides/encoding/

function integer(field: number, value: number): Uint8Array {
  return Uint8Array.of(...varint(field << 3), ...varint(value));
}

function bytes(field: number, value: Uint8Array): Uint8Array {
  return concat([Uint8Array.of(...varint((field << 3) | 2), ...varint(value.length)), value]);
}

function string(field: number, value: string): Uint8Array {
  return bytes(field, new TextEncoder().encode(value));
}

function message(field: number, fields: readonly Uint8Array[]): Uint8Array {
  return bytes(field, concat(fields));
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)];
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}
