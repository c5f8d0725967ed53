// Codes of the micro-ops of the chain kernel. This file is compiled twice: into the kernels, and into the emitter.
// It therefore holds nothing but integer constants.

// Moves between memory and registers.
export const COPY = 0;
export const GATHER = 1;
export const LOAD_BOOL = 2;
export const GATHER_BOOL = 3;
export const STORE_BOOL = 4;
export const SPLAT = 5;
export const SPLAT_BOOL = 6;
export const SPLAT_AT = 7;
export const SPLAT_BOOL_AT = 8;

// float32.
export const F_ABS = 10;
export const F_ADD = 11;
export const F_CEIL = 12;
export const F_CLAMP = 13;
export const F_COS = 14;
export const F_DIV = 15;
export const F_EQ = 16;
export const F_ERF = 17;
export const F_EXP = 18;
export const F_EXPM1 = 19;
export const F_FLOOR = 20;
export const F_GT = 21;
export const F_GE = 22;
export const F_LT = 23;
export const F_LE = 24;
export const F_LOG = 25;
export const F_LOG1P = 26;
export const F_MAX = 27;
export const F_MIN = 28;
export const F_MUL = 29;
export const F_NEG = 30;
export const F_NE = 31;
export const F_POW = 32;
export const F_RELU = 33;
export const F_ROUND = 34;
export const F_RSQRT = 35;
export const F_SIGMOID = 36;
export const F_SIGN = 37;
export const F_SIN = 38;
export const F_SQRT = 39;
export const F_SUB = 40;
export const F_TANH = 41;
export const F_GELU = 42;
export const F_GELU_GRAD = 43;
export const F_TRUNC = 44;

// int32.
export const I_ABS = 50;
export const I_ADD = 51;
export const I_EQ = 52;
export const I_GT = 53;
export const I_GE = 54;
export const I_LT = 55;
export const I_LE = 56;
export const I_MUL = 57;
export const I_NE = 58;
export const I_NEG = 59;
export const I_SIGN = 60;
export const I_SUB = 61;
export const I_MAX = 62;
export const I_MIN = 63;

// Masks (bool in registers: all bits of a lane), and conversions.
export const AND = 70;
export const OR = 71;
export const NOT = 72;
export const SELECT = 73;
export const F_TO_I = 74;
export const I_TO_F = 75;
export const MASK_TO_F = 76;
export const MASK_TO_I = 77;

// Two ops in one pass: x * y + z and z - x * y, the product rounded.
export const F_MUL_ADD = 80;
export const F_SUB_MUL = 81;

/** Codes from here on share a loop, and are slow. */
export const RARE = 90;
export const F_ACOS = 90;
export const F_ACOSH = 91;
export const F_ASIN = 92;
export const F_ASINH = 93;
export const F_ATAN = 94;
export const F_ATAN2 = 95;
export const F_ATANH = 96;
export const F_COSH = 97;
export const F_ERFC = 98;
export const F_ERFINV = 99;
export const F_EXP2 = 100;
export const F_FLOOR_DIVIDE = 101;
export const F_FMOD = 102;
export const F_HYPOT = 103;
export const F_LOG10 = 104;
export const F_LOG2 = 105;
export const F_SINH = 106;
export const F_TAN = 107;
export const I_FLOOR_DIVIDE = 108;
export const I_FMOD = 109;

/** Operand kinds, in the upper bits of an operand word. */
export const KIND_SHIFT = 28;
/** A register: byte offset into the thread's scratch area. */
export const REGISTER = 0;
/** A tensor of 4-byte elements, read or written in step: index into the tensor table. */
export const TENSOR = 1;
/** A constant: word offset into the record of four equal words. */
export const CONSTANT = 2;
/** A scalar that was loaded before the first block: byte offset into scratch of four equal words. */
export const SCALAR = 3;
/** A tensor of 1-byte elements. */
export const BYTES = 4;
