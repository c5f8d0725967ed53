import { f32 } from "../commands.ts";
import { type Emitter, nth } from "./emitter.ts";
import { batchStrides, collapse, eachMatrix } from "./layout.ts";

/** Attention without the matrix of scores (assembly/attention.ts): one command for each evenly spaced run of heads. */
export const attention: Emitter<"attention"> = {
  emit: ({ attrs }, at, commands) => {
    const { query, key, value, output, mask, allowed } = attrs;
    const [queries, e] = query.shape.slice(-2) as [number, number];
    const [keys, d] = value.shape.slice(-2) as [number, number];
    const batch = output.shape.slice(0, -2);
    const views = [query, key, value, output];
    const unread = batch.map(() => 0);
    const layout = collapse(
      batch,
      ...views.map((view) => batchStrides(view, batch)),
      ...[mask, allowed?.strides].map((strides) => strides?.slice(0, -2) ?? unread),
    );
    const addresses = [...at.inputs.slice(0, 3), nth(at.outputs, 0)];
    const maskAt = mask ? nth(at.inputs, 3) : 0;
    const allowedAt = allowed ? (at.inputs.at(-1) as number) : 0;
    eachMatrix(layout, (inner, offsets, steps) => {
      commands.add("attention", inner * queries * keys * ((e + d) * 0.045 + 1.5), [
        ...addresses.map((address, i) => address + 4 * nth(offsets, i)),
        ...[queries, keys, e, d, inner],
        ...views.map(({ strides }) => strides.at(-2) as number),
        ...steps.slice(0, 4),
        f32(attrs.scale),
        ...[maskAt && maskAt + 4 * nth(offsets, 4), mask?.at(-2) ?? 0, nth(steps, 4)],
        ...[allowedAt && allowedAt + nth(offsets, 5), allowed?.strides.at(-2) ?? 0, nth(steps, 5)],
        ...[f32(allowed?.fill ?? 0), Number(allowed?.isCleared ?? false)],
      ]);
    });
  },
};
