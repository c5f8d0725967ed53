import { conv, type Network } from "./network.ts";

/** The LeNet of PyTorch's classic tutorial, on 28×28 digits. */
export const lenet: Network = {
  name: "LeNet",
  input: [1, 28, 28],
  classes: 10,
  features: [
    conv(1, 6, 3, { padding: 0, bias: true }),
    { type: "relu" },
    { type: "maxPool", kernel: 2, stride: 2, padding: 0 },
    conv(6, 16, 3, { padding: 0, bias: true }),
    { type: "relu" },
    { type: "maxPool", kernel: 2, stride: 2, padding: 0 },
    { type: "flatten" },
  ],
  head: [
    { type: "linear", in: 400, out: 120 },
    { type: "relu" },
    { type: "linear", in: 120, out: 84 },
    { type: "relu" },
    { type: "linear", in: 84, out: 10 },
  ],
};
