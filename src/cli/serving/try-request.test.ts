import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { ColumnModel, WordModel } from '../../serve/test-kit.ts';
import { tryRequest } from './try-request.ts';

it('a model of text alone is tried with a comment', () => {
  expect(tryRequest(new WordModel())).toContain(`/predict -H 'Content-Type: application/json' -d '{"comments": ["what`);
});

it('one that takes other columns is tried with those of its example, whatever they hold, quoted for a shell', () => {
  class Odd extends ColumnModel {
    override reproduceExample(): ReturnType<ColumnModel['reproduceExample']> {
      const input = { text: 'x', likes: 3, channel: `it's $(HOME) \u001b[31m` };
      return { ...super.reproduceExample(), input };
    }
  }
  const said = tryRequest(new Odd());
  expect(said).not.toContain('\u001b');
  const body = said.slice(said.indexOf("-d '") + 3);
  const printed = execFileSync('sh', ['-c', `printf %s ${body}`], { encoding: 'utf8' });
  const expected = { likes: 3, channel: `it's $(HOME) \u001b[31m`, text: 'what a great video' };
  expect(JSON.parse(printed)).toEqual({ dataframe_records: [expected] });
});
