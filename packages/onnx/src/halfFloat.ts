const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** IEEE 754 binary16, given as bit patterns, as float32; exact. */
export function float16ToFloat32(half: Uint16Array): Float32Array {
  return Float32Array.from(half, (h) => {
    const sign = h & 0x8000 ? -1 : 1;
    const exponent = (h >> 10) & 0x1f;
    const fraction = h & 0x3ff;
    if (exponent === 0) return sign * fraction * 2 ** -24;
    if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
    return sign * (1024 + fraction) * 2 ** (exponent - 25);
  });
}

/** float32 as IEEE 754 binary16 bit patterns, rounded to nearest, ties to even; too large becomes infinity. */
export function float32ToFloat16(values: Float32Array): Uint16Array {
  return Uint16Array.from(values, (value) => {
    float[0] = value;
    const sign = ((bits[0] as number) >>> 16) & 0x8000;
    const magnitude = Math.abs(value);
    if (Number.isNaN(value)) return sign | 0x7e00;
    if (magnitude >= 65520) return sign | 0x7c00;
    if (magnitude < 2 ** -14) return sign | roundToEven(magnitude * 2 ** 24);
    const exponent = Math.floor(Math.log2(magnitude));
    // A carry out of the fraction raises the exponent, which is what rounding up to the next power of two means.
    return sign | (((exponent + 15) << 10) + roundToEven((magnitude / 2 ** exponent - 1) * 1024));
  });
}

/** bfloat16, given as bit patterns, as float32; exact. */
export function bfloat16ToFloat32(half: Uint16Array): Float32Array {
  const out = new Uint32Array(half.length);
  half.forEach((h, i) => {
    out[i] = h << 16;
  });
  return new Float32Array(out.buffer);
}

/** float32 as bfloat16 bit patterns, rounded to nearest, ties to even. */
export function float32ToBfloat16(values: Float32Array): Uint16Array {
  const source = new Uint32Array(values.slice().buffer);
  return Uint16Array.from(source, (word, i) => {
    if (Number.isNaN(values[i])) return 0x7fc0;
    return (word + 0x7fff + ((word >>> 16) & 1)) >>> 16;
  });
}

function roundToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
}
