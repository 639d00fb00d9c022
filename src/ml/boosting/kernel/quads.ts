import { op, type Code } from '../../wasm/wasm-module.ts';
import { advance } from './pointers.ts';
import type { Locals } from './search.ts';

const { get, set, tee } = op;

/** Bytes of four bins' sums. */
const quadBytes = 32;

/** Above the rounding of what singles four bins out: some twenty operations in single precision, of 2^-24 each. */
const coarseness = 1e-5;
/** Above the rounding of one operation. */
const closeness = 1e-6;

/** Locals of four bins that are weighed at once. */
export const quadInts = ['quadFrom', 'quadEnd', 'back'] as const;
export const quadFloats = ['allUnder', 'perTop'] as const;
export const quadVectors = [
  ...(['allGradients', 'allHessians', 'units', 'addeds', 'belowLoose', 'belowLeast', 'bars'] as const),
  ...(['low', 'high', 'rights', 'hessians', 'lefts', 'rests', 'scores', 'valid', 'tops', 'gradientSums'] as const),
  ...(['hessianSums', 'countSums', 'counts', 'allowed', 'belowRows', 'mostRows', 'l1s', 'sureBars'] as const),
] as const;

export type QuadLocals = Record<
  (typeof quadInts)[number] | (typeof quadFloats)[number] | (typeof quadVectors)[number],
  number
> &
  Locals;

/**
 * What does not change while a leaf is searched. Hessians are in shares of the leaf's, all that is under a fraction added to both, so that no weights take
 * single precision out of its range.
 */
export const enterQuads = (l: QuadLocals): Code => {
  const share = (value: number): Code => [get(value), get(l.allUnder), op.divF64, op.toF32, op.splat];
  const oneLess = (value: number): Code => [get(value), op.i32(1), op.sub, op.splatI32];
  return [
    [get(l.allHessian), get(l.hessianUnit), op.mulF64, get(l.added), op.f64(2), op.mulF64, op.addF64, set(l.allUnder)],
    [op.f64(1 + coarseness), get(l.allUnder), op.divF64, set(l.perTop)],
    [share(l.hessianUnit), set(l.units), share(l.added), set(l.addeds)],
    [get(l.allGradient), op.truncateF64, op.splatI32, set(l.allGradients)],
    [get(l.allHessianInt), op.splatI32, set(l.allHessians)],
    [oneLess(l.loose), set(l.belowLoose), oneLess(l.minHessian), set(l.belowLeast)],
    [oneLess(l.minCount), set(l.belowRows), get(l.maxCount), op.splatI32, set(l.mostRows)],
    [get(l.l1), get(l.gradientUnit), op.divF64, op.f64(1 + closeness), op.mulF64, op.toF32, op.splat, set(l.l1s)],
    [get(l.shiftInUnits), get(l.allUnder), op.mulF64, op.f64(1 + 2 * coarseness), op.mulF64, op.toF32, op.splat],
    set(l.sureBars),
  ];
};

/** Has four bins compared with the bar as it is now. */
const setBars = (l: QuadLocals): Code => [
  [get(l.bar), get(l.allUnder), op.mulF64, op.f64(1 - coarseness), op.mulF64, op.toF32, op.splat, set(l.bars)],
];

/** Numbers of each lane and of those above it, with what came from higher bins; which then is that of the lowest lane. */
const addUp = (numbers: number, sums: number): Code => [
  [get(numbers), get(numbers), op.zeros, op.shuffle(1, 2, 3, 4), op.addI32x4, tee(numbers)],
  [get(numbers), op.zeros, op.shuffle(2, 3, 4, 5), op.addI32x4, get(sums), op.addI32x4, tee(numbers)],
  [get(numbers), op.shuffle(0, 0, 0, 0), set(sums)],
];

/** Rows of four bins by their hessians. */
const countRows = (l: QuadLocals): Code => {
  const rowsOf = (pair: Code): Code => [
    [pair, op.lowToF64, get(l.countsPerHessian), op.splatF64, op.mulV64],
    [op.f64(0.5), op.splatF64, op.addV64, op.truncateV64],
  ];
  const high: Code = [get(l.hessians), get(l.hessians), op.shuffle(2, 3, 2, 3)];
  return [rowsOf(get(l.hessians)), rowsOf(high), op.shuffle(0, 1, 4, 5), set(l.counts)];
};

/** Four bins; those below `from` are empty. */
const takeQuad = (l: QuadLocals, { from, place }: Pick<Quads, 'from' | 'place'>, isWhole: boolean): Code => {
  const own: Code = isWhole ? [] : [get(l.valid), op.andV];
  const isOwn: Code = [
    [op.constant(0, 8, 16, 24), get(from), get(place), op.sub, op.i32(quadBytes - 1), op.add, op.splatI32],
    [op.gtI32x4, set(l.valid)],
  ];
  return [
    isWhole ? [] : isOwn,
    [get(place), op.i32(quadBytes), op.sub, op.load(0), set(l.low)],
    [get(place), op.i32(quadBytes), op.sub, op.load(16), set(l.high)],
    [get(l.low), get(l.high), op.shuffle(0, 2, 4, 6), own, set(l.rights)],
    [get(l.low), get(l.high), op.shuffle(1, 3, 5, 7), own, set(l.hessians)],
  ];
};

/** Both sides of the split below each of four bins, and which may be allowed. */
const takeSides = (l: QuadLocals): Code => [
  [addUp(l.rights, l.gradientSums), addUp(l.hessians, l.hessianSums)],
  [get(l.allGradients), get(l.rights), op.subI32x4, set(l.lefts)],
  [get(l.allHessians), get(l.hessians), op.subI32x4, set(l.rests)],
  [get(l.hessians), get(l.belowLoose), op.gtI32x4, get(l.rests), get(l.belowLeast), op.gtI32x4, op.andV, set(l.valid)],
];

/** The scores of both sides together, in shares of the leaf's hessian; 0 of those that are surely not allowed. */
const weighSides = (l: QuadLocals): Code => {
  const scaled = (hessians: number): Code => [
    [get(hessians), op.toF32x4, get(l.units), op.mulV, get(l.addeds), op.addV, set(hessians)],
  ];
  const squared = (gradients: number): Code => [get(gradients), op.toF32x4, tee(gradients), get(gradients), op.mulV];
  return [
    [scaled(l.rests), scaled(l.hessians)],
    [squared(l.rights), get(l.rests), op.mulV, squared(l.lefts), get(l.hessians), op.mulV, op.addV],
    [get(l.rests), get(l.hessians), op.mulV, op.divV, get(l.valid), op.andV, set(l.scores)],
  ];
};

/** Whether any of four splits is surely better than none, L1 penalty included. Gradients are rounded down, what is taken off them is rounded up. */
const isSurelySplit = (l: QuadLocals): Code => {
  const squared = (gradients: number): Code => [
    [get(gradients), op.absV, op.f32(1 - closeness), op.splat, op.mulV, get(l.l1s), op.subV],
    [op.zeros, op.pseudoMaxV, tee(gradients), get(gradients), op.mulV],
  ];
  return [
    [squared(l.rights), get(l.rests), op.mulV, squared(l.lefts), get(l.hessians), op.mulV, op.addV],
    [get(l.rests), get(l.hessians), op.mulV, op.divV, get(l.sureBars), op.gtV, get(l.allowed), op.andV, op.isAny],
  ];
};

interface Quads {
  readonly from: number;
  readonly place: number;
  readonly keepsTop: boolean;
  /** One bin, which `place` is lowered to. */
  readonly oneBin: Code;
  /** Lowers the bar to what the best has, where the feature can be split. */
  readonly toBar: Code;
}

/** The sums of the right side before the bins from `quadEnd` to `place`. */
const stepBack = (l: QuadLocals, place: number): Code => [
  [get(l.gradientSums), op.laneI32(0), set(l.gradient), get(l.hessianSums), op.laneI32(0), set(l.hessian)],
  [get(l.quadEnd), set(l.back)],
  op.whileBelow(l.back, place, [
    [get(l.gradient), get(l.back), op.loadI32, op.sub, set(l.gradient)],
    [get(l.hessian), get(l.back), op.loadI32At(4), op.sub, set(l.hessian), advance(l.back, 8)],
  ]),
];

/** The most of what was seen four bins at a time. */
const topSeen = (l: QuadLocals): Code => [
  [get(l.tops), get(l.tops), get(l.tops), op.shuffle(2, 3, 0, 1), op.pseudoMaxV, tee(l.tops)],
  [get(l.tops), get(l.tops), op.shuffle(1, 0, 3, 2), op.pseudoMaxV, op.lane(0), op.fromF32, get(l.perTop), op.mulF64],
];

/**
 * Goes down four bins at a time, as `oneBin` would: bins that may be the best are left to it, which works them out to the last bit. Those that
 * are not are ruled out in single precision, with room for its rounding. The most that was seen becomes `top`. Until a split is
 * known to be better than none, rows are counted for four bins, since all but the first of them would only lack rows; later hardly any are asked for.
 */
export const scanQuads = (l: QuadLocals, { from, place, keepsTop, oneBin, toBar }: Quads): Code => {
  const top: Code = [get(l.tops), get(l.scores), op.pseudoMaxV, set(l.tops)];
  const toSingles = (end: Code): Code =>
    op.when(
      [[end, set(l.quadEnd), stepBack(l, place)], op.whileBelow(l.quadEnd, place, oneBin), setBars(l)],
      advance(place, -quadBytes),
    );
  const mayBeBest: Code = [get(l.scores), get(l.bars), op.geV];
  const lowest: Code = [get(place), op.i32(quadBytes), op.sub];
  const haveRows: Code = [get(l.counts), get(l.belowRows), op.gtI32x4];
  const takeCounted = (isWhole: boolean): Code => [
    [takeQuad(l, { from, place }, isWhole), countRows(l), takeSides(l)],
    [get(l.valid), get(l.hessians), get(l.belowLeast), op.gtI32x4, op.andV, set(l.allowed)],
    [weighSides(l), keepsTop ? top : []],
    [get(l.countSums), op.laneI32(0), set(l.count), get(place), set(l.counted), addUp(l.counts, l.countSums)],
    [haveRows, get(l.mostRows), get(l.counts), op.gtI32x4, get(l.allowed), op.andV, op.andV, tee(l.allowed), op.isAny],
    op.when([isSurelySplit(l), op.when([op.i32(1), set(l.splittable), toBar, setBars(l)])]),
    [mayBeBest, haveRows, op.andV, op.isAny],
  ];
  const take = (isWhole: boolean): Code => [
    [takeQuad(l, { from, place }, isWhole), takeSides(l), weighSides(l), keepsTop ? top : [], mayBeBest, op.isAny],
  ];
  // Ends the loop.
  const counted: Code = [
    [takeCounted(true), toSingles(lowest), get(l.splittable), op.when([get(place), set(l.quadFrom)])],
  ];
  const ofRest = (taken: Code): Code => [taken, toSingles(get(from))];
  return [
    [op.zeros, set(l.gradientSums), op.zeros, set(l.hessianSums), op.zeros, set(l.countSums)],
    [op.zeros, set(l.tops), setBars(l), get(from), op.i32(quadBytes - 1), op.add, set(l.quadFrom)],
    op.whileBelow(l.quadFrom, place, counted),
    [get(from), op.i32(quadBytes - 1), op.add, set(l.quadFrom)],
    op.whileBelow(l.quadFrom, place, [take(true), toSingles(lowest)]),
    [get(from), get(place), op.ltU],
    op.when([get(l.splittable), op.when(ofRest(take(false)), ofRest(takeCounted(false)))]),
    [get(l.gradientSums), op.laneI32(0), set(l.gradient), get(l.hessianSums), op.laneI32(0), set(l.hessian)],
    keepsTop ? [topSeen(l), set(l.top)] : [],
  ];
};
