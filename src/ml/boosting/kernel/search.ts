import { op, valueType, type Code } from '../../wasm/wasm-module.ts';
import { epsilon, searchField } from './records.ts';

const { i32, f64, v128 } = valueType;
const { get, set, tee } = op;

/** Numbers locals from `first` on: those of whole numbers, those of doubles, those of vectors. */
export function localsFrom<I extends string, F extends string, V extends string = never>(
  first: number,
  {
    ints,
    floats,
    vectors = [],
  }: { readonly ints: readonly I[]; readonly floats: readonly F[]; readonly vectors?: readonly V[] },
) {
  const names = [...ints, ...floats, ...vectors];
  const locals = Object.fromEntries(names.map((name, place) => [name, first + place])) as Record<I | F | V, number>;
  const types = [...ints.map(() => i32), ...floats.map(() => f64), ...vectors.map(() => v128)];
  return { locals, types };
}

export const scanInts = ['splittable', 'counted', 'count', 'gradient', 'hessian', 'rest', 'record'] as const;
export const searchInts = ['loose', 'minHessian', 'minCount', 'maxCount', 'allHessianInt'] as const;
export const searchFloats = [
  ...(['allGradient', 'allHessian', 'hessianUnit', 'added', 'shiftInUnits', 'best', 'perBest', 'shift'] as const),
  ...(['gradientUnit', 'l1', 'l2', 'countsPerHessian'] as const),
] as const;
export const scanFloats = [
  ...(['bar', 'top', 'over', 'under', 'underRight', 'underLeft', 'left', 'right', 'gain'] as const),
] as const;

export type Locals = Record<
  (typeof scanInts)[number] | (typeof searchInts)[number] | (typeof searchFloats)[number] | (typeof scanFloats)[number],
  number
>;

/** Reads what does not change while a leaf is searched; `best` does, and is written back. */
export const enterSearch = (
  search: number,
  l: Pick<Locals, (typeof searchInts)[number] | (typeof searchFloats)[number]>,
): Code => [
  searchFloats.map((name): Code => [get(search), op.loadF64At(searchField[name]), set(l[name])]),
  (['loose', 'minHessian', 'minCount', 'maxCount'] as const).map((name): Code => [
    [get(search), op.loadI32At(searchField[name]), set(l[name])],
  ]),
  [get(l.allHessian), op.truncateF64, set(l.allHessianInt)],
];

/** (threshold(gradient) ^ 2) / (hessian * unit + epsilon + l2), which `SplitSearch` has as #gain. */
const scoreOf = (
  l: Pick<Locals, 'gain' | 'gradientUnit' | 'l1' | 'l2' | 'hessianUnit'>,
  gradient: Code,
  hessian: Code,
): Code => [
  [gradient, get(l.gradientUnit), op.mulF64, op.absF64, get(l.l1), op.subF64, op.f64(0), op.maxF64, tee(l.gain)],
  [get(l.gain), op.mulF64],
  [hessian, get(l.hessianUnit), op.mulF64, op.f64(epsilon), op.addF64, get(l.l2), op.addF64, op.divF64],
];

/** Locals that a split which may be the best is told by: its right side, and the hessian of the left one. */
type OfferLocals = Pick<
  Locals,
  (typeof searchFloats)[number] | ('splittable' | 'gradient' | 'hessian' | 'rest' | 'right' | 'gain')
>;

interface Offer {
  readonly search: number;
  readonly feature: Code;
  readonly column: Code;
  readonly bin: Code;
}

/** Works the gain out to the last bit, notes whether the split is better than none, and the split where it is the best: #offer of `SplitSearch`. */
export const offer = (l: OfferLocals, { search, feature, column, bin }: Offer): Code => {
  const note = (field: number, value: Code): Code => [get(search), value, op.storeI32At(field)];
  return [
    [scoreOf(l, get(l.right), [get(l.hessian), op.toF64])],
    [scoreOf(l, [get(l.allGradient), get(l.right), op.subF64], [get(l.rest), op.toF64]), op.addF64, set(l.gain)],
    [get(l.gain), get(l.shift), op.gtF64, get(l.splittable), op.or, set(l.splittable)],
    // Of equal gains that of the lower column counts.
    [get(l.gain), get(l.best), op.equalF64],
    [column, get(search), op.loadI32At(searchField.bestColumn), op.ltS],
    [op.and, get(l.best), get(l.gain), op.ltF64, op.or],
    op.when([
      [get(search), get(l.gain), tee(l.best), op.storeF64At(searchField.best)],
      note(searchField.feature, feature),
      note(searchField.bestColumn, column),
      note(searchField.bin, bin),
      note(searchField.rightGradient, get(l.gradient)),
      note(searchField.rightHessian, get(l.hessian)),
    ]),
  ];
};

/** Scores of both sides together by what is under them, `over` and `under`, without a penalty: no division. */
export const weigh = (
  l: Pick<
    Locals,
    'allGradient' | 'hessianUnit' | 'added' | 'hessian' | 'rest' | 'gradient' | (typeof scanFloats)[number]
  >,
): Code => {
  const scaled = (hessian: Code): Code => [hessian, get(l.hessianUnit), op.mulF64, get(l.added), op.addF64];
  return [
    [get(l.gradient), op.toF64, set(l.right), get(l.allGradient), get(l.right), op.subF64, set(l.left)],
    [scaled([get(l.hessian), op.toF64]), set(l.underRight), scaled([get(l.rest), op.toF64]), set(l.underLeft)],
    [get(l.right), get(l.right), op.mulF64, get(l.underLeft), op.mulF64],
    [get(l.left), get(l.left), op.mulF64, get(l.underRight), op.mulF64, op.addF64, set(l.over)],
    [get(l.underLeft), get(l.underRight), op.mulF64, set(l.under)],
  ];
};
