import { expect, test } from "vitest";
import { GroupOrder } from "./groupOrder.ts";

/** Numbers in [0, 1) that are always the same. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state >>> 0) / 2 ** 32;
  };
}

/** A graph of groups, of which one takes over the edges of another. */
class Groups {
  readonly before: Set<number>[];
  readonly after: Set<number>[];

  constructor(count: number, edges: readonly (readonly [number, number])[]) {
    this.before = Array.from({ length: count }, () => new Set());
    this.after = Array.from({ length: count }, () => new Set());
    for (const [from, to] of edges) this.#connect(from, to);
  }

  #connect(from: number, to: number): void {
    this.before[to]?.add(from);
    this.after[from]?.add(to);
  }

  order(): GroupOrder {
    return new GroupOrder(this.before.length, {
      before: (g) => this.before[g] as Set<number>,
      after: (g) => this.after[g] as Set<number>,
    });
  }

  merge(from: number, to: number): void {
    for (const g of this.before[from] as Set<number>) {
      this.after[g]?.delete(from);
      if (g !== to) this.#connect(g, to);
    }
    for (const g of this.after[from] as Set<number>) {
      this.before[g]?.delete(from);
      if (g !== to) this.#connect(to, g);
    }
    this.before[from]?.clear();
    this.after[from]?.clear();
  }

  /** Whether a path leads from one group to another through a third. */
  hasDetour(from: number, to: number): boolean {
    const seen = new Set<number>();
    const visit = (g: number): boolean => {
      for (const next of this.after[g] as Set<number>) {
        if (next === to && g !== from) return true;
        if (next === to || seen.has(next)) continue;
        seen.add(next);
        if (visit(next)) return true;
      }
      return false;
    };
    return visit(from);
  }
}

test.each([1, 2, 3, 4, 5, 6, 7, 8])("of random graph %i it merges all but what would close a cycle", (seed) => {
  const next = numbers(seed);
  const count = 60;
  const edges = Array.from({ length: 90 }, () => {
    const from = Math.floor(next() * (count - 1));
    // Mostly neighbours, some far apart.
    const reach = next() < 0.8 ? Math.min(6, count - 1 - from) : count - 1 - from;
    return [from, from + 1 + Math.floor(next() * reach)] as const;
  });
  const groups = new Groups(count, edges);
  const order = groups.order();
  let [merged, refused] = [0, 0];
  for (let i = 0; i < 300; i++) {
    const from = Math.floor(next() * count);
    const [to] = [...(groups.after[from] as Set<number>)].sort(() => next() - 0.5);
    if (to === undefined) continue;
    const closes = groups.hasDetour(from, to);
    expect(order.merge(from, to)).toBe(!closes);
    if (closes) refused++;
    else {
      groups.merge(from, to);
      merged++;
    }
  }
  expect(merged).toBeGreaterThan(20);
  expect(refused).toBeGreaterThan(0);
});
