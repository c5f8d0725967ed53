/** A point on the line that a search goes along: how far, the loss, its slope, and its gradient there. */
export interface LinePoint<G> {
  readonly distance: number;
  readonly loss: number;
  readonly slope: number;
  readonly gradient: G;
}

/** The least step of a parameter that is worth a search. */
const LEAST = 1e-9;
/** Sufficient decrease, and curvature. */
const [C1, C2] = [1e-4, 0.9];

/**
 * A point whose loss is low enough, f ≤ f₀ + c₁ · distance · slope₀, and whose slope is flat enough, |slope| ≤ c₂ · |slope₀|: the strong
 * conditions of Wolfe. First steps out until such points are bracketed, then closes in, by cubic interpolation.
 * @param start where the search begins: distance 0, and a negative slope. @param first distance of the first point.
 * @param scale the largest step of any parameter at distance 1. @param most how many points to look at after the first.
 * Source: Nocedal & Wright, Numerical Optimization, 2006, algorithms 3.5 and 3.6, https://doi.org/10.1007/978-0-387-40065-5
 */
export function strongWolfe<G>(
  evaluate: (distance: number) => LinePoint<G>,
  start: LinePoint<G>,
  { first, scale, most }: { readonly first: number; readonly scale: number; readonly most: number },
): LinePoint<G> {
  const tooHigh = ({ loss, distance }: LinePoint<G>): boolean => loss > start.loss + C1 * distance * start.slope;
  const flat = ({ slope }: LinePoint<G>): boolean => Math.abs(slope) <= -C2 * start.slope;
  let [previous, point] = [start, evaluate(first)];
  let evaluations = 1;
  const search = (distance: number): LinePoint<G> => {
    evaluations++;
    return evaluate(distance);
  };
  while (evaluations <= most) {
    // A minimum lies between.
    if (tooHigh(point) || (evaluations > 2 && point.loss >= previous.loss) || (!flat(point) && point.slope >= 0)) break;
    if (flat(point)) return point;
    const step = point.distance - previous.distance;
    const next = cubicMinimum(previous, point, point.distance + 0.01 * step, point.distance * 10);
    previous = point;
    point = search(next);
  }
  let bracket: readonly [LinePoint<G>, LinePoint<G>] = evaluations > most ? [start, point] : [previous, point];
  // `low` is the end with the lower loss; of equal ones at first the near one.
  let [low, high] = bracket[0].loss <= bracket[1].loss ? bracket : [bracket[1], bracket[0]];
  let stuck = false;
  while (evaluations <= most && Math.abs(high.distance - low.distance) * scale >= LEAST) {
    const [left, right] = [low.distance, high.distance].sort((a, b) => a - b) as [number, number];
    let next = cubicMinimum(bracket[0], bracket[1], left, right);
    // Near an end twice, or beyond it: a tenth away from it.
    const margin = 0.1 * (right - left);
    const near = Math.min(right - next, next - left) < margin;
    if (near && (stuck || next >= right || next <= left)) {
      next = Math.abs(next - right) < Math.abs(next - left) ? right - margin : left + margin;
      stuck = false;
    } else stuck = near;
    const found = search(next);
    if (tooHigh(found) || found.loss >= low.loss) {
      bracket = bracket[0] === high ? [found, low] : [low, found];
      [low, high] = bracket[0].loss <= bracket[1].loss ? bracket : [bracket[1], bracket[0]];
      continue;
    }
    const done = flat(found);
    const far = !done && found.slope * (high.distance - low.distance) >= 0 ? low : high;
    bracket = bracket[0] === low ? [found, far] : [far, found];
    [low, high] = [found, far];
    if (done) break;
  }
  return low;
}

/** Where the cubic through two points, with their slopes, is least, within bounds; their middle if it has no minimum. */
function cubicMinimum(
  a: Omit<LinePoint<unknown>, "gradient">,
  b: Omit<LinePoint<unknown>, "gradient">,
  least: number,
  most: number,
): number {
  const d1 = a.slope + b.slope - (3 * (a.loss - b.loss)) / (a.distance - b.distance);
  const square = d1 * d1 - a.slope * b.slope;
  if (!(square >= 0)) return (least + most) / 2;
  const [near, far] = a.distance <= b.distance ? [a, b] : [b, a];
  const d2 = Math.sqrt(square);
  const share = (far.slope + d2 - d1) / (far.slope - near.slope + 2 * d2);
  return Math.min(Math.max(far.distance - (far.distance - near.distance) * share, least), most);
}
