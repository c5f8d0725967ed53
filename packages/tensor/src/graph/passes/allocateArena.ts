/** Something that needs memory from one call to another, both included. */
export interface Block {
  readonly bytes: number;
  readonly first: number;
  last: number;
}

/** Byte alignment of every block: a cache line. */
const ALIGNMENT = 64;

export function aligned(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}

/**
 * Places blocks in one arena so that no two that live at the same time overlap: the largest first, each at the lowest
 * offset that is free during its life.
 * Source: "greedy by size", Pisarchyk & Lee 2020, https://arxiv.org/abs/2001.03288
 */
export function allocateArena(blocks: readonly Block[]): { offsets: Map<Block, number>; bytes: number } {
  const offsets = new Map<Block, number>();
  /** In the order of their offsets. */
  const placed: Placed[] = [];
  let total = 0;
  for (const block of blocks.toSorted((a, b) => b.bytes - a.bytes || a.first - b.first)) {
    const size = aligned(block.bytes);
    let offset = 0;
    for (const other of placed) {
      if (offset + size <= other.start) break;
      if (other.end <= offset || other.last < block.first || other.first > block.last) continue;
      offset = other.end;
    }
    offsets.set(block, offset);
    const { first, last } = block;
    placed.splice(placeOf(offset, placed), 0, { first, last, start: offset, end: offset + size });
    total = Math.max(total, offset + size);
  }
  return { offsets, bytes: total };
}

interface Placed {
  readonly first: number;
  readonly last: number;
  readonly start: number;
  readonly end: number;
}

/** Behind all that start at `offset` or before. */
function placeOf(offset: number, placed: readonly Placed[]): number {
  let [low, high] = [0, placed.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((placed[middle] as Placed).start > offset) high = middle;
    else low = middle + 1;
  }
  return low;
}
