import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failureMessage } from '../../core/failure.ts';
import { readTexts } from './read-texts.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mlp-texts-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function read(content: string | Buffer, name = 'texts.txt', column = 'text') {
  await writeFile(join(folder, name), content);
  return readTexts(name, { cwd: folder, column });
}

describe('readTexts', () => {
  it.each([
    ['one\ntwo\n', ['one', 'two']],
    ['one\r\ntwo', ['one', 'two']],
    ['one\n\ntwo\n\n', ['one', '', 'two', '']],
    ['\ufeffone\n', ['one']],
    ['\n', ['']],
    ['', []],
  ])('takes each line of %j as a text', async (content, texts) => {
    expect(await read(content)).toMatchObject({ ok: true, value: { texts, columns: new Map() } });
  });

  it('takes a column of a CSV file, and the others beside it', async () => {
    const csv = 'id,comment\n1,"a, b"\n\n2,"two\nlines"\n';
    const comments = ['a, b', 'two\nlines'];
    const columns = new Map([
      ['id', ['1', '2']],
      ['comment', comments],
    ]);
    expect(await read(csv, 'c.csv', 'comment')).toEqual({
      ok: true,
      value: { texts: comments, columns, file: 'c.csv', numbers: [2, 4] },
    });
    const missing = await read(csv, 'c.csv', 'coment');
    expect(missing.ok ? '' : failureMessage(missing.error)).toContain('only "id", "comment"; did you mean "comment"?');
  });

  it('says why a file cannot be read', async () => {
    const bytes = await read(Buffer.from([0xff, 0xfe, 0x41]));
    expect(bytes.ok ? '' : failureMessage(bytes.error)).toBe('cannot read texts from texts.txt: it is not UTF-8');
    const gone = await readTexts('gone.txt', { cwd: folder, column: 'text' });
    expect(gone.ok ? '' : failureMessage(gone.error)).toBe('cannot read texts from gone.txt: there is no such file');
    const dir = await readTexts('.', { cwd: folder, column: 'text' });
    expect(dir.ok ? '' : failureMessage(dir.error)).toContain('it is a folder');
  });
});
