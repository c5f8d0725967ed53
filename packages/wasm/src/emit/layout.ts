/** A shape with one or several lists of strides, outermost axis first. */
export interface Layout {
  readonly sizes: number[];
  readonly strides: number[][];
}

/** The same layout with as few axes as possible: without axes of size 1, and with neighbours joined that lie in line. */
export function collapse(shape: readonly number[], ...strides: readonly (readonly number[])[]): Layout {
  const sizes: number[] = [];
  const collapsed: number[][] = strides.map(() => []);
  shape.forEach((size, axis) => {
    if (size === 1) return;
    const last = sizes.length - 1;
    const inLine = last >= 0 && strides.every((s, i) => collapsed[i]?.[last] === (s[axis] as number) * size);
    if (inLine) {
      sizes[last] = (sizes[last] as number) * size;
      strides.forEach((s, i) => {
        (collapsed[i] as number[])[last] = s[axis] as number;
      });
    } else {
      sizes.push(size);
      strides.forEach((s, i) => {
        collapsed[i]?.push(s[axis] as number);
      });
    }
  });
  return { sizes, strides: collapsed };
}
