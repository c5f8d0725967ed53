import {
  add,
  cast,
  compile,
  cos,
  erf,
  exp,
  expm1,
  Generator,
  gelu,
  gradients,
  greater,
  log1p,
  logicalNot,
  mul,
  pow,
  randomUniform,
  referenceDevice,
  relu,
  sigmoid,
  sin,
  sub,
  sum,
  type Tensor,
  tanh,
  tensor,
  where,
  zeros,
} from "@graftjs/tensor";
import { beforeAll, describe, expect, test } from "vitest";
import { type WasmDevice, wasm } from "../wasm.ts";

let device: WasmDevice;
beforeAll(async () => {
  device = await wasm({ threads: 2, parallelFrom: 0 });
});

const generator = new Generator(5);
const uniform = (...shape: number[]): Tensor => randomUniform(shape, generator, -2, 2);

/** Compares a function on the device with the reference device, relative to 1 or the value, whichever is larger. */
function compare(fn: (...inputs: Tensor[]) => Tensor[], inputs: Tensor[], tolerance = 1e-6): void {
  const expected = compile(fn, { device: referenceDevice })(...inputs) as Tensor[];
  (compile(fn, { device })(...inputs) as Tensor[]).forEach((t, k) => {
    const reference = (expected[k] as Tensor).toArray();
    t.toArray().forEach((v, i) => {
      const wanted = reference[i] as number;
      if (Object.is(v, wanted)) return;
      const error = Math.abs(v - wanted) / Math.max(1, Math.abs(wanted));
      if (!(error <= tolerance)) expect.fail(`output ${k}, element ${i}: ${v} instead of ${wanted}`);
    });
  });
}

describe("chain", () => {
  // Around the length of a vector, of a block, and of several.
  test.each([1, 2, 3, 4, 5, 15, 17, 63, 2047, 2048, 2049, 4097, 10_001])("any length: %d", (n) => {
    compare((x, y) => [relu(add(mul(x, y), 0.5)), greater(x, y)], [uniform(n), uniform(n)]);
  });

  test.each([
    [
      [7, 129, 33],
      [129, 1],
    ],
    [[7, 129, 33], [33]],
    [
      [7, 129, 33],
      [7, 1, 1],
    ],
    [
      [7, 129, 33],
      [7, 1, 33],
    ],
    [
      [7, 129, 33],
      [1, 129, 33],
    ],
    [[7, 129, 33], []],
    [
      [5, 1, 6, 1],
      [1, 7, 1, 8],
    ],
    [
      [3, 1, 2, 1, 3, 1, 2, 1, 3],
      [1, 2, 1, 3, 1, 2, 1, 3, 1],
    ],
  ])("broadcasts %j and %j", (a, b) => {
    const [x, y] = [uniform(...a), uniform(...b)];
    compare((u, v) => [sub(u, v), where(greater(v, 0), u, v), logicalNot(greater(v, 0))], [x, y]);
    compare((u, v) => [where(v, u, 1)], [x, cast(greater(y, 0), "bool")]);
  });

  test("overwrites an input only after its last use", () => {
    const [a, b] = [uniform(5000), uniform(5000)];
    const [first, second] = [zeros([5000]), zeros([5000])];
    first.assign(a);
    second.assign(b);
    // Each new state is computed from both old ones.
    const run = compile(
      () => {
        const [x, y] = [add(first, second), sub(first, second)];
        first.assign(x);
        second.assign(mul(y, second));
      },
      { device },
    );
    run();
    const [u, v] = [a.toArray(), b.toArray()];
    const f = Math.fround;
    const sums = Float32Array.from(u, (p, i) => p + (v[i] as number));
    const products = Float32Array.from(u, (p, i) => f(p - (v[i] as number)) * (v[i] as number));
    expect(first.toArray()).toEqual(sums);
    expect(second.toArray()).toEqual(products);
  });

  test("sums with products round twice, whatever is computed in one pass", () => {
    const inputs = [uniform(4099), uniform(4099), uniform(4099)] as [Tensor, Tensor, Tensor];
    const run = compile(
      (x: Tensor, y: Tensor, z: Tensor) => {
        const [twice, kept] = [mul(x, z), mul(y, z)];
        return [
          ...[add(mul(x, y), z), add(z, mul(x, y)), sub(z, mul(x, y)), sub(mul(x, y), z)],
          ...[add(twice, twice), sub(x, mul(twice, twice)), kept, add(kept, x), add(mul(x, 0.9), mul(y, 0.1))],
        ];
      },
      { device },
    );
    const [u, v, w] = inputs.map((t) => t.toArray()) as [Float32Array, Float32Array, Float32Array];
    const f = Math.fround;
    const [p, q] = [0.9, 0.1].map(f) as [number, number];
    const expected = Array.from(u, (_, i) => {
      const [a, b, c] = [u[i], v[i], w[i]] as [number, number, number];
      const [ab, ac, bc] = [f(a * b), f(a * c), f(b * c)];
      return [ab + c, c + ab, c - ab, ab - c, ac + ac, a - f(ac * ac), bc, bc + a, f(a * p) + f(b * q)];
    });
    (run(...inputs) as Tensor[]).forEach((t, k) => {
      expect(t.toArray()).toEqual(Float32Array.from(expected, (values) => values[k] as number));
    });
  });

  test("updates states in place with sums of products", () => {
    const [weight, velocity, gradient] = [uniform(5001), uniform(5001), uniform(5001)];
    const [w, v] = [zeros([5001]), zeros([5001])];
    w.assign(weight);
    v.assign(velocity);
    const run = compile(
      () => {
        const next = add(mul(v, 0.9), gradient);
        v.assign(next);
        w.assign(sub(w, mul(next, 0.25)));
      },
      { device },
    );
    run();
    const f = Math.fround;
    const [a, b, g] = [weight, velocity, gradient].map((t) => t.toArray()) as Float32Array[];
    const next = Float32Array.from(b as Float32Array, (x, i) => f(x * f(0.9)) + (g?.[i] as number));
    expect(v.toArray()).toEqual(next);
    expect(w.toArray()).toEqual(Float32Array.from(a as Float32Array, (x, i) => x - f((next[i] as number) * 0.25)));
  });

  test("keeps as many intermediate results as a chain has", () => {
    compare(
      (x) => {
        const parts = Array.from({ length: 20 }, (_, i) => mul(x, i + 1));
        return [parts.map((p) => tanh(p)).reduce((a, b) => add(a, b)), ...parts.slice(0, 3)];
      },
      [uniform(3001)],
      3e-6,
    );
  });

  test("converts between dtypes", () => {
    const x = tensor(Float32Array.of(-2.7, -0.5, 0, 0.5, 1, 2.7, 1e9, -3), [8]);
    compare(
      (f) => {
        const [i, b] = [cast(f, "int32"), cast(f, "bool")];
        const [j, k] = [cast(i, "bool"), cast(b, "int32")];
        return [i, b, cast(i, "float32"), j, cast(b, "float32"), k, mul(i, k), sub(i, 3)];
      },
      [x],
    );
  });

  const special = [0, -0, 1, -1, 0.5, 1e-8, -1e-8, 1e-3, 3, -3, 20, -20, 88, -88, 200, -200, Infinity, -Infinity, NaN];

  test.each([
    ["exp", exp],
    ["expm1", expm1],
    ["log1p", log1p],
    ["sigmoid", sigmoid],
    ["tanh", tanh],
  ] as const)("%s of special values", (_, fn) => {
    compare((x) => [fn(x)], [tensor(special, [special.length])], 3e-7);
  });

  test.each([
    ["sin", sin],
    ["cos", cos],
  ] as const)("%s stays accurate far from 0", (_, fn) => {
    const x = tensor(
      Float32Array.from({ length: 20_001 }, (__, i) => (i - 10_000) * 1.237),
      [20_001],
    );
    compare((t) => [fn(t)], [x], 3e-7);
    compare((t) => [fn(t)], [tensor(special, [special.length])], 3e-7);
  });

  test("rows: several inputs that are constant along them", () => {
    const inputs = [uniform(3, 5, 2501), uniform(5, 1), uniform(3, 1, 1), uniform(3, 5, 1), uniform(2501)];
    compare((x, a, b, c, d) => [add(mul(add(x, a), b), mul(c, d)), where(greater(a, 0), x, d), greater(c, 0)], inputs);
  });

  test("pow with constant exponents", () => {
    const x = tensor([0.25, 1, 2.5, 7, 1e-3, 1e4], [6]);
    compare((t) => [1, 2, 3, 0.5, -0.5, -1, 4].map((e) => pow(t, e)), [x], 3e-7);
  });

  test("pow of special values", () => {
    const bases = special.filter((v) => !Number.isNaN(v) && Math.abs(v) !== 1);
    const exponents = [0, -0, 1, -1, 2, 3, -2, 0.5, -0.5, 7.5, Infinity, -Infinity];
    const pairs = bases.flatMap((b) => exponents.map((e) => [b, e] as const));
    const [x, y] = [0, 1].map((k) =>
      tensor(
        pairs.map((p) => p[k] as number),
        [pairs.length],
      ),
    ) as [Tensor, Tensor];
    compare((b, e) => [pow(b, e)], [x, y], 3e-7);
  });
});

describe.each(["relaxed", "simd"] as const)("erf, %s build", (simd) => {
  test("is within 4e-7 of the value, from 1e-35 on", async () => {
    const alone = await wasm({ threads: 1, simd });
    const steps = Array.from({ length: 40_001 }, (_, i) => (i - 20_000) / 4700);
    const tiny = Array.from({ length: 36 }, (_, i) => 10 ** -i);
    const x = tensor(Float32Array.from([...steps, ...tiny]));
    const expected = compile((t) => erf(t), { device: referenceDevice })(cast(x, "float64")) as Tensor;
    const values = (compile((t) => erf(t), { device: alone })(x) as Tensor).toArray();
    const errors = expected
      .toArray()
      .map((v, i) => (v === 0 ? Math.abs(values[i] as number) : Math.abs((values[i] as number) / v - 1)));
    expect(Math.max(...errors)).toBeLessThan(4e-7);
    const ends = (
      compile((t) => erf(t), { device: alone })(tensor([Infinity, -Infinity, 5, -5, Number.NaN, -0])) as Tensor
    ).toArray();
    expect([...ends]).toEqual([1, -1, 1, -1, Number.NaN, -0]);
    alone.close();
  });
});

describe.each(["relaxed", "simd"] as const)("the derivative of gelu, %s build", (simd) => {
  test("is within 3e-7 of the value", async () => {
    const alone = await wasm({ threads: 1, simd });
    const slope = (x: Tensor): Tensor => {
      x.requiresGrad = true;
      return gradients(sum(gelu(x)), [x])[0] as Tensor;
    };
    const steps = Float32Array.from({ length: 60_001 }, (_, i) => (i - 30_000) / 3300);
    const data = Float32Array.of(...steps, 1e-20, -1e-20, 0, 50, -50);
    const values = (compile(slope, { device: alone })(tensor(data)) as Tensor).toArray();
    const exact = tensor(Float64Array.from(data));
    const expected = (compile(slope, { device: referenceDevice })(exact) as Tensor).toArray();
    const errors = expected.map((v, i) => Math.abs((values[i] as number) - v)) as Float64Array;
    expect(Math.max(...errors)).toBeLessThan(3e-7);
    alone.close();
  });
});
