/**
 * The learning rate at step 0, 1, 2, ... of a parameter group whose own rate is `base`: a pure function. A schedule may
 * say the momentum of each step too.
 */
export interface Schedule {
  (step: number, base: number): number;
  /** The momentum (or β₁) at each step of a group whose own is `base`. */
  readonly momentum?: (step: number, base: number) => number;
}
