import { tensor } from "@graftjs/tensor";
import { expect, test } from "vitest";
import { Linear } from "./linear.ts";
import { ReLU } from "./relu.ts";
import { Sequential } from "./sequential.ts";

test("applies its modules in order, named by place or by key", () => {
  const [a, b] = [new Linear(1, 1), new Linear(1, 1)];
  a.loadStateDict({ weight: tensor([-2], [1, 1]), bias: tensor([1], [1]) });
  b.loadStateDict({ weight: tensor([3], [1, 1]), bias: tensor([0], [1]) });
  const x = tensor([1, -1], [2, 1]);
  const net = new Sequential(a, new ReLU(), b);
  expect(net.forward(x).toNested()).toEqual([[0], [9]]);
  expect([...net.namedParameters().keys()]).toEqual(["0.weight", "0.bias", "2.weight", "2.bias"]);
  const named = new Sequential({ first: a, act: new ReLU(), last: b });
  expect(named.forward(x).toNested()).toEqual([[0], [9]]);
  expect([...named.namedParameters().keys()]).toEqual(["first.weight", "first.bias", "last.weight", "last.bias"]);
});
