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
  const placed: Block[] = [];
  let total = 0;
  for (const block of blocks.toSorted((a, b) => b.bytes - a.bytes || a.first - b.first)) {
    const size = aligned(block.bytes);
    let offset = 0;
    // `placed` is sorted by offset.
    for (const other of placed) {
      if (other.last < block.first || other.first > block.last) continue;
      const start = offsets.get(other) as number;
      if (offset + size <= start) break;
      offset = Math.max(offset, start + aligned(other.bytes));
    }
    offsets.set(block, offset);
    const at = placed.findIndex((p) => (offsets.get(p) as number) > offset);
    placed.splice(at < 0 ? placed.length : at, 0, block);
    total = Math.max(total, offset + size);
  }
  return { offsets, bytes: total };
}
