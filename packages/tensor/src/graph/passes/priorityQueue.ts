/** A binary heap: takes out the entry of the lowest rank first; of several of one rank, the last one that came. */
export class PriorityQueue {
  readonly #entries: { readonly item: number; readonly rank: number; readonly turn: number }[] = [];
  #turns = 0;

  push(item: number, rank: number): void {
    const entries = this.#entries;
    const entry = { item, rank, turn: this.#turns++ };
    let at = entries.length;
    for (; at > 0; at = (at - 1) >> 1) {
      const above = entries[(at - 1) >> 1] as typeof entry;
      if (above.rank < rank) break;
      entries[at] = above;
    }
    entries[at] = entry;
  }

  pop(): number | undefined {
    const entries = this.#entries;
    const [first] = entries;
    const last = entries.pop();
    if (!first || !last || entries.length === 0) return first?.item;
    const comesBefore = (a: typeof last, b: typeof last): boolean =>
      a.rank < b.rank || (a.rank === b.rank && a.turn > b.turn);
    let at = 0;
    for (let next = 1; next < entries.length; next = 2 * at + 1) {
      const [left, right] = [entries[next] as typeof last, entries[next + 1]];
      if (right && comesBefore(right, left)) next++;
      const below = entries[next] as typeof last;
      if (!comesBefore(below, last)) break;
      entries[at] = below;
      at = next;
    }
    entries[at] = last;
    return first.item;
  }
}
