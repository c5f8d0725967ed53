/** Reads a safetensors file of float32 tensors: an 8-byte length, a JSON header, the data. https://github.com/huggingface/safetensors */
export function readFloats(bytes: Uint8Array): Map<string, { shape: number[]; data: Float32Array }> {
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length))) as {
    [name: string]: { shape: number[]; data_offsets: [number, number] };
  };
  return new Map(
    Object.entries(header)
      .filter(([name]) => name !== "__metadata__")
      .map(
        ([
          name,
          {
            shape,
            data_offsets: [from, to],
          },
        ]) => {
          const data = new Float32Array(Uint8Array.from(bytes.subarray(8 + length + from, 8 + length + to)).buffer);
          return [name, { shape, data }];
        },
      ),
  );
}
