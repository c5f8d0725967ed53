import { PriorityQueue } from "./priorityQueue.ts";

/** The graph of groups: `before` and `after` give the groups next to one, itself or one twice if that is easier. */
export interface GroupEdges {
  before(group: number): Iterable<number>;
  after(group: number): Iterable<number>;
}

/**
 * A topological order of groups, kept while they are merged, so that a merge that would close a cycle is found by a
 * search between the two alone. It goes from both ends at once, the farthest first, and is over when they meet, or when
 * either has nowhere to go: where groups are next to each other, after a step or two.
 * Source: the window of Pearce & Kelly 2006, https://doi.org/10.1145/1187436.1210590
 */
export class GroupOrder {
  readonly #edges: GroupEdges;
  readonly #position: Int32Array;
  /** The group at each position; -1 where one has gone. */
  readonly #order: Int32Array;
  #visited = 0;

  /** Of groups 0 to `count` - 1, which are in topological order. */
  constructor(count: number, edges: GroupEdges) {
    this.#edges = edges;
    this.#position = Int32Array.from({ length: count }, (_, i) => i);
    this.#order = this.#position.slice();
  }

  /** How many groups all searches together have looked at. */
  get visited(): number {
    return this.#visited;
  }

  /**
   * Merges `from` into `to`, which reads it, in the order, unless a path leads from one to the other through a third:
   * merged, they would wait for themselves. Returns whether it did; the caller then changes the edges.
   */
  merge(from: number, to: number): boolean {
    const [first, last] = [this.#position[from] as number, this.#position[to] as number];
    const after = new Search(from, (g) => this.#edges.after(g));
    const before = new Search(to, (g) => this.#edges.before(g));
    const step = (search: Search, other: Search, sign: number): "met" | "over" | "on" => {
      const group = search.next();
      if (group === undefined) return "over";
      this.#visited++;
      for (const g of search.neighbours(group)) {
        if (g === other.start) {
          if (group !== search.start) return "met";
          continue;
        }
        const position = this.#position[g] as number;
        if (position <= first || position >= last || search.seen.has(g)) continue;
        if (other.seen.has(g)) return "met";
        search.add(g, sign * position);
      }
      return "on";
    };
    for (;;) {
      const forwards = step(after, before, -1);
      if (forwards === "met") return false;
      if (forwards === "over") {
        this.#move(first, last, to, after.seen, 1);
        return true;
      }
      const backwards = step(before, after, 1);
      if (backwards === "met") return false;
      if (backwards === "over") {
        this.#move(first, last, to, before.seen, -1);
        return true;
      }
    }
  }

  /** Puts `to` where all that leads to it is before it: `moved`, between the two, goes behind it (1) or before it (-1). */
  #move(first: number, last: number, to: number, moved: ReadonlySet<number>, side: 1 | -1): void {
    this.#order[first] = -1;
    this.#order[last] = -1;
    if (moved.size === 1) {
      this.#place(to, side === 1 ? last : first);
      return;
    }
    const [early, late]: [number[], number[]] = [[], []];
    for (let i = first + 1; i < last; i++) {
      const group = this.#order[i] as number;
      if (group >= 0) (moved.has(group) === (side === 1) ? late : early).push(group);
      this.#order[i] = -1;
    }
    let at = first;
    for (const group of [...early, to, ...late]) this.#place(group, at++);
  }

  #place(group: number, at: number): void {
    this.#position[group] = at;
    this.#order[at] = group;
  }
}

/** What a search from one of the groups has seen, itself included, and where it may go on. */
class Search {
  readonly start: number;
  readonly neighbours: (group: number) => Iterable<number>;
  readonly seen: Set<number>;
  readonly #open = new PriorityQueue();

  constructor(start: number, neighbours: (group: number) => Iterable<number>) {
    this.start = start;
    this.neighbours = neighbours;
    this.seen = new Set();
    this.add(start, 0);
  }

  add(group: number, rank: number): void {
    this.seen.add(group);
    this.#open.push(group, rank);
  }

  next(): number | undefined {
    return this.#open.pop();
  }
}
