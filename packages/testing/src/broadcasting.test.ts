import * as t from "@graftjs/tensor";
import { type DType, type Operand, type Tensor, tensor } from "@graftjs/tensor";
import { wasm } from "@graftjs/wasm";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { close, onDevice } from "./conformance/case.ts";
import { uniformAt } from "./random.ts";

// Functions of two numbers, and what they are for each dtype of the operands; none where the op refuses it.
type Oracle = (x: number, y: number) => number;
interface Binary {
  readonly fn: (x: Operand, y: Operand) => Tensor;
  readonly float?: Oracle;
  readonly int32?: Oracle;
  readonly bool?: Oracle;
  /** Dtype of the result, if it is not that of the operands. */
  readonly result?: DType;
}

const truth = (holds: Oracle): Pick<Binary, "float" | "int32" | "bool" | "result"> => ({
  float: holds,
  int32: holds,
  bool: holds,
  result: "bool",
});
const floorMod: Oracle = (x, y) => (y === 0 ? 0 : x - y * Math.floor(x / y));

const table: Record<string, Binary> = {
  add: { fn: t.add, float: (x, y) => x + y, int32: (x, y) => (x + y) | 0, bool: (x, y) => x | y },
  atan2: { fn: t.atan2, float: Math.atan2 },
  bitwiseAnd: { fn: t.bitwiseAnd, int32: (x, y) => x & y, bool: (x, y) => x & y },
  bitwiseLeftShift: { fn: (x, y) => t.bitwiseLeftShift(x, y), int32: (x, y) => (y < 0 || y > 31 ? 0 : x << y) },
  bitwiseOr: { fn: t.bitwiseOr, int32: (x, y) => x | y, bool: (x, y) => x | y },
  bitwiseRightShift: { fn: (x, y) => t.bitwiseRightShift(x, y), int32: (x, y) => x >> (y < 0 || y > 31 ? 31 : y) },
  bitwiseXor: { fn: t.bitwiseXor, int32: (x, y) => x ^ y, bool: (x, y) => x ^ y },
  div: { fn: (x, y) => t.div(x, y), float: (x, y) => x / y },
  equal: { fn: t.equal, ...truth((x, y) => Number(x === y)) },
  floorDivide: {
    fn: t.floorDivide,
    float: (x, y) => Math.floor(x / y),
    int32: (x, y) => (y === 0 ? 0 : Math.floor(x / y)),
  },
  fmax: { fn: t.fmax, float: Math.max, int32: Math.max, bool: Math.max },
  fmin: { fn: t.fmin, float: Math.min, int32: Math.min, bool: Math.min },
  fmod: { fn: t.fmod, float: (x, y) => x % y, int32: (x, y) => (y === 0 ? 0 : x % y) },
  greater: { fn: t.greater, ...truth((x, y) => Number(x > y)) },
  greaterEqual: { fn: t.greaterEqual, ...truth((x, y) => Number(x >= y)) },
  hypot: { fn: t.hypot, float: Math.hypot },
  less: { fn: t.less, ...truth((x, y) => Number(x < y)) },
  lessEqual: { fn: t.lessEqual, ...truth((x, y) => Number(x <= y)) },
  logaddexp: { fn: t.logaddexp, float: (x, y) => Math.log(Math.exp(x) + Math.exp(y)) },
  logicalAnd: { fn: t.logicalAnd, ...truth((x, y) => Number(x !== 0 && y !== 0)) },
  logicalOr: { fn: t.logicalOr, ...truth((x, y) => Number(x !== 0 || y !== 0)) },
  logicalXor: { fn: t.logicalXor, ...truth((x, y) => Number((x !== 0) !== (y !== 0))) },
  maximum: { fn: t.maximum, float: Math.max, int32: Math.max, bool: Math.max },
  minimum: { fn: t.minimum, float: Math.min, int32: Math.min, bool: Math.min },
  mul: { fn: t.mul, float: (x, y) => x * y, int32: Math.imul, bool: (x, y) => x & y },
  notEqual: { fn: t.notEqual, ...truth((x, y) => Number(x !== y)) },
  pow: { fn: (x, y) => t.pow(t.abs(x as Tensor), y), float: (x, y) => Math.abs(x) ** y },
  remainder: { fn: t.remainder, float: floorMod, int32: floorMod },
  sub: { fn: t.sub, float: (x, y) => x - y, int32: (x, y) => (x - y) | 0 },
  xlogy: { fn: (x, y) => t.xlogy(x, t.abs(y as Tensor)), float: (x, y) => x * Math.log(Math.abs(y)) },
};

interface Shapes {
  readonly out: readonly number[];
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/** Two shapes of rank 0 to 5, sizes 0 to 4, that broadcast to `out`. */
const shapes: fc.Arbitrary<Shapes> = fc
  .array(fc.record({ size: fc.integer({ min: 0, max: 4 }), ones: fc.constantFrom("none", "x", "y") }), { maxLength: 5 })
  .chain((axes) => fc.record({ axes: fc.constant(axes), cutX: fc.nat(axes.length), cutY: fc.nat(axes.length) }))
  .map(({ axes, cutX, cutY }) => {
    const x = axes.map(({ size, ones }) => (ones === "x" ? 1 : size)).slice(Math.min(cutX, cutX && cutY ? 0 : cutX));
    const y = axes.map(({ size, ones }) => (ones === "y" ? 1 : size)).slice(cutY);
    const rank = Math.max(x.length, y.length);
    const at = (shape: readonly number[], i: number): number => shape[i - rank + shape.length] ?? 1;
    const out = Array.from({ length: rank }, (_, i) => (at(x, i) === 1 ? at(y, i) : at(x, i)));
    return { out, x, y };
  });

/** An element of `data` of shape `from` by the index of the result: one loop an axis, nothing clever. */
function pick(data: ArrayLike<number>, from: readonly number[], index: readonly number[]): number {
  let offset = 0;
  from.forEach((size, axis) => {
    offset = offset * size + (size === 1 ? 0 : (index[index.length - from.length + axis] as number));
  });
  return data[offset] as number;
}

function indices(shape: readonly number[]): number[][] {
  return shape.reduce<number[][]>(
    (list, size) => list.flatMap((head) => Array.from({ length: size }, (_, i) => [...head, i])),
    [[]],
  );
}

function valuesOf(dtype: DType, shape: readonly number[], seed: number): Tensor {
  const draw = (i: number): number => {
    const u = uniformAt(seed, i);
    if (dtype === "bool") return Number(u > 0.5);
    if (dtype === "int32") return Math.floor(u * 11) - 5;
    // Away from 0, and from multiples of each other.
    return Math.fround((0.3 + 3 * uniformAt(seed + 7, i)) * (u < 0.5 ? -1 : 1));
  };
  const size = shape.reduce((a, b) => a * b, 1);
  return tensor(
    Array.from({ length: size }, (_, i) => draw(i)),
    shape,
    { dtype },
  );
}

describe.each([
  ["the reference device", () => t.referenceDevice],
  ["wasm", () => wasm({ threads: 1 })],
] as const)("broadcasting on %s", (_, create) => {
  let device: t.Device;
  beforeAll(async () => {
    device = await create();
  });
  afterAll(() => close(device));

  describe.each(Object.entries(table))("%s", (name, op) => {
    const dtypes = (["float32", "int32", "bool"] as const).filter((d) => op[d === "float32" ? "float" : d]);
    test.each(dtypes)("of %s is the naive one", (dtype) => {
      const oracle = op[dtype === "float32" ? "float" : dtype] as Oracle;
      const property = fc.property(shapes, fc.nat(1000), ({ x, y, out }, seed) => {
        const [a, b] = [valuesOf(dtype, x, seed), valuesOf(dtype, y, seed + 1)];
        const z = onDevice(device, () => op.fn(a, b));
        expect([z.shape, z.dtype]).toEqual([out, op.result ?? dtype]);
        const [dataA, dataB, found] = [a.toArray(), b.toArray(), z.toArray()];
        indices(out).forEach((index, i) => {
          const expected = oracle(pick(dataA, x, index), pick(dataB, y, index));
          const got = found[i] as number;
          if (Math.abs(got - expected) <= 1e-5 * Math.abs(expected) + 1e-6) return;
          expect.fail(`${name} at [${index}] of [${x}] and [${y}]: expected ${expected}, got ${got}`);
        });
      });
      fc.assert(property, { numRuns: 60, seed: 20_240_501 });
    });
  });

  test("the three operands of where, clamp and lerp", () => {
    const property = fc.property(shapes, shapes, fc.nat(1000), ({ x, y, out }, _, seed) => {
      const [a, b] = [valuesOf("float32", x, seed), valuesOf("float32", y, seed + 1)];
      const condition = valuesOf("bool", y, seed + 2);
      onDevice(device, () => {
        const results = [t.where(condition, a, b), t.clamp(a, -1, b), t.lerp(a, b, 0.25)];
        const oracles = [
          (p: number, q: number, c: number) => (c ? p : q),
          (p: number, q: number) => Math.min(Math.max(p, -1), q),
          (p: number, q: number) => p + 0.25 * (q - p),
        ];
        results.forEach((z, k) => {
          expect(z.shape).toEqual(out);
          const found = z.toArray();
          indices(out).forEach((index, i) => {
            const [p, q, c] = [
              pick(a.toArray(), x, index),
              pick(b.toArray(), y, index),
              pick(condition.toArray(), y, index),
            ];
            expect(found[i]).toBeCloseTo((oracles[k] as (...args: number[]) => number)(p, q, c), 5);
          });
        });
      });
    });
    fc.assert(property, { numRuns: 60, seed: 20_240_501 });
  });

  test("shapes that do not broadcast are refused", () => {
    const property = fc.property(fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 }), (rest) => {
      const [x, y] = [
        [3, ...rest],
        [2, ...rest],
      ];
      for (const { fn, float } of Object.values(table)) {
        const dtype = float ? "float32" : "int32";
        expect(() => fn(t.zeros(x, { dtype }), t.zeros(y, { dtype }))).toThrowError(t.ShapeError);
      }
    });
    fc.assert(property, { numRuns: 10, seed: 20_240_501 });
  });
});

/** PyTorch's table of promotion, for tensors with axes: bool < int32 < float32. */
test("operands of different dtypes meet in the wider one", () => {
  const order = ["bool", "int32", "float32", "float64"] as const;
  for (const x of order) {
    for (const y of order) {
      const wide = order[Math.max(order.indexOf(x), order.indexOf(y))];
      const [a, b] = [t.ones([2], { dtype: x }), t.ones([2], { dtype: y })];
      expect(t.resultType(a, b)).toBe(wide);
      expect(t.add(a, b).dtype).toBe(wide);
      expect(t.where(t.tensor([true, false]), a, b).dtype).toBe(wide);
      expect(t.maximum(a, b).dtype).toBe(wide);
      expect(t.equal(a, b).dtype).toBe("bool");
      expect(t.div(a, b).dtype).toBe(wide === "float64" ? "float64" : "float32");
    }
  }
});

test("scalars and numbers count only by their kind", () => {
  const [bool, int, single, double] = (["bool", "int32", "float32", "float64"] as const).map((dtype) => ({
    axes: t.ones([2], { dtype }),
    scalar: t.ones([], { dtype }),
  }));
  expect(t.resultType(single?.axes as Tensor, double?.scalar as Tensor)).toBe("float32");
  expect(t.resultType(int?.axes as Tensor, double?.scalar as Tensor)).toBe("float64");
  expect(t.resultType(int?.axes as Tensor, single?.scalar as Tensor)).toBe("float32");
  expect(t.resultType(int?.scalar as Tensor, bool?.axes as Tensor)).toBe("int32");
  expect(t.resultType(double?.axes as Tensor, 0.5)).toBe("float64");
  expect(t.resultType(int?.axes as Tensor, 2)).toBe("int32");
  expect(t.resultType(int?.axes as Tensor, 0.5)).toBe("float32");
  expect(t.resultType(int?.axes as Tensor, Number.POSITIVE_INFINITY)).toBe("float32");
  expect(t.resultType(bool?.axes as Tensor, 1)).toBe("int32");
  expect(t.resultType(bool?.scalar as Tensor, 1)).toBe("int32");
  expect(t.resultType(1, 2)).toBe("float32");
});

test("gradients reach the operand that was converted", () => {
  const x = tensor([1, 2], [2], { requiresGrad: true });
  t.sum(t.mul(tensor(Int32Array.of(3, 4)), x)).backward();
  expect(Array.from(x.grad?.toArray() as ArrayLike<number>)).toEqual([3, 4]);
});
