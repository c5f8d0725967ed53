import { formatShape, indexSelect, mul, reshape, ShapeError, type Tensor, tensor } from "@graftjs/tensor";
import { checkFill } from "../constant.ts";
import { defineOperator, int, type Operator } from "../operator.ts";
import { fourier } from "./fourier.ts";

/**
 * Spectra [N, frames, bins, 2] of pieces of a signal [N, length], [N, length, 1] or, if it is complex, [N, length, 2], each
 * multiplied by the window. https://onnx.ai/onnx/operators/onnx__STFT.html
 */
export const stftOperator: Operator = defineOperator({
  opType: "STFT",
  since: [17],
  attributes: { onesided: int(1) },
  roles: { 1: "constant", 3: "constant" },
  import:
    ({ attributes: { onesided } }) =>
    (inputs) => {
      const given = inputs.tensor(0);
      const signal = given.rank === 2 ? reshape(given, [...given.shape, 1]) : given;
      const [batch = 0, size = 0, parts = 0] = signal.shape;
      const step = inputs.numbers(1)[0] as number;
      const window = inputs.has(2) ? inputs.tensor(2) : null;
      const length = inputs.has(3) ? (inputs.numbers(3)[0] as number) : (window?.size ?? size);
      const fits = signal.rank === 3 && step >= 1 && length >= 1 && length <= size;
      if (!fits || (window && (window.rank !== 1 || window.size !== length))) {
        throw new ShapeError({
          op: "STFT",
          expected:
            "a signal [N, length, 1 or 2] no shorter than a frame, a window as long as a frame, and a step of at least 1",
          got: `${formatShape(signal.shape)}, frames of ${length}, steps of ${step}, window ${window ? formatShape(window.shape) : "none"}`,
        });
      }
      const frames = Math.floor((size - length) / step) + 1;
      checkFill("STFT", [batch, frames, length, parts], signal.size);
      const at = Int32Array.from({ length: frames * length }, (_, i) => Math.floor(i / length) * step + (i % length));
      const pieces: Tensor = reshape(indexSelect(signal, tensor(at), 1), [batch, frames, length, parts]);
      const weighted = window ? mul(pieces, reshape(window, [length, 1])) : pieces;
      return fourier("STFT", weighted, 2, { length, inverse: false, onesided: onesided === 1 });
    },
});
