import { op, type Code } from '../../wasm/wasm-module.ts';
import { advance } from './pointers.ts';
import { featureField } from './records.ts';
import { scanQuads, type QuadLocals } from './quads.ts';
import { offer, weigh } from './search.ts';

const { get, set, tee } = op;

/** The number of a record's feature; and whether it is simple. */
const featureOfRecord = (record: number): Code => [get(record), op.loadI32At(featureField.feature), op.i32(1), op.shrU];
export const isSimple = (record: number): Code => [get(record), op.loadI32At(featureField.feature), op.i32(1), op.and];

interface Scan {
  readonly search: number;
  /** Of the sums: the lowest slot's, and the end, from which it goes down. */
  readonly from: number;
  readonly place: number;
  /** The bin below which the split at `place` is. */
  readonly bin: Code;
  /** Whether the most that gains is kept as `top`. */
  readonly keepsTop: boolean;
}

/** Adds slots to the right side, the highest first, and looks at the split below each: #scan of `SplitSearch` from its beginning to its end. */
export const scan = (l: QuadLocals, { search, from, place, bin, keepsTop }: Scan): Code => {
  const count: Code = op.whileBelow(place, l.counted, [
    advance(l.counted, -8),
    [get(l.counted), op.loadI32At(4), op.toF64, get(l.countsPerHessian), op.mulF64, op.f64(0.5), op.addF64],
    [op.truncateF64, get(l.count), op.add, set(l.count)],
  ]);
  const isAllowed: Code = [
    [get(l.count), get(l.minCount), op.leastS, get(l.count), get(l.maxCount), op.mostS, op.and],
    [get(l.hessian), get(l.minHessian), op.leastS, op.and],
  ];
  const toBar: Code = [[get(l.splittable), op.when([get(l.best), get(l.perBest), op.mulF64, set(l.bar)])]];
  const column: Code = [get(l.record), op.loadI32At(featureField.column)];
  const consider: Code = [offer(l, { search, feature: featureOfRecord(l.record), column, bin }), toBar];
  const oneBin: Code = [
    advance(place, -8),
    [get(place), op.loadI32, get(l.gradient), op.add, set(l.gradient)],
    [get(place), op.loadI32At(4), get(l.hessian), op.add, tee(l.hessian), get(l.loose), op.leastS],
    [get(l.allHessianInt), get(l.hessian), op.sub, tee(l.rest), get(l.minHessian), op.leastS, op.and],
    op.when([
      weigh(l),
      [get(l.over), get(l.bar), get(l.under), op.mulF64, op.geF64],
      op.when([count, isAllowed, op.when(consider)]),
    ]),
  ];
  return [
    [op.i32(0), set(l.splittable), op.i32(0), set(l.count), op.i32(0), set(l.gradient), op.i32(0), set(l.hessian)],
    [get(place), set(l.counted), get(l.shiftInUnits), set(l.bar)],
    scanQuads(l, { from, place, keepsTop, oneBin, toBar }),
  ];
};
