/** Bytes of which parts are read on demand: a file, a Blob, or what else has them. */
export interface ByteSource {
  /** Number of bytes. */
  readonly size: number;
  /** Bytes `start` up to, not including, `end`. Whoever calls may keep and change them. */
  read(start: number, end: number): Promise<Uint8Array>;
  /** Gives back what is held open. */
  close(): Promise<void>;
}

/** The parts of a Blob, which is read as they are asked for. */
export function blobSource(blob: Blob): ByteSource {
  return {
    size: blob.size,
    read: async (start, end) => new Uint8Array(await blob.slice(start, end).arrayBuffer()),
    close: async () => {},
  };
}

/** The parts of bytes in memory. */
export function bytesSource(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    // Not `slice`, which does not copy in Node's Buffer.
    read: async (start, end) => new Uint8Array(bytes.subarray(start, end)),
    close: async () => {},
  };
}
