/** A feature that is being looked at: the right side of its splits, and what is known of them. */
interface Look {
  feature: number;
  /** Slot of the feature's bin 0. */
  first: number;
  gradient: number;
  hessian: number;
  /** Rows of the slots down to `counted`. */
  count: number;
  counted: number;
  /** Hessian of the slots down to `summed`, as LightGBM rounds it; known where ties are told apart by it. */
  rounded: number;
  summed: number;
  /** A split that was met is better than none. */
  splittable: boolean;
  /** Most that the scores of the two sides were together, without the L1 penalty, in units of squared gradients by hessians. */
  top: number;
  /** Hessian of the larger side without the zeros. */
  most: number;
}

/** Before the first feature. */
export const noLook = (): Look => ({
  feature: 0,
  first: 0,
  gradient: 0,
  hessian: 0,
  count: 0,
  counted: 0,
  rounded: 0,
  summed: 0,
  splittable: false,
  top: 0,
  most: 0,
});
