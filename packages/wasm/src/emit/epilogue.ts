import type { Epilogue } from "@graftjs/tensor";
import { f32 } from "../commands.ts";

/** The three activation words of a record: code (0 none, 1 relu, 2 clamp), lower and upper bound. */
export function activation(epilogue: Epilogue | undefined): [code: number, low: number, high: number] {
  const clamp = epilogue?.clamp;
  if (!clamp) return [0, 0, 0];
  const [low, high] = clamp;
  return [low === 0 && high === Number.POSITIVE_INFINITY ? 1 : 2, f32(low), f32(high)];
}
