// Elementary functions taken lane by lane from the standard library: rare enough that accuracy matters more than speed.
// Errors stay below one unit in the last place; edge cases are those of the C library.

// @ts-ignore: decorator
@inline
function lanes(a: f32, b: f32, c: f32, d: f32): v128 {
  return f32x4.replace_lane(f32x4.replace_lane(f32x4.replace_lane(f32x4.splat(a), 1, b), 2, c), 3, d);
}

// @ts-ignore: decorator
@inline
function lane(x: v128, i: u8): f32 {
  return i == 0 ? f32x4.extract_lane(x, 0) : i == 1 ? f32x4.extract_lane(x, 1) : i == 2 ? f32x4.extract_lane(x, 2) : f32x4.extract_lane(x, 3);
}

export function sin4(x: v128): v128 {
  return lanes(Mathf.sin(lane(x, 0)), Mathf.sin(lane(x, 1)), Mathf.sin(lane(x, 2)), Mathf.sin(lane(x, 3)));
}

export function cos4(x: v128): v128 {
  return lanes(Mathf.cos(lane(x, 0)), Mathf.cos(lane(x, 1)), Mathf.cos(lane(x, 2)), Mathf.cos(lane(x, 3)));
}

/** e^x - 1, also where x is tiny. */
export function expm1_4(x: v128): v128 {
  return lanes(Mathf.expm1(lane(x, 0)), Mathf.expm1(lane(x, 1)), Mathf.expm1(lane(x, 2)), Mathf.expm1(lane(x, 3)));
}

/** ln(1 + x), also where x is tiny. */
export function log1p4(x: v128): v128 {
  return lanes(Mathf.log1p(lane(x, 0)), Mathf.log1p(lane(x, 1)), Mathf.log1p(lane(x, 2)), Mathf.log1p(lane(x, 3)));
}

export function pow4(x: v128, y: v128): v128 {
  return lanes(
    Mathf.pow(lane(x, 0), lane(y, 0)),
    Mathf.pow(lane(x, 1), lane(y, 1)),
    Mathf.pow(lane(x, 2), lane(y, 2)),
    Mathf.pow(lane(x, 3), lane(y, 3)),
  );
}
