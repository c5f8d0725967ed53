import {
  add,
  compile,
  concat,
  conv2d,
  type Device,
  exp,
  full,
  Generator,
  indexAdd,
  indexSelect,
  matmul,
  mul,
  reshape,
  sub,
  sum,
  type Tensor,
  tensor,
  transpose,
} from "@graftjs/tensor";
import { expect } from "vitest";
import { onDevice } from "./case.ts";

/** What a device has to get right besides the ops: states, outputs, and the order of things. */
export const programs: readonly { readonly name: string; readonly run: (device: Device) => void }[] = [
  {
    name: "a state keeps its value between runs",
    run: (device) => {
      const count = tensor([0, 10]);
      const step = compile(
        (x: Tensor) => {
          count.assign(add(count, x));
          return mul(count, 2);
        },
        { device },
      );
      expect([...step(tensor([1, 2])).toArray()]).toEqual([2, 24]);
      expect([...step(tensor([1, 2])).toArray()]).toEqual([4, 28]);
      expect([...count.toArray()]).toEqual([2, 14]);
    },
  },
  {
    name: "a state assigned to from outside is seen by the next run",
    run: (device) => {
      const w = tensor([1, 2]);
      const f = compile((x: Tensor) => mul(w, x), { device });
      expect([...f(tensor([3, 4])).toArray()]).toEqual([3, 8]);
      w.assign([5, 6]);
      expect([...f(tensor([3, 4])).toArray()]).toEqual([15, 24]);
    },
  },
  {
    name: "two programs share a state",
    run: (device) => {
      const w = tensor([1]);
      const read = compile((x: Tensor) => add(w, x), { device });
      const write = compile((x: Tensor) => w.assign(mul(w, x)), { device });
      write(tensor([3]));
      write(tensor([3]));
      expect(read(tensor([0.5])).item()).toBe(9.5);
    },
  },
  {
    name: "what is computed of states that only others change follows them",
    run: (device) => {
      const [w, scale] = [tensor([1, 2, 3, 4], [2, 2, 1, 1]), tensor([1, 10], [2, 1, 1])];
      const x = tensor([1, 1], [1, 2, 1, 1]);
      const read = compile(
        (input: Tensor) => [mul(conv2d(input, w), scale), exp(mul(scale, 0)), sub(reshape(w, [4]), 1)],
        { device },
      );
      const write = compile((by: Tensor) => w.assign(mul(w, by)), { device });
      const large = compile((input: Tensor) => sum(exp(mul(input, input))), { device });
      const values = (): number[][] => (read(x) as Tensor[]).map((t) => [...t.toArray()]);
      const ones = [1, 1];
      expect(values()).toEqual([[3, 70], ones, [0, 1, 2, 3]]);
      // What others do in the memory that they share changes nothing.
      expect(large(full([64, 64], 0)).item()).toBe(64 * 64);
      expect(values()).toEqual([[3, 70], ones, [0, 1, 2, 3]]);
      write(tensor([2]));
      expect(values()).toEqual([[6, 140], ones, [1, 3, 5, 7]]);
      scale.assign([2, 1]);
      expect(values()).toEqual([[12, 14], ones, [1, 3, 5, 7]]);
      w.assign([0, 1, 1, 0]);
      expect(large(full([128, 64], 0)).item()).toBe(128 * 64);
      expect(values()).toEqual([[2, 1], ones, [-1, 0, 0, -1]]);
      expect(values()).toEqual([[2, 1], ones, [-1, 0, 0, -1]]);
    },
  },
  {
    name: "a state takes a constant at every run, whatever it was changed to between",
    run: (device) => {
      const [a, b] = [tensor([0, 0]), tensor([1, 2])];
      const f = compile(
        (x: Tensor) => {
          a.assign(mul(b, 2));
          return mul(add(b, 1), x);
        },
        { device },
      );
      for (const [low, high] of [
        [1, 2],
        [1, 2],
        [5, 6],
      ] as const) {
        b.assign([low, high]);
        a.assign([100, 100]);
        expect([...f(tensor([1, 10])).toArray()]).toEqual([low + 1, 10 * (high + 1)]);
        a.assign([100, 100]);
        f(tensor([1, 10]));
        expect([...a.toArray()]).toEqual([2 * low, 2 * high]);
      }
    },
  },
  {
    name: "a constant weight is also an image, a result, and summed",
    run: (device) => {
      const w = tensor([1, 2, 3, 4], [2, 2, 1, 1]);
      const f = compile(
        (x: Tensor) => [conv2d(x, w), conv2d(w, w), add(conv2d(x, w), w), add(x, w), reshape(w, [4]), sum(w)],
        { device },
      );
      const x = tensor([1, 0, 0, 1], [2, 2, 1, 1]);
      for (let run = 0; run < 2; run++) {
        expect((f(x) as Tensor[]).map((t) => [...t.toArray()])).toEqual([
          [1, 3, 2, 4],
          [5, 11, 11, 25],
          [2, 5, 5, 8],
          [2, 2, 3, 5],
          [1, 2, 3, 4],
          [10],
        ]);
      }
    },
  },
  {
    name: "two states change places",
    run: (device) => {
      const [a, b] = [tensor([1, 2, 3]), tensor([4, 5, 6])];
      const swap = compile(
        () => {
          const old = mul(a, 1);
          a.assign(b);
          b.assign(old);
        },
        { device },
      );
      swap();
      expect([[...a.toArray()], [...b.toArray()]]).toEqual([
        [4, 5, 6],
        [1, 2, 3],
      ]);
      swap();
      expect([[...a.toArray()], [...b.toArray()]]).toEqual([
        [1, 2, 3],
        [4, 5, 6],
      ]);
    },
  },
  {
    name: "states take each other's old values",
    run: (device) => {
      const [a, b] = [tensor([1]), tensor([10])];
      const step = compile(
        () => {
          const next = add(a, b);
          a.assign(b);
          b.assign(next);
        },
        { device },
      );
      for (let i = 0; i < 4; i++) step();
      expect([a.item(), b.item()]).toEqual([32, 53]);
    },
  },
  {
    name: "an output keeps its value when the state that it was read from changes",
    run: (device) => {
      const w = tensor([1, 2]);
      const step = compile(
        () => {
          const before = mul(w, 1);
          w.assign(add(w, 1));
          return [before, w];
        },
        { device },
      );
      const [before, after] = step() as [Tensor, Tensor];
      step();
      expect([[...before.toArray()], [...after.toArray()]]).toEqual([
        [1, 2],
        [2, 3],
      ]);
    },
  },
  {
    name: "outputs of one run keep their values in the next",
    run: (device) => {
      const f = compile((x: Tensor) => [exp(x), add(x, 1)], { device });
      const [, first] = f(tensor([1, 2, 3])) as [Tensor, Tensor];
      f(tensor([7, 8, 9]));
      expect([...first.toArray()]).toEqual([2, 3, 4]);
    },
  },
  {
    name: "an input, a state, a constant and a view of each are outputs",
    run: (device) => {
      const w = tensor([[5, 6]]);
      const f = compile(
        (x: Tensor) => [x, reshape(x, [2, 1]), w, reshape(w, [2]), full([2], 3), reshape(full([2], 4), [1, 2])],
        { device },
      );
      const values = (f(tensor([1, 2])) as Tensor[]).map((t) => [t.shape, [...t.toArray()]]);
      expect(values).toEqual([
        [[2], [1, 2]],
        [
          [2, 1],
          [1, 2],
        ],
        [
          [1, 2],
          [5, 6],
        ],
        [[2], [5, 6]],
        [[2], [3, 3]],
        [
          [1, 2],
          [4, 4],
        ],
      ]);
    },
  },
  {
    name: "one value is returned twice",
    run: (device) => {
      const f = compile(
        (x: Tensor) => {
          const y = add(x, 1);
          return { y, again: y, flat: reshape(y, [2]) };
        },
        { device },
      );
      const { y, again, flat } = f(tensor([[1, 2]])) as Record<string, Tensor>;
      expect([y, again, flat].map((t) => [...(t as Tensor).toArray()])).toEqual([
        [2, 3],
        [2, 3],
        [2, 3],
      ]);
    },
  },
  {
    name: "inputs that nothing reads, and no outputs",
    run: (device) => {
      const unused = compile((_: Tensor, y: Tensor) => add(y, 1), { device });
      expect(unused(tensor([1]), tensor([2])).item()).toBe(3);
      expect(compile((x: Tensor) => void add(x, 1), { device })(tensor([1]))).toBeUndefined();
    },
  },
  {
    name: "a state assigned an input, a constant, and a view of another state",
    run: (device) => {
      const [a, b, c] = [tensor([0, 0]), tensor([0, 0]), tensor([[1, 2]])];
      const f = compile(
        (x: Tensor) => {
          a.assign(x);
          b.assign(full([2], 7));
          c.assign(reshape(add(reshape(c, [2]), a), [1, 2]));
        },
        { device },
      );
      f(tensor([3, 4]));
      f(tensor([5, 6]));
      expect([a, b, c].map((t) => [...t.toArray()])).toEqual([
        [5, 6],
        [7, 7],
        [9, 12],
      ]);
    },
  },
  {
    name: "a state is assigned several times",
    run: (device) => {
      const w = tensor([1]);
      const f = compile(
        () => {
          w.assign(add(w, 1));
          const between = mul(w, 1);
          w.assign(mul(w, 10));
          return between;
        },
        { device },
      );
      expect(f().item()).toBe(2);
      expect(w.item()).toBe(20);
      expect(f().item()).toBe(21);
      expect(w.item()).toBe(210);
    },
  },
  {
    name: "states on the device take part in eager ops, and eager results in programs",
    run: (device) => {
      const w = tensor([
        [1, 2],
        [3, 4],
      ]);
      compile((x: Tensor) => w.assign(matmul(w, x)), { device })(
        tensor([
          [0, 1],
          [1, 0],
        ]),
      );
      const eager = onDevice(device, () => add(transpose(w, 0, 1), 1));
      expect([...eager.toArray()]).toEqual([3, 5, 2, 4]);
      expect([...compile((x: Tensor) => sub(x, w), { device })(eager).toArray()]).toEqual([1, 4, -2, 1]);
    },
  },
  {
    name: "each run draws new random numbers, the same as eagerly",
    run: (device) => {
      const [compiled, eager] = [new Generator(7), new Generator(7)];
      const draw = compile(() => [compiled.uniform([5]), compiled.uniform([3])], { device });
      const runs = [draw(), draw()].flatMap((r) => (r as Tensor[]).map((t) => [...t.toArray()]));
      expect(runs).toEqual([5, 3, 5, 3].map((n) => [...eager.uniform([n]).toArray()]));
      expect([...compiled.state.toArray()]).toEqual([...eager.state.toArray()]);
      expect(new Set(runs.flat()).size).toBe(16);
    },
  },
  {
    name: "the same input serves several arguments",
    run: (device) => {
      const x = tensor([2, 3]);
      expect([...compile((a: Tensor, b: Tensor) => mul(a, b), { device })(x, x).toArray()]).toEqual([4, 9]);
    },
  },
  {
    name: "shapes change between calls",
    run: (device) => {
      const f = compile((x: Tensor) => sum(concat([x, x], 0), { axes: 0 }), { device });
      expect([...f(tensor([[1, 2]])).toArray()]).toEqual([2, 4]);
      expect([...f(tensor([[1], [5]])).toArray()]).toEqual([12]);
      expect([...f(tensor([[1, 2]])).toArray()]).toEqual([2, 4]);
    },
  },
  {
    name: "indices out of range are an error, or read as 0 and add to nothing",
    run: (device) => {
      const f = compile((x: Tensor, i: Tensor) => [indexSelect(x, i, 0), indexAdd(x, i, 0, 2)], { device });
      const indices = tensor(Int32Array.of(-1, 1, 1_000_000_000));
      try {
        const [picked, added] = f(tensor([1, 2, 3]), indices) as [Tensor, Tensor];
        expect([[...picked.toArray()], [...added.toArray()]]).toEqual([
          [0, 2, 0],
          [0, 2],
        ]);
      } catch (error) {
        expect(error).toMatchObject({ name: "ArgumentError", expected: "indices in [0, 3)" });
      }
    },
  },
  {
    name: "a program of hundreds of ops",
    run: (device) => {
      const f = compile(
        (x: Tensor) => {
          let y = x;
          for (let i = 0; i < 410; i++) y = i % 7 === 0 ? transpose(y, 0, 1) : add(y, i % 2 === 0 ? 1 : -1);
          return y;
        },
        { device },
      );
      let expected = 0;
      for (let i = 0; i < 410; i++) if (i % 7 !== 0) expected += i % 2 === 0 ? 1 : -1;
      expect([
        ...f(
          tensor([
            [0, 1],
            [2, 3],
          ]),
        ).toArray(),
      ]).toEqual([0, 2, 1, 3].map((v) => v + expected));
    },
  },
];
