import { expect, it } from 'vitest';
import { asStageName } from '../core/brands.ts';
import { failure } from '../core/failure.ts';
import { ciProblemsMarkdown } from './ci-problems.ts';

it('lists every problem with its place and what to do, and shows the signs of Markdown as they are', () => {
  const at = { file: 'pipeline.yaml', line: 3, column: 5, length: 4 };
  const report = ciProblemsMarkdown([
    failure('unknown-field', { field: 'de_ps', owner: 'stage "a"', near: ['deps'] }, { at, stage: asStageName('a') }),
    failure('missing-dep', { path: 'x*.csv', near: [] }),
  ]);
  expect(report.split('\n')).toEqual([
    '## mlp repro: nothing ran',
    '',
    '- unknown field "de\\_ps" in stage "a" (`pipeline.yaml:3:5`)',
    '  - did you mean "deps"?',
    '- dep x\\*.csv does not exist, and no stage makes it',
    '  - create it, or correct the path in the pipeline file',
    '',
  ]);
});
