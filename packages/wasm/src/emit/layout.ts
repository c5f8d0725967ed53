import { type MatrixView, numel } from "@graftjs/tensor";

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

/** How far matrices of a stack lie apart along the axes of `batch`: 0 where they are broadcast. */
export function batchStrides({ shape, strides }: MatrixView, batch: readonly number[]): number[] {
  const lead = batch.length - (shape.length - 2);
  return batch.map((_, axis) => (axis < lead || shape[axis - lead] === 1 ? 0 : (strides[axis - lead] as number)));
}

/**
 * Goes through stacks of matrices, of which a kernel does one evenly spaced run at a time.
 * @param visit gets the length of the run, the offset of each operand's first matrix, and its step to the next.
 */
export function eachMatrix(
  { sizes, strides }: Layout,
  visit: (inner: number, offsets: readonly number[], steps: readonly number[]) => void,
): void {
  // The innermost axis is the run.
  const steps = strides.map((s) => s.at(-1) ?? 0);
  const outer = sizes.slice(0, -1);
  for (let i = 0; i < numel(outer); i++) {
    const offsets = strides.map(() => 0);
    for (let axis = outer.length - 1, rest = i; axis >= 0; axis--) {
      const size = outer[axis] as number;
      strides.forEach((s, operand) => {
        offsets[operand] = (offsets[operand] as number) + (rest % size) * (s[axis] as number);
      });
      rest = Math.floor(rest / size);
    }
    visit(sizes.at(-1) ?? 1, offsets, steps);
  }
}
