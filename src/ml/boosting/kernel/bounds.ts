import { op, type Code } from '../../wasm/wasm-module.ts';
import { featureField, searchField, slack } from './records.ts';

const { get, set, tee } = op;

const loaded = ['value', 'valueByL2', 'score', 'boundL2', 'perHessian', 'perGradient', 'perLoss'] as const;

/** Locals that bounds of gains are worked out in: see `GainBounds`. */
export const boundInts = ['usable', 'step'] as const;
export const boundFloats = [
  ...loaded,
  ...(['leafHessian', 'squaredGradientUnit', 'apart', 'outer', 'underRest', 'before'] as const),
] as const;

type BoundLocals = Record<
  | (typeof boundInts)[number]
  | (typeof boundFloats)[number]
  | ('record' | 'best' | 'top' | 'gain' | 'hessian' | 'hessianUnit'),
  number
>;

/** Reads what is known of the leaf. */
export const enterBounds = (search: number, l: BoundLocals): Code => [
  loaded.map((name): Code => [get(search), op.loadF64At(searchField[name]), set(l[name])]),
  [get(search), op.loadF64At(searchField.hessian), set(l.leafHessian)],
  [get(search), op.loadF64At(searchField.squaredGradientUnit), set(l.squaredGradientUnit)],
  [get(search), op.loadI32At(searchField.usable), set(l.usable)],
  [get(search), op.loadI32At(searchField.step), set(l.step)],
];

/** Whether no split of the feature can reach the best. */
export function isBelow(l: BoundLocals): Code {
  const own = (field: 'reach' | 'value' | 'most' | 'rootOfMost'): Code => [
    [get(l.record), op.loadF64At(featureField[field])],
  ];
  const moved = (field: 'movedGradient' | 'movedHessian'): Code => [
    [get(l.record), op.loadI32At(featureField[field]), op.toF64],
  ];
  return [
    [own('reach'), op.f64(1), moved('movedHessian'), get(l.perHessian), op.mulF64, op.addF64, op.sqrtF64, op.mulF64],
    [moved('movedGradient'), get(l.perGradient), op.mulF64, op.addF64],
    [own('value'), tee(l.before), op.absF64, moved('movedHessian'), op.mulF64, get(l.perLoss), op.mulF64, op.addF64],
    [get(l.value), get(l.before), op.subF64, op.absF64, own('rootOfMost'), op.mulF64, op.addF64, tee(l.apart)],
    [get(l.valueByL2), op.addF64, set(l.outer)],
    [get(l.leafHessian), own('most'), op.subF64, get(l.boundL2), op.addF64, set(l.underRest)],
    [get(l.outer), get(l.outer), op.mulF64, get(l.underRest), op.mulF64],
    [get(l.apart), get(l.apart), op.mulF64, own('most'), get(l.boundL2), op.addF64, op.mulF64, op.addF64],
    [get(l.best), get(l.score), op.subF64, op.f64(1 - slack), op.mulF64, get(l.underRest), op.mulF64, op.ltF64],
    [get(l.underRest), op.f64(0), op.gtF64, op.and, get(l.usable), op.and],
  ];
}

/** Notes that the feature was not looked at in this step. */
export const skip = (l: BoundLocals): Code => [
  [get(l.record), op.loadI32At(featureField.firstSkip), get(l.step), op.leastS],
  op.when([get(l.record), get(l.step), op.storeI32At(featureField.firstSkip)]),
  [get(l.record), get(l.step), op.storeI32At(featureField.lastSkip)],
];

/** Notes what a look at the feature showed. */
export const looked = (l: BoundLocals): Code => [
  [get(l.top), get(l.squaredGradientUnit), op.mulF64, tee(l.top)],
  [get(l.score), op.subF64, op.f64(0), op.maxF64, get(l.top), op.f64(slack), op.mulF64, op.addF64, set(l.gain)],
  [get(l.record), get(l.gain), get(l.value), get(l.value), op.mulF64, get(l.boundL2), op.mulF64, op.addF64],
  [op.sqrtF64, get(l.valueByL2), op.addF64, op.storeF64At(featureField.reach)],
  [get(l.record), get(l.value), op.storeF64At(featureField.value)],
  [get(l.record), get(l.hessian), op.toF64, get(l.hessianUnit), op.mulF64, tee(l.gain)],
  [op.storeF64At(featureField.most)],
  [get(l.record), get(l.gain), op.sqrtF64, op.storeF64At(featureField.rootOfMost)],
  [get(l.record), op.zeros, op.store64At(featureField.movedGradient)],
];
