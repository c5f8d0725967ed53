/** The learning rate at step 0, 1, 2, ... of a parameter group whose own rate is `base`: a pure function. */
export type Schedule = (step: number, base: number) => number;
