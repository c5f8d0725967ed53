import { afterEach, describe, expect, test } from "vitest";
import { gradients } from "../autograd/gradients.ts";
import { noGrad } from "../autograd/gradMode.ts";
import type { Device } from "../device/contract.ts";
import { referenceDevice } from "../device/reference.ts";
import { AutogradError, TraceError } from "../errors.ts";
import { add } from "../ops/add.ts";
import { exp } from "../ops/exp.ts";
import { mul } from "../ops/mul.ts";
import { reshape } from "../ops/reshape.ts";
import { sub } from "../ops/sub.ts";
import { sum } from "../ops/sum.ts";
import { runtime, useDevice } from "../runtime.ts";
import { type Tensor, tensor, zeros } from "../tensor.ts";
import { compile } from "./compile.ts";
import type { Graph } from "./graph.ts";

const list = (t: Tensor): number[] => Array.from(t.toArray());
afterEach(() => useDevice(null));

/** A device that keeps the graphs that it was given. */
function recording(name = "recording"): Device & { readonly graphs: Graph[] } {
  const graphs: Graph[] = [];
  return {
    name,
    graphs,
    allocate: (dtype, length) => referenceDevice.allocate(dtype, length),
    compile: (graph) => {
      graphs.push(graph);
      return referenceDevice.compile(graph);
    },
  };
}

describe("tracing", () => {
  test("happens once a combination of shapes and dtypes", () => {
    let traces = 0;
    const f = compile((x: Tensor) => {
      traces++;
      return add(x, 1);
    });
    expect(list(f(tensor([1, 2])))).toEqual([2, 3]);
    expect(list(f(tensor([5, 6])))).toEqual([6, 7]);
    expect(traces).toBe(1);
    f(tensor([1]));
    f(tensor([[1, 2]]));
    f(tensor(Int32Array.of(1, 2)));
    expect(traces).toBe(4);
    f(tensor([7, 8]));
    expect(traces).toBe(4);
  });

  test("tells [1, 2] and [2] from [1] and [2, 2]", () => {
    let traces = 0;
    const f = compile((x: Tensor, y: Tensor) => {
      traces++;
      return [sum(x), sum(y)];
    });
    f(zeros([1, 2]), zeros([2]));
    f(zeros([1]), zeros([2, 2]));
    expect(traces).toBe(2);
  });

  test("happens again where a parameter is frozen or thawed", () => {
    let traces = 0;
    const w = tensor([2], [1], { requiresGrad: true });
    const f = compile((x: Tensor) => {
      traces++;
      const y = mul(x, w);
      if (!y.requiresGrad) return y;
      return gradients(y, [w])[0] as Tensor;
    });
    expect(f(tensor([3])).item()).toBe(3);
    w.requiresGrad = false;
    expect(f(tensor([3])).item()).toBe(6);
    w.requiresGrad = true;
    expect(f(tensor([3])).item()).toBe(3);
    expect(traces).toBe(2);
  });

  test("guards a parameter that is first read detached", () => {
    const w = tensor([2], [1], { requiresGrad: true });
    const f = compile((x: Tensor) => {
      const y = mul(x, add(w.detach(), w));
      return y.requiresGrad ? (gradients(y, [w])[0] as Tensor) : y;
    });
    expect(f(tensor([3])).item()).toBe(3);
    w.requiresGrad = false;
    expect(f(tensor([3])).item()).toBe(12);
  });

  test("differs with and without noGrad", () => {
    const w = tensor([2], [1], { requiresGrad: true });
    const f = compile((x: Tensor) => tensor([Number(mul(x, w).requiresGrad)]));
    expect([f(tensor([1])).item(), noGrad(() => f(tensor([1]))).item(), f(tensor([1])).item()]).toEqual([1, 0, 1]);
  });

  test("goes to the device that is asked for, or that of eager ops", () => {
    const [a, b] = [recording("same name"), recording("same name")];
    const f = compile((x: Tensor) => add(x, 1));
    useDevice(a);
    f(tensor([1]));
    useDevice(b);
    f(tensor([1]));
    f(tensor([2]));
    expect([a.graphs.length, b.graphs.length]).toEqual([1, 1]);
    const own = recording();
    compile((x: Tensor) => add(x, 1), { device: own })(tensor([1]));
    expect([own.graphs.length, b.graphs.length]).toEqual([1, 1]);
  });

  test("of one function inside of another makes one program", () => {
    const device = recording();
    const inner = compile((x: Tensor) => mul(x, 2), { device });
    const outer = compile((x: Tensor) => add(inner(x), inner(x)), { device });
    expect(outer(tensor([3])).item()).toBe(12);
    expect(device.graphs.length).toBe(1);
    expect(device.graphs[0]?.nodes.map((n) => n.op.name)).toContain("add");
    expect(inner(tensor([3])).item()).toBe(6);
  });
});

describe("outputs", () => {
  const x = tensor([1, 2]);

  test("a tensor, an array, a record, nothing", () => {
    expect(list(compile((t: Tensor) => exp(t))(x))).toEqual(list(exp(x)));
    const array = compile((t: Tensor) => [add(t, 1), t])(x);
    expect((array as Tensor[]).map(list)).toEqual([
      [2, 3],
      [1, 2],
    ]);
    const record = compile((t: Tensor) => ({ loss: sum(t), next: add(t, 1) }))(x);
    expect([record.loss.item(), list(record.next)]).toEqual([3, [2, 3]]);
    expect(compile((t: Tensor) => void add(t, 1))(x)).toBeUndefined();
    expect(compile(() => [])()).toEqual([]);
  });

  test("require no gradient", () => {
    const w = tensor([1, 2], [2], { requiresGrad: true });
    expect(compile((t: Tensor) => mul(t, w))(x).requiresGrad).toBe(false);
  });

  test("that are no tensors are refused", () => {
    const bad = compile(((t: Tensor) => ({ loss: sum(t), epoch: 3 })) as unknown as (t: Tensor) => Tensor);
    expect(() => bad(x)).toThrowError(TraceError);
    expect(() => bad(x)).toThrowError(/returns a tensor, or an array or record of tensors/);
  });
});

describe("states", () => {
  test("are read at each run", () => {
    const w = tensor([1]);
    const f = compile((x: Tensor) => mul(x, w));
    expect(f(tensor([3])).item()).toBe(3);
    w.assign([2]);
    expect(f(tensor([3])).item()).toBe(6);
  });

  test("take what is assigned, after every read of the old value", () => {
    const [a, b] = [tensor([1]), tensor([2])];
    const f = compile(() => {
      const old = mul(a, 1);
      a.assign(b);
      b.assign(old);
      return old;
    });
    expect([f().item(), a.item(), b.item()]).toEqual([1, 2, 1]);
    expect([f().item(), a.item(), b.item()]).toEqual([2, 1, 2]);
  });

  test("the last of several assignments stays", () => {
    const w = tensor([1]);
    const f = compile(() => {
      w.assign(add(w, 1));
      w.assign(mul(w, 10));
    });
    f();
    expect(w.item()).toBe(20);
    f();
    expect(w.item()).toBe(210);
  });

  test("views of one memory are one state", () => {
    const w = tensor([1, 2, 3, 4]);
    const device = recording();
    const f = compile(
      (x: Tensor) => {
        const y = add(w, reshape(reshape(w, [2, 2]), [4]));
        w.assign(x);
        return [y, reshape(w, [2, 2])];
      },
      { device },
    );
    const [y, view] = f(tensor([5, 6, 7, 8])) as [Tensor, Tensor];
    expect([list(y), view.toNested()]).toEqual([
      [2, 4, 6, 8],
      [
        [5, 6],
        [7, 8],
      ],
    ]);
    expect(device.graphs[0]?.states.length).toBe(1);
  });

  test("count the writes of programs", () => {
    const w = tensor([1], [1], { requiresGrad: true });
    const y = mul(w, w);
    compile(() => w.assign(add(w.detach(), 1)))();
    expect(() => y.backward()).toThrowError(AutogradError);
  });

  test("an assignment to itself is none", () => {
    const device = recording();
    const w = tensor([1]);
    compile(() => w.assign(w), { device })();
    expect(device.graphs[0]?.assignments).toEqual([]);
    expect(w.item()).toBe(1);
  });
});

describe("gradients inside", () => {
  test("equal those outside, update included", () => {
    const make = (): Tensor => tensor([0.5, -1], [2], { requiresGrad: true });
    const step = (w: Tensor, x: Tensor): Tensor => {
      const loss = sum(mul(exp(mul(w, x)), x));
      w.grad = null;
      loss.backward();
      w.assign(sub(w.detach(), mul(w.grad as unknown as Tensor, 0.1)));
      return loss;
    };
    const [eager, compiled] = [make(), make()];
    const program = compile((x: Tensor) => step(compiled, x));
    for (let i = 0; i < 4; i++) {
      const x = tensor([i, 0.5]);
      expect(program(x).item()).toBe(step(eager, x).item());
      expect(list(compiled)).toEqual(list(eager));
    }
  });

  test("leave grad of the leaves empty", () => {
    const w = tensor([2], [1], { requiresGrad: true });
    compile(() => mul(w, w).backward())();
    expect(w.grad).toBeNull();
  });

  test("add up within the function", () => {
    const w = tensor([2], [1], { requiresGrad: true });
    const f = compile(() => {
      mul(w, 3).backward();
      mul(w, 4).backward();
      return w.grad as Tensor;
    });
    expect([f().item(), f().item()]).toEqual([7, 7]);
  });

  test("refuse a gradient from before the call", () => {
    const w = tensor([2], [1], { requiresGrad: true });
    mul(w, 3).backward();
    const f = compile(() => mul(w, w).backward());
    expect(() => f()).toThrowError(TraceError);
    expect(() => f()).toThrowError(/met a gradient from before the call. Call optimizer.zeroGrad\(\)/);
    expect(w.grad?.item()).toBe(3);
    w.grad = null;
    f();
  });

  test("find an assignment between forward and backward", () => {
    const w = tensor([2], [1], { requiresGrad: true });
    const f = compile((x: Tensor) => {
      const y = mul(mul(x, w), w);
      w.assign(add(w.detach(), 1));
      y.backward();
      return w.grad as unknown as Tensor;
    });
    expect(() => f(tensor([3]))).toThrowError(AutogradError);
  });
});

describe("what tracing cannot follow", () => {
  const x = tensor([1, 2]);

  test.each([
    ["item", (t: Tensor) => sum(t).item()],
    ["toArray", (t: Tensor) => t.toArray()],
    ["toNested", (t: Tensor) => t.toNested()],
    ["read", (t: Tensor) => t.read()],
  ])("%s of a traced tensor", (_, read) => {
    const f = compile((t: Tensor) => {
      read(t);
      return t;
    });
    expect(() => f(x)).toThrowError(TraceError);
    expect(() => f(x)).toThrowError(/part of a compiled function and has no value outside of it/);
  });

  test("a tensor that escaped, used eagerly or in another function", () => {
    let escaped: Tensor = x;
    compile((t: Tensor) => {
      escaped = add(t, 1);
      return escaped;
    })(x);
    expect(() => add(escaped, 1)).toThrowError(TraceError);
    expect(() => escaped.item()).toThrowError(/expected a tensor of one element|has no value/);
    const other = compile((t: Tensor) => add(t, escaped));
    expect(() => other(x)).toThrowError(TraceError);
    expect(() => other(x)).toThrowError(/Return it, and pass it in as an argument/);
  });

  test("an error inside leaves everything as it was", () => {
    const w = tensor([2], [1], { requiresGrad: true });
    const f = compile(() => {
      mul(w, w).backward();
      throw new Error("inside");
    });
    expect(() => f()).toThrowError("inside");
    expect([runtime().tracer, w.grad]).toEqual([null, null]);
    expect(add(x, 1).storage.length).toBe(2);
  });
});

describe("explain", () => {
  test("shows the program that ran last", () => {
    const f = compile((x: Tensor) => sum(exp(x)));
    expect(() => f.explain()).toThrowError(/has not been called yet/);
    f(zeros([2, 3]));
    expect(f.explain()).toBe("exp [2, 3] -> [2, 3]\nsum [2, 3] -> []");
  });
});
