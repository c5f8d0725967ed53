import type { DType, ElementwiseName } from "@graftjs/tensor";
import * as op from "../opcodes.ts";

type Codes = { readonly [D in DType]?: number };

/** The micro-op of each element-wise op, by dtype of its operands. Bools are masks (0 and -1), so their order is reversed. */
export const microOps: { readonly [N in ElementwiseName]: Codes } = {
  abs: { float32: op.F_ABS, int32: op.I_ABS },
  acos: { float32: op.F_ACOS },
  acosh: { float32: op.F_ACOSH },
  add: { float32: op.F_ADD, int32: op.I_ADD },
  asin: { float32: op.F_ASIN },
  asinh: { float32: op.F_ASINH },
  atan: { float32: op.F_ATAN },
  atan2: { float32: op.F_ATAN2 },
  atanh: { float32: op.F_ATANH },
  bitwiseAnd: { int32: op.AND, bool: op.AND },
  // Depends on the target dtype as well: see `casts`.
  cast: {},
  ceil: { float32: op.F_CEIL },
  clamp: { float32: op.F_CLAMP },
  cos: { float32: op.F_COS },
  cosh: { float32: op.F_COSH },
  div: { float32: op.F_DIV },
  equal: { float32: op.F_EQ, int32: op.I_EQ, bool: op.I_EQ },
  erf: { float32: op.F_ERF },
  erfc: { float32: op.F_ERFC },
  erfinv: { float32: op.F_ERFINV },
  exp: { float32: op.F_EXP },
  exp2: { float32: op.F_EXP2 },
  expm1: { float32: op.F_EXPM1 },
  floor: { float32: op.F_FLOOR },
  floorDivide: { float32: op.F_FLOOR_DIVIDE, int32: op.I_FLOOR_DIVIDE },
  fmod: { float32: op.F_FMOD, int32: op.I_FMOD },
  gelu: { float32: op.F_GELU },
  geluGrad: { float32: op.F_GELU_GRAD },
  greater: { float32: op.F_GT, int32: op.I_GT, bool: op.I_LT },
  greaterEqual: { float32: op.F_GE, int32: op.I_GE, bool: op.I_LE },
  hardtanh: { float32: op.F_CLAMP },
  hypot: { float32: op.F_HYPOT },
  less: { float32: op.F_LT, int32: op.I_LT, bool: op.I_GT },
  lessEqual: { float32: op.F_LE, int32: op.I_LE, bool: op.I_GE },
  log: { float32: op.F_LOG },
  log10: { float32: op.F_LOG10 },
  log1p: { float32: op.F_LOG1P },
  log2: { float32: op.F_LOG2 },
  logicalAnd: { bool: op.AND },
  logicalNot: { bool: op.NOT },
  logicalOr: { bool: op.OR },
  maximum: { float32: op.F_MAX, int32: op.I_MAX, bool: op.OR },
  minimum: { float32: op.F_MIN, int32: op.I_MIN, bool: op.AND },
  mul: { float32: op.F_MUL, int32: op.I_MUL },
  neg: { float32: op.F_NEG, int32: op.I_NEG },
  notEqual: { float32: op.F_NE, int32: op.I_NE, bool: op.I_NE },
  pow: { float32: op.F_POW },
  relu: { float32: op.F_RELU },
  round: { float32: op.F_ROUND },
  rsqrt: { float32: op.F_RSQRT },
  sigmoid: { float32: op.F_SIGMOID },
  sign: { float32: op.F_SIGN, int32: op.I_SIGN },
  sin: { float32: op.F_SIN },
  sinh: { float32: op.F_SINH },
  sqrt: { float32: op.F_SQRT },
  sub: { float32: op.F_SUB, int32: op.I_SUB },
  tan: { float32: op.F_TAN },
  tanh: { float32: op.F_TANH },
  trunc: { float32: op.F_TRUNC },
  where: { float32: op.SELECT, int32: op.SELECT, bool: op.SELECT },
};

/** The micro-op of a cast, by dtype from and to. To bool: a comparison with 0, which is its second operand. */
export const casts: { readonly [from in DType]?: Codes } = {
  float32: { float32: op.COPY, int32: op.F_TO_I, bool: op.F_NE },
  int32: { float32: op.I_TO_F, int32: op.COPY, bool: op.I_NE },
  bool: { float32: op.MASK_TO_F, int32: op.MASK_TO_I, bool: op.COPY },
};

const medium: ReadonlySet<number> = new Set([
  op.F_EXP,
  op.F_LOG,
  op.F_TANH,
  op.F_SIGMOID,
  op.F_ERF,
  op.F_GELU,
  op.F_GELU_GRAD,
  op.F_EXPM1,
  op.F_LOG1P,
  op.F_SIN,
  op.F_COS,
]);

/** About how many nanoseconds a micro-op takes an element in the first-level cache. */
export function microOpCost(code: number): number {
  if (code >= op.RARE) return 10;
  return code === op.F_POW ? 3 : medium.has(code) ? 1 : 0.05;
}
