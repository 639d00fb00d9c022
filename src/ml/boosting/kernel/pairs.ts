import { op, type Code } from '../../wasm/wasm-module.ts';
import { advance } from './pointers.ts';
import type { Locals } from './search.ts';

const { get, set } = op;

/** A vector's numbers of 32 bits in other places. */
const permuted = (local: number, ...from: [number, number, number, number]): Code => [
  [get(local), get(local), op.shuffle(...from)],
];

/** Locals of two bins that are weighed at once. */
export const pairVectors = [
  ...(['allGradients', 'allHessians', 'units', 'addeds', 'looses', 'minHessians'] as const),
  ...([
    'sums',
    'both',
    'rights',
    'hessians',
    'lefts',
    'rests',
    'overs',
    'unders',
    'valid',
    'tops',
    'underTops',
  ] as const),
] as const;

export type PairLocals = Record<(typeof pairVectors)[number], number> & Locals;

/** What does not change while a leaf is searched. */
export const enterPairs = (l: PairLocals): Code => [
  [get(l.allGradient), op.splatF64, set(l.allGradients), get(l.allHessian), op.splatF64, set(l.allHessians)],
  [get(l.hessianUnit), op.splatF64, set(l.units), get(l.added), op.splatF64, set(l.addeds)],
  [get(l.loose), op.toF64, op.splatF64, set(l.looses), get(l.minHessian), op.toF64, op.splatF64, set(l.minHessians)],
];

/** `weigh` of two bins, the lower one first; and whether their sides have enough. */
const weighBoth = (l: PairLocals): Code => {
  const scaled = (hessians: Code): Code => [hessians, get(l.units), op.mulV64, get(l.addeds), op.addV64];
  return [
    [permuted(l.both, 0, 2, 0, 2), op.lowToF64, set(l.rights)],
    [permuted(l.both, 1, 3, 1, 3), op.lowToF64, set(l.hessians)],
    [get(l.allGradients), get(l.rights), op.subV64, set(l.lefts)],
    [get(l.allHessians), get(l.hessians), op.subV64, set(l.rests)],
    [get(l.hessians), get(l.looses), op.geV64, get(l.rests), get(l.minHessians), op.geV64, op.andV, set(l.valid)],
    [scaled(get(l.rests)), set(l.rests), scaled(get(l.hessians)), set(l.hessians)],
    [get(l.rights), get(l.rights), op.mulV64, get(l.rests), op.mulV64],
    [get(l.lefts), get(l.lefts), op.mulV64, get(l.hessians), op.mulV64, op.addV64, set(l.overs)],
    [get(l.rests), get(l.hessians), op.mulV64, set(l.unders)],
  ];
};

interface Pairs {
  readonly from: number;
  readonly place: number;
  readonly keepsTop: boolean;
  /** One bin, which `place` is lowered to. */
  readonly oneBin: Code;
}

/**
 * Goes down two bins at a time as long as there are two, as `oneBin` would: bins that may be the best are left to it. The most that was seen is in `tops` by
 * `underTops`, apart from what `oneBin` saw.
 */
export const scanPairs = (l: PairLocals, { from, place, keepsTop, oneBin }: Pairs): Code => {
  const toScalars: Code = [[get(l.sums), op.laneI32(0), set(l.gradient), get(l.sums), op.laneI32(1), set(l.hessian)]];
  const top: Code = [
    [get(l.overs), get(l.underTops), op.mulV64, get(l.tops), get(l.unders), op.mulV64, op.gtV64],
    [get(l.valid), op.andV, set(l.rights)],
    [get(l.overs), get(l.tops), get(l.rights), op.select, set(l.tops)],
    [get(l.unders), get(l.underTops), get(l.rights), op.select, set(l.underTops)],
  ];
  return [
    [op.zeros, set(l.sums), op.f64(0), op.splatF64, set(l.tops), op.f64(1), op.splatF64, set(l.underTops)],
    // Where two bins are left, the lowest is further away than one.
    [get(from), op.i32(8), op.add, set(l.pairFrom)],
    op.whileBelow(l.pairFrom, place, [
      [get(place), op.i32(16), op.sub, op.load(0), set(l.both), permuted(l.both, 2, 3, 2, 3), get(l.sums), op.addI32x4],
      [get(l.both), op.constant(-1, -1, 0, 0), op.andV, op.addI32x4, set(l.both)],
      weighBoth(l),
      keepsTop ? top : [],
      [get(l.overs), get(l.bar), op.splatF64, get(l.unders), op.mulV64, op.geV64, get(l.valid), op.andV, op.isAny],
      op.when(
        [[toScalars, get(place), op.i32(16), op.sub, set(l.pairEnd)], op.whileBelow(l.pairEnd, place, oneBin)],
        advance(place, -16),
      ),
      [permuted(l.both, 0, 1, 0, 1), set(l.sums)],
    ]),
    toScalars,
  ];
};

/** The larger of `top` and what pairs have seen. */
export const joinTops = (l: PairLocals, takeTop: Code): Code =>
  [0, 1].map((lane): Code => [
    [get(l.tops), op.laneF64(lane), set(l.over), get(l.underTops), op.laneF64(lane), set(l.under)],
    takeTop,
  ]);
