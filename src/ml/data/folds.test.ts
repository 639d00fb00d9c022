import { describe, expect, it } from 'vitest';
import { repeatedStratifiedKFold, splitsOf, stratifiedKFold } from './folds.ts';
import type { Folds } from './folds.ts';
import { groupKFold, groupsOf, stratifiedGroupKFold } from './group-folds.ts';
import { timeSplits } from './time-splits.ts';

const y = Int32Array.from({ length: 103 }, (_, row) => (row % 5 === 0 ? 0 : row % 3 === 0 ? 1 : 2));
const classes = ['a', 'b', 'c'];

const need = <T>(result: { ok: true; value: T } | { ok: false; error: { reason: string } }): T => {
  if (!result.ok) throw new Error(result.error.reason);
  return result.value;
};

/** Rows of each class in each fold differ by one at most. */
function expectEven({ foldOf, folds }: Folds): void {
  for (const c of [0, 1, 2]) {
    const counts = Array.from({ length: folds }, (_, fold) => y.filter((own, row) => own === c && foldOf[row] === fold).length);
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
  }
}

describe('folds', () => {
  it('test every row once, with an even share of every class', () => {
    for (const seed of [undefined, 1, 2]) {
      const folds = need(stratifiedKFold(y, classes, { folds: 4, ...(seed === undefined ? {} : { seed }) }));
      expectEven(folds);
      const tested = [...splitsOf(folds)].flatMap(({ train, test }) => {
        expect(train.length + test.length).toBe(y.length);
        return [...test];
      });
      expect(tested.sort((a, b) => a - b)).toEqual([...y.keys()]);
    }
  });

  it('repeated ones are even each time, dealt anew, and the same for the same seed', () => {
    const options = { folds: 3, repeats: 4, seed: 9 };
    const found = [...repeatedStratifiedKFold(y, 3, options)];
    found.forEach(expectEven);
    expect(new Set(found.map(({ foldOf }) => foldOf.join())).size).toBe(4);
    expect([...repeatedStratifiedKFold(y, 3, options)]).toEqual(found);
  });

  it('a class with fewer rows than folds is refused by its name', () => {
    const outcome = stratifiedKFold(Int32Array.of(0, 0, 0, 1, 1), ['a', 'b'], { folds: 3 });
    expect(outcome.ok ? '' : outcome.error.detail).toMatchObject({ label: 'b', rows: 2, needed: 3 });
  });

  it('groups stay whole', () => {
    const groups = groupsOf(Array.from(y, (_, row) => `author ${(row * 7) % 19}`));
    for (const { foldOf } of [need(groupKFold(groups, 4)), need(stratifiedGroupKFold(y, 3, groups, 4))]) {
      const foldsOf = new Map<number, Set<number>>();
      groups.groupOf.forEach((group, row) => foldsOf.set(group, (foldsOf.get(group) ?? new Set()).add(foldOf[row]!)));
      expect([...foldsOf.values()].every((folds) => folds.size === 1)).toBe(true);
    }
    expect(groupKFold(groupsOf(['x', 'y', 'x']), 3)).toMatchObject({ ok: false });
    expect(stratifiedGroupKFold(y, 3, { ...groups, count: 2 }, 3)).toMatchObject({ ok: false });
  });

  it('in time, nothing trains on what comes after its test rows', () => {
    for (const { train, test } of need(timeSplits(50, { splits: 4, gap: 3, mostTrainRows: 12 }))) {
      expect(train.at(-1)! + 4).toBe(test[0]);
      expect(train.length).toBeLessThanOrEqual(12);
    }
    expect(timeSplits(5, { splits: 5 })).toMatchObject({ ok: false });
    expect(timeSplits(10, { splits: 3, testRows: 3, gap: 1 })).toMatchObject({ ok: false });
  });
});
