import { expect, it } from 'vitest';
import { nearPaths } from './near-paths.ts';

it.each([
  ['stages/trian.ts', ['evaluate.ts', 'train.ts', 'mine.ts'], ['stages/eval.ts', 'data/raw.csv'], ['stages/train.ts']],
  ['train.py', ['Train.py', 'params.yaml'], [], ['Train.py']],
  ['data/raw.csv', [], ['datas/raw.csv', 'data/other', 'stages/train.ts'], ['datas/raw.csv']],
  ['raw.csv', ['notes.md'], ['data/raw.csv'], ['data/raw.csv']],
  ['stages/score.ts', ['train.ts', 'prepare.ts'], ['artifacts/model'], []],
])('what %s may have meant, of %j beside it and %j known', (missing, siblings, known, meant) => {
  expect(nearPaths(missing, { siblings, known })).toEqual(meant);
});
