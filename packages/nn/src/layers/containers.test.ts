import { ones, type Tensor } from "@graftjs/tensor";
import { expect, test } from "vitest";
import { Identity, Linear, Module, ModuleDict, ModuleList, ReLU, Sequential } from "../index.ts";

test("Sequential: by place, by name, sliced, extended", () => {
  const net = new Sequential(new Linear(2, 3), new ReLU(), new Linear(3, 1));
  const all = [...net];
  expect(net.length).toBe(3);
  expect([net.get(0), net.get(-1), net.get("1")]).toEqual([all[0], all[2], all[1]]);
  expect(() => net.get(3)).toThrow("Sequential.get: expected a place in [-3, 3) or one of 0, 1, 2, got 3");
  const tail = net.slice(1);
  expect([...tail]).toEqual(all.slice(1));
  // As in PyTorch, a slice keeps the names.
  expect([...tail.namedParameters().keys()]).toEqual(["2.weight", "2.bias"]);
  expect(tail.forward(ones([4, 3])).shape).toEqual([4, 1]);
  expect([...net.slice(0, -1)]).toEqual(all.slice(0, 2));
  net.append(new Identity());
  expect(Object.keys(net.layers)).toEqual(["0", "1", "2", "3"]);
  expect(() => net.slice(1).append(new Identity())).toThrow("expected no module named 3 yet");
});

test("ModuleList is part of the module that holds it", () => {
  class Stack extends Module {
    readonly blocks: ModuleList = new ModuleList([new Linear(2, 2)]);

    forward(x: Tensor): Tensor {
      return [...this.blocks].reduce((y, block) => block.forward(y), x);
    }
  }
  const net = new Stack();
  const [a, b, c] = [new Linear(2, 2), new Linear(2, 2), new Linear(2, 2)];
  net.blocks.append(a).extend([b]).insert(1, c);
  expect(net.blocks.length).toBe(4);
  expect([net.blocks.get(1), net.blocks.get(-1)]).toEqual([c, b]);
  expect([...net.blocks.slice(2)]).toEqual([a, b]);
  expect([...net.namedParameters().keys()].filter((name) => name.endsWith("weight"))).toEqual(
    [0, 1, 2, 3].map((i) => `blocks.${i}.weight`),
  );
  expect(net.forward(ones([1, 2])).shape).toEqual([1, 2]);
  net.blocks.freeze();
  expect(net.parameters().some((p) => p.requiresGrad)).toBe(false);
  expect(() => net.blocks.get(4)).toThrow("ModuleList.get: expected a place in [-4, 4), got 4");
  expect(() => net.blocks.forward()).toThrow("ModuleList has no forward");
});

test("ModuleDict keeps names as they are", () => {
  const heads = new ModuleDict({ taskA: new Linear(2, 1) });
  const b = new Linear(2, 3);
  heads.set("task_b", b);
  expect([...heads.namedParameters().keys()]).toEqual(["taskA.weight", "taskA.bias", "task_b.weight", "task_b.bias"]);
  expect(heads.get("task_b")).toBe(b);
  expect([heads.size, heads.has("taskA"), [...heads.keys()]]).toEqual([2, true, ["taskA", "task_b"]]);
  expect([...heads].map(([name]) => name)).toEqual(["taskA", "task_b"]);
  expect([heads.delete("taskA"), heads.delete("taskA"), [...heads.values()]]).toEqual([true, false, [b]]);
  expect(() => heads.get("taskA")).toThrow("ModuleDict.get: expected one of task_b, got taskA");
  expect(() => heads.forward()).toThrow("ModuleDict has no forward");
});
