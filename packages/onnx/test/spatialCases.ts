import { at, type Case, counting, integers, near, row } from "./operatorCase.ts";

// Cases of the operators of images and signals: windows, resizing, sampling, rearranging, spectra.

const { cbrt, sqrt } = Math;
const squares = at([1, 1, 4], 0, 1, 4, 9);
const float = (value: number): { float: number } => ({ float: value });

const windows: readonly Case[] = [
  near("AveragePool", counting(1, 1, 2, 2, 3), at([1, 1, 1, 2, 2], 3.5, 5, 6.5, 8), {
    attributes: { kernel_shape: [2, 1, 2], strides: [1, 1, 2], ceil_mode: 1 },
  }),
  near("AveragePool", squares, at([1, 1, 2], 0.5, 6.5), {
    attributes: { auto_pad: "VALID", kernel_shape: [2], strides: [2], ceil_mode: 1 },
  }),
  near("Conv", counting(1, 1, 2, 2, 2), at([1, 1, 1, 1, 3], 12, 28, 16), {
    rest: [at([1, 1, 2, 2, 2], 1, 1, 1, 1, 1, 1, 1, 1)],
    attributes: { pads: [0, 0, 1, 0, 0, 1] },
  }),
  near("ConvTranspose", counting(1, 1, 2, 2, 2), at([1, 1, 2, 3, 2], 1, 2, 3, 5, 3, 4, 5, 6, 11, 13, 7, 8), {
    rest: [at([1, 1, 1, 2, 1], 1, 1), row(1)],
  }),
  // All that the window covers is 1, 10, 102, 20, 200.
  ...(
    [
      ["SAME_UPPER", 11, [1, 10, 102, 20]],
      ["SAME_LOWER", 11, [10, 102, 20, 200]],
      ["SAME_UPPER", 10, [10, 102, 20, 200]],
    ] as const
  ).map(([auto_pad, opset, y]) =>
    near("ConvTranspose", at([1, 1, 2], 1, 2), at([1, 1, 4], ...y), {
      opset,
      rest: [at([1, 1, 3], 1, 10, 100)],
      attributes: { auto_pad, strides: [2] },
    }),
  ),
  ...([[3], [1, 1, 3]] as const).map((output_shape) =>
    near("ConvTranspose", at([1, 1, 2], 1, 2), at([1, 1, 3], 10, 102, 20), {
      rest: [at([1, 1, 3], 1, 10, 100)],
      attributes: { output_shape: [...output_shape], strides: [2] },
    }),
  ),
  near("ConvTranspose", at([1, 1, 1], 5), at([1, 1, 2], 1, 1), {
    rest: [at([1, 1, 1], 10), row(1)],
    attributes: { pads: [1, 0], output_padding: [2], strides: [3] },
  }),
  near("ConvTranspose", at([1, 1, 2], 1, 2), at([1, 1, 6], 2, 11, 103, 21, 201, 1), {
    rest: [at([1, 1, 3], 1, 10, 100), row(1)],
    attributes: { output_shape: [6], strides: [2] },
  }),
  // [[0, 1, 2], [3, 4, 5], [6, 7, 8]] with the window's second row moved by half an element up, or left, or far away.
  ...(
    [
      [0, 0, [8, 12, 20, 24]],
      [-0.5, 0, [5, 9, 17, 21]],
      [0, -0.5, [6, 11, 16.5, 23]],
      [9, 0, [1, 3, 7, 9]],
    ] as const
  ).map(([down, right, y]) =>
    near("DeformConv", counting(1, 1, 3, 3), at([1, 1, 2, 2], ...y), {
      opset: 19,
      rest: [
        at([1, 1, 2, 2], 1, 1, 1, 1),
        at([1, 8, 2, 2], ...[0, 0, 0, 0, down, right, down, right].flatMap((by) => [by, by, by, by])),
      ],
    }),
  ),
  near("DeformConv", counting(1, 1, 2), at([1, 2, 2], 8, 10, 11, 15), {
    opset: 19,
    rest: [at([2, 1, 1], 1, 2), at([1, 1, 2], 1, 0), row(5, 5), at([1, 1, 2], 3, 5)],
  }),
  near("GlobalLpPool", at([1, 2, 1, 2], 3, -4, 0, 0), at([1, 2, 1, 1], 5, 0)),
  near("GlobalLpPool", at([1, 1, 2], 1, -2), at([1, 1, 1], cbrt(9)), { attributes: { p: 3 } }),
  near("LpPool", at([1, 1, 2, 3], -3, -2, -1, 0, 1, 2), at([1, 1, 1, 2], sqrt(14), sqrt(10)), {
    opset: 18,
    attributes: { kernel_shape: [2, 2] },
  }),
  near("LpPool", at([1, 1, 3], 1, -2, 4), at([1, 1, 2], 3, 4), {
    opset: 18,
    attributes: { kernel_shape: [2], p: 1, strides: [2], ceil_mode: 1 },
  }),
  near("MaxPool", counting(1, 1, 2, 2, 3), at([1, 1, 1, 2, 2], 7, 8, 10, 11), {
    attributes: { kernel_shape: [2, 1, 2], strides: [1, 1, 2], ceil_mode: 1 },
  }),
  near("MaxPool", counting(1, 2, 2, 2), at([1, 2, 1, 1], 3, 7), {
    output: 1,
    attributes: { kernel_shape: [2, 2] },
  }),
  near("MaxPool", counting(1, 2, 2, 3), at([1, 2, 1, 2], 3, 5, 9, 11), {
    output: 1,
    attributes: { kernel_shape: [2, 2], storage_order: 1 },
  }),
  near("MaxPool", at([1, 1, 2, 1, 3], 5, 1, 2, 3, 9, 4), at([1, 1, 1, 1, 2], 4, 4), {
    output: 1,
    attributes: { kernel_shape: [2, 1, 2] },
  }),
  near("MaxUnpool", at([1, 2, 2], 5, 6, 7, 8), at([1, 2, 4], 0, 5, 6, 0, 7, 0, 0, 8), {
    rest: [integers([1, 2, 2], 1, 2, 4, 7)],
    attributes: { kernel_shape: [2], strides: [2] },
  }),
  near("MaxUnpool", at([1, 1, 1, 2], 5, 6), at([1, 1, 3, 3], 0, 0, 0, 5, 0, 0, 0, 0, 0), {
    rest: [integers([1, 1, 1, 2], 4, 7), [1, 1, 3, 3]],
    attributes: { kernel_shape: [2, 2], strides: [2, 2] },
  }),
];

const resizing: readonly Case[] = [
  near("Pad", row(1, 2, 3), row(3, 2, 1, 2, 3, 2, 1, 2), { rest: [[2, 3]], attributes: { mode: "reflect" } }),
  near("Pad", row(1, 2), row(2, 1, 2, 1, 2, 1), { opset: 19, rest: [[1, 3]], attributes: { mode: "wrap" } }),
  near("Resize", at([1, 1, 2], 1, 2), at([1, 1, 4], 1, 1, 2, 2), { opset: 10, rest: [row(1, 1, 2)] }),
  near("Resize", at([1, 1, 1, 4], 1, 2, 3, 4), at([1, 1, 1, 2], 1, 3), { opset: 10, rest: [row(1, 1, 1, 0.6)] }),
  near("Resize", at([1, 1, 2], 1, 2), at([1, 1, 4], 1, 1.5, 2, 2), {
    opset: 10,
    rest: [row(1, 1, 2)],
    attributes: { mode: "linear" },
  }),
  near("Resize", squares, at([1, 1, 6], 0, 0.5, 1.5, 3.5, 6.5, 9), {
    rest: [null, null, [1, 1, 6]],
    attributes: { mode: "linear" },
  }),
  near("Resize", squares, at([1, 1, 6], 0, 0.6, 1.6, 3.4, 6, 9), {
    rest: [null, null, [1, 1, 6]],
    attributes: { mode: "linear", coordinate_transformation_mode: "align_corners" },
  }),
  // 1.5 · 3 elements: four with the last in the corner, or with steps as for four and a half.
  near("Resize", at([1, 1, 3], 0, 7, 14), at([1, 1, 4], 0, 14 / 3, 28 / 3, 14), {
    opset: 18,
    rest: [null, row(1, 1, 1.5)],
    attributes: { mode: "linear", coordinate_transformation_mode: "align_corners" },
  }),
  near("Resize", at([1, 1, 3], 0, 7, 14), at([1, 1, 4], 0, 4, 8, 12), {
    opset: 19,
    rest: [null, row(1, 1, 1.5)],
    attributes: { mode: "linear", coordinate_transformation_mode: "align_corners" },
  }),
  near("Resize", squares, at([1, 1, 1], 0), {
    rest: [null, null, [1, 1, 1]],
    attributes: { mode: "linear", coordinate_transformation_mode: "pytorch_half_pixel" },
  }),
  near("Resize", squares, at([1, 1, 3], 0.0914369, 2.125, 8.334491), {
    rest: [null, null, [1, 1, 3]],
    attributes: { mode: "cubic" },
  }),
  near("Resize", squares, at([1, 1, 3], 0.0809621, 2.25, 8.463896), {
    rest: [null, null, [1, 1, 3]],
    attributes: { mode: "cubic", cubic_coeff_a: float(-0.5), exclude_outside: 1 },
  }),
  near("Resize", squares, at([1, 1, 2], 0.875, 6.125), {
    opset: 18,
    rest: [null, null, [2]],
    attributes: { antialias: 1, axes: [-1], mode: "linear" },
  }),
  near("Resize", squares, at([1, 1, 6], 0, 0.5625, 1.5625, 3.4375, 6.1875, 9), {
    opset: 19,
    rest: [null, row(1, 1, 1.6)],
    attributes: { mode: "linear", coordinate_transformation_mode: "half_pixel_symmetric" },
  }),
  near("Resize", squares, at([1, 1, 3], 2.5, 9, -1), {
    rest: [row(0, 0, 0.5, 1, 1, 1.5), null, [1, 1, 3]],
    attributes: {
      mode: "linear",
      coordinate_transformation_mode: "tf_crop_and_resize",
      extrapolation_value: float(-1),
    },
  }),
  near("Resize", counting(1, 1, 2, 4), at([1, 1, 2, 3], 0, 1, 3, 4, 5, 7), {
    opset: 18,
    rest: [null, null, [3, 3]],
    attributes: { axes: [2, 3], keep_aspect_ratio_policy: "not_larger" },
  }),
  near("Resize", at([1, 1, 1, 2], 1, 3), at([1, 1, 2, 3], 1, 2, 3, 1, 2, 3), {
    opset: 18,
    rest: [null, null, [1, 3]],
    attributes: { axes: [2, 3], keep_aspect_ratio_policy: "not_smaller", mode: "linear" },
  }),
  ...(
    [
      ["round_prefer_floor", [0, 0, 1, 1]],
      ["round_prefer_ceil", [0, 1, 1, 1]],
      ["floor", [0, 0, 1, 1]],
      ["ceil", [0, 1, 1, 1]],
    ] as const
  ).map(([nearest_mode, y]) =>
    near("Resize", at([1, 1, 2], 0, 1), at([1, 1, 4], ...y), {
      rest: [null, row(1, 1, 2)],
      attributes: { nearest_mode, coordinate_transformation_mode: "asymmetric" },
    }),
  ),
  near("Upsample", at([1, 1, 1, 2], 1, 2), at([1, 1, 2, 3], 1, 1, 2, 1, 1, 2), {
    opset: 6,
    attributes: { height_scale: float(2), width_scale: float(1.5) },
  }),
  near("Upsample", at([1, 1, 2], 1, 2), at([1, 1, 4], 1, 1, 2, 2), {
    opset: 7,
    attributes: { scales: { floatList: [1, 1, 2] } },
  }),
  near("Upsample", at([1, 1, 2], 1, 2), at([1, 1, 4], 1, 1.5, 2, 2), {
    opset: 9,
    rest: [row(1, 1, 2)],
    attributes: { mode: "linear" },
  }),
];

/** The corner, the middle, and beyond the right edge of [[0, 1, 2], [3, 4, 5]]. */
const grid = at([1, 1, 3, 2], -1, -1, 0, 0, 1.5, 0);

const sampling: readonly Case[] = [
  near("AffineGrid", at([1, 2, 3], 1, 0, 0.5, 0, 2, 0), at([1, 2, 2, 2], 0, -1, 1, -1, 0, 1, 1, 1), {
    opset: 20,
    rest: [[1, 1, 2, 2]],
  }),
  near("AffineGrid", at([1, 2, 3], 1, 0, 0.5, 0, 2, 0), at([1, 2, 2, 2], -0.5, -2, 1.5, -2, -0.5, 2, 1.5, 2), {
    opset: 20,
    rest: [[1, 1, 2, 2]],
    attributes: { align_corners: 1 },
  }),
  ...(
    [
      ["nearest", "zeros", [0, 1, 0]],
      ["linear", "zeros", [0, 2.5, 0]],
      ["cubic", "zeros", [-0.1875, 2.96875, -0.4383545]],
      ["nearest", "border", [0, 1, 2]],
      ["linear", "border", [0, 2.5, 3.5]],
      ["cubic", "border", [-0.375, 2.5, 3.5]],
      ["nearest", "reflection", [0, 1, 2]],
      ["linear", "reflection", [0, 2.5, 3.25]],
      ["cubic", "reflection", [-0.75, 2.5, 3.308594]],
    ] as const
  ).map(([mode, padding_mode, y]) =>
    near("GridSample", counting(1, 1, 2, 3), at([1, 1, 1, 3], ...y), {
      opset: 20,
      rest: [grid],
      attributes: { mode, padding_mode },
    }),
  ),
  near("GridSample", counting(1, 1, 2, 3), at([1, 1, 1, 3], 0, 2.5, 1.75), {
    opset: 16,
    rest: [grid],
    attributes: { align_corners: 1 },
  }),
  // Halves between two elements, beyond the ends: rounded first, then reflected.
  near("GridSample", counting(1, 1, 1, 4), at([1, 1, 1, 4], 1, 0, 3, 1), {
    opset: 20,
    rest: [at([1, 1, 4, 2], -1.5, 0, -1.25, 0, 1.5, 0, 2, 0)],
    attributes: { mode: "nearest", padding_mode: "reflection" },
  }),
  // 0.75 beyond the last centre, where the kernel still reaches the element before it.
  near("GridSample", counting(1, 1, 2, 3), at([1, 1, 1, 1], 3.5 + 0.75 * 0.046875), {
    opset: 20,
    rest: [at([1, 1, 1, 2], 7 / 6, 0)],
    attributes: { mode: "cubic", padding_mode: "border" },
  }),
  near("GridSample", counting(1, 1, 2, 1, 1), at([1, 1, 1, 1, 1], 0.75), {
    opset: 20,
    rest: [at([1, 1, 1, 1, 3], 0, 0, 0.5)],
    attributes: { align_corners: 1 },
  }),
];

const box = [at([1, 4], 0, 0, 2, 2), integers([1], 0)];

const boxes: readonly Case[] = [
  near("MaxRoiPool", counting(1, 1, 3, 4), at([1, 1, 2, 2], 6, 7, 10, 11), {
    rest: [at([1, 5], 0, 1, 0, 3, 2)],
    attributes: { pooled_shape: [2, 2] },
  }),
  // The second box lies half outside, the third altogether.
  near("MaxRoiPool", counting(2, 1, 2, 2), at([3, 1, 1, 2], 2, 3, 7, 0, 0, 0), {
    rest: [at([3, 5], 0, 0, 0, 2, 2, 1, 2, 2, 4, 4, 0, 8, 8, 9, 9)],
    attributes: { pooled_shape: [1, 2], spatial_scale: float(0.5) },
  }),
  near("RoiAlign", counting(1, 1, 3, 3), at([1, 1, 1, 2], 1.5, 2.5), {
    rest: box,
    attributes: { output_width: 2, sampling_ratio: 1 },
  }),
  near("RoiAlign", counting(1, 1, 3, 3), at([1, 1, 1, 2], 3.5, 4.5), {
    opset: 10,
    rest: box,
    attributes: { output_width: 2, sampling_ratio: 1 },
  }),
  // One point a pixel, also of those beyond the image, which count as 0.
  near("RoiAlign", counting(1, 1, 3, 3), at([1, 1, 1, 1], 2), { rest: box }),
  near("RoiAlign", counting(1, 1, 3, 3), at([1, 1, 1, 1], 11 / 8), {
    rest: [at([1, 4], 0, 0, 8, 2), integers([1], 0)],
  }),
  near("RoiAlign", counting(1, 1, 3, 3), at([0, 1, 1, 1]), { rest: [at([0, 4]), integers([0])] }),
  near("RoiAlign", counting(1, 1, 3, 3), at([1, 1, 1, 1], 2), {
    rest: [at([1, 4], 0, 0, 4, 4), integers([1], 0)],
    attributes: {
      coordinate_transformation_mode: "output_half_pixel",
      mode: "max",
      sampling_ratio: 2,
      spatial_scale: float(0.5),
    },
  }),
];

const rearranging: readonly Case[] = [
  near("CenterCropPad", counting(4, 1), at([1, 4], 0, 1, 0, 0), { opset: 18, rest: [[1, 4]] }),
  near("CenterCropPad", counting(2, 5), at([2, 2], 1, 2, 6, 7), { opset: 18, rest: [[2]], attributes: { axes: [-1] } }),
  near("Col2Im", counting(1, 4, 4), at([1, 1, 3, 3], 0, 5, 5, 10, 30, 20, 10, 25, 15), {
    opset: 18,
    rest: [
      [3, 3],
      [2, 2],
    ],
  }),
  near("Col2Im", counting(1, 4, 2), at([1, 2, 3], 2, 1, 3, 6, 5, 7), {
    opset: 18,
    rest: [[3], [2]],
    attributes: { strides: [2], pads: [1, 0] },
  }),
  near("DepthToSpace", counting(1, 8, 1, 1), at([1, 2, 2, 2], 0, 2, 4, 6, 1, 3, 5, 7), {
    attributes: { blocksize: 2 },
  }),
  near("DepthToSpace", counting(1, 8, 1, 1), counting(1, 2, 2, 2), { attributes: { blocksize: 2, mode: "CRD" } }),
  near("SpaceToDepth", counting(1, 2, 2, 2), at([1, 8, 1, 1], 0, 4, 1, 5, 2, 6, 3, 7), {
    attributes: { blocksize: 2 },
  }),
  near("SpaceToDepth", counting(1, 2, 2, 2), counting(1, 8, 1, 1), { attributes: { blocksize: 2, mode: "CRD" } }),
];

const spectra: readonly Case[] = [
  near("DFT", counting(1, 3, 1), at([1, 3, 2], 3, 0, -1.5, sqrt(3) / 2, -1.5, -sqrt(3) / 2), { opset: 20 }),
  near("DFT", counting(1, 4, 1), at([1, 3, 2], 6, 0, -2, 2, -2, 0), { attributes: { onesided: 1 } }),
  near("DFT", counting(2, 1, 1), at([2, 1, 2], 1, 0, -1, 0), { attributes: { axis: 0 } }),
  near("DFT", counting(1, 2, 2), at([1, 2, 2], 1, 2, -1, -1), { opset: 20, attributes: { inverse: 1 } }),
  near("DFT", counting(1, 3, 2), at([1, 4, 1], 2, -2.5, 0, 0.5), {
    opset: 20,
    attributes: { inverse: 1, onesided: 1 },
  }),
  // Of three elements two, and of two four, with zeros.
  near("DFT", counting(1, 3, 1), at([1, 2, 2], 1, 0, -1, 0), { rest: [integers([], 2)] }),
  near("DFT", at([2, 1], 1, 2), at([4, 2], 3, 0, 1, -2, -1, 0, 1, 2), {
    opset: 20,
    rest: [integers([], 4), integers([], 0)],
  }),
  near("STFT", counting(1, 5, 1), at([1, 2, 2, 2], 4, 0, -2, 0, 12, 0, -3, -sqrt(3)), {
    rest: [integers([], 2), row(1, 2, 1), integers([], 3)],
  }),
  near("STFT", counting(1, 4), at([1, 2, 2, 2], 1, 0, -1, 0, 5, 0, -1, 0), {
    rest: [integers([], 2), null, integers([], 2)],
    attributes: { onesided: 0 },
  }),
  ...(
    [
      ["HannWindow", 1, [0, 0.5, 1, 0.5]],
      ["HannWindow", 0, [0, 0.75, 0.75, 0]],
      ["HammingWindow", 1, [4 / 46, 25 / 46, 1, 25 / 46]],
      ["BlackmanWindow", 1, [0, 0.34, 1, 0.34]],
      ["BlackmanWindow", 0, [0, 0.63, 0.63, 0]],
    ] as const
  ).map(([opType, periodic, y]) =>
    near(opType, row(0, 0, 0, 0), row(...y), {
      detached: true,
      rest: [integers([], 4)],
      attributes: { periodic },
    }),
  ),
  near("MelWeightMatrix", at([5, 2], 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), at([5, 2], 1, 0, 0, 1, 0, 0, 0, 0, 0, 0), {
    detached: true,
    rest: [integers([], 2), integers([], 8), integers([], 8000), at([], 0), at([], 4000)],
  }),
];

export const spatialCases: readonly Case[] = [
  ...windows,
  ...resizing,
  ...sampling,
  ...boxes,
  ...rearranging,
  ...spectra,
];
