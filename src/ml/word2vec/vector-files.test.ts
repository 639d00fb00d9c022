import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { failureMessage } from '../../core/failure.ts';
import { seededRandom } from '../../core/random.ts';
import type { Result } from '../../core/result.ts';
import { featureOptions, featurizeFields } from '../features/options.ts';
import { fitFeatures } from '../features/pipeline.ts';
import { featuresFromParts, featuresToParts } from '../features/stored.ts';
import { wordCoverage } from '../features/word-coverage.ts';
import { readFields } from '../fields.ts';
import { TermTable } from '../text/term-table.ts';
import { readWordVectors, wordVectorsOf, writeWordVectors } from './vector-files.ts';
import { WordVectors } from './word-vectors.ts';

const folder = mkdtempSync(join(tmpdir(), 'mlp-vectors-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
const at = (name: string): string => join(folder, name);
const save = (name: string, content: string | Uint8Array): string => {
  writeFileSync(at(name), content);
  return at(name);
};

const need = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(failureMessage(result.error));
  return result.value;
};
const problemOf = async (content: string | Uint8Array): Promise<string> => {
  const read = await readWordVectors(save('broken', content));
  return read.ok ? 'nothing' : failureMessage(read.error);
};
const wordsOf = ({ terms }: WordVectors): string[] => Array.from({ length: terms.size }, (_, id) => terms.term(id));

const random = seededRandom(12);
const words = ['the', 'né', '😂', "don't", '日本語', ...Array.from({ length: 3000 }, (_, i) => `word${i}`)];
const size = 150;
const numbers = Float32Array.from({ length: words.length * size }, (_, i) => (random() - 0.5) * 10 ** ((i % 9) - 6));
const vectors = new WordVectors(TermTable.of(words), numbers, null);
const floats = (...values: number[]): Buffer => Buffer.from(Float32Array.from(values).buffer);

describe('files of word vectors', () => {
  it.each(['text', 'binary'] as const)(
    'what is written as %s is read again to the bit, over several pieces',
    async (format) => {
      await writeWordVectors(at(format), vectors, format);
      const read = need(await readWordVectors(at(format)));
      expect(wordsOf(read)).toEqual(words);
      expect(read.values).toEqual(numbers);
      expect(readFileSync(at(format)).length).toBeGreaterThan(3 << 19);
    },
  );

  it('only the words asked for are kept, in the order of the file, and of a repeated word the first vector', async () => {
    const file = save('few', '4 2\nb 1 2\na 3 4\nb 5 6\nc 7 8\n');
    const read = need(await readWordVectors(file, TermTable.of(['c', 'b', 'z'])));
    expect([wordsOf(read), [...read.values]]).toEqual([
      ['b', 'c'],
      [1, 2, 7, 8],
    ]);
  });

  it('the word2vec program ends vectors with a line break, and lines with a space; GloVe has no first line', async () => {
    const binary = Buffer.concat([
      Buffer.from('2 2\nab '),
      floats(1, 2),
      Buffer.from('\ncd '),
      floats(3, 4),
      Buffer.from('\n'),
    ]);
    for (const content of [binary, '2 2\nab 1 2 \ncd 3 4 \n', 'ab 1 2\ncd 3e0 4', '2 2\r\nab 1 2\r\ncd 3 4\r\n\n']) {
      const read = need(await readWordVectors(save('other', content)));
      expect([wordsOf(read), [...read.values]]).toEqual([
        ['ab', 'cd'],
        [1, 2, 3, 4],
      ]);
    }
  });

  it.each([
    ['', 'it has no first line'],
    ['hello\n', 'its first line is neither'],
    ['1 0\n', 'vectors of 0 numbers'],
    ['1 20000\n', 'vectors of 20000 numbers'],
    ['2 2\na 1 2\n', 'with 1 words, but its first line says 2'],
    ['999999999999999 2\na 1 2\n', 'with 1 words, but its first line says 999999999999999'],
    ['2 2\na 1 2\nb 1\n', 'line 3 has 1 numbers, not 2'],
    ['2 2\na 1 2\nb 1 x\n', 'line 3 has "x" where a number should be'],
    ['2 2\na 1 2\nb 1  2\n', 'line 3 has 3 numbers, not 2'],
    ['1 2\na 1 NaN\n', 'line 2 has "NaN"'],
    ['1 2\na 1 1e39\n', 'line 2 has "1e39"'],
    ['1 2\na 1 2\nb 3 4\n', 'line 3 is one more than the 1 words'],
    ['2 2\n\na 1 2\n', 'line 2 is empty'],
    ['a 1 2\nb 3\n', 'line 2 has 1 numbers, not 2'],
  ])('%j is refused with its line', async (content, problem) => {
    expect(await problemOf(content)).toContain(problem);
  });

  it('a binary file is refused with its byte', async () => {
    const start = Buffer.from('2 2\nab ');
    const whole = Buffer.concat([start, floats(1, 2), Buffer.from('cd '), floats(3, 4)]);
    expect(await problemOf(whole.subarray(0, -1))).toContain(`ends at byte ${whole.length - 1} with 1 words`);
    expect(await problemOf(Buffer.concat([whole, Buffer.from('xy')]))).toContain(
      `byte ${whole.length} and what follows`,
    );
    expect(await problemOf(Buffer.concat([start, floats(1, NaN), Buffer.from('cd '), floats(3, 4)]))).toContain(
      'number 2 of word 1 at byte 4 is not finite',
    );
    expect(await problemOf(Buffer.concat([Buffer.from('1 2\n'), Buffer.alloc(10_000)]))).toContain(
      'no word ends within 4096',
    );
  });

  it('whatever the bytes are, the outcome is vectors of finite numbers or a failure', async () => {
    await writeWordVectors(
      at('short'),
      new WordVectors(TermTable.of(['ab', 'cd', 'ef']), numbers.slice(0, 12), null),
      'binary',
    );
    await writeWordVectors(at('plain'), new WordVectors(TermTable.of(['ab', 'cd', 'ef']), numbers.slice(0, 12), null));
    for (const name of ['short', 'plain']) {
      const good = readFileSync(at(name));
      for (let run = 0; run < 300; run++) {
        const bytes = Buffer.from(good.subarray(0, random() < 0.3 ? Math.floor(random() * good.length) : good.length));
        for (let change = 0; change < 2 && bytes.length > 0; change++) {
          bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
        }
        const read = await readWordVectors(save('fuzz', bytes));
        if (read.ok) expect(read.value.values.every(Number.isFinite)).toBe(true);
        else expect(read.error.reason).toBe('word-vectors-invalid');
      }
    }
  });

  it('files that are not there, and folders, are failures', async () => {
    for (const file of [at('nowhere'), folder]) {
      const read = await readWordVectors(file);
      expect(read.ok ? '' : failureMessage(read.error)).toContain('cannot be read as word vectors');
    }
  });
});

describe('texts by vectors from a file', () => {
  const texts = ['good film', 'bad film', 'good good'];
  const file = save('public', '4 2\nfilm 0 1\ngood 3 4\nbad -1 0\nunseen 9 9\n');
  const fit = async (word2vec: object): Promise<Awaited<ReturnType<typeof fitFeatures>>> => {
    const featurize = { kind: 'word2vec', norm: 'none', word2vec: { ...word2vec } };
    return fitFeatures(need(featureOptions(need(readFields({ featurize }, 'featurize', featurizeFields)))), texts);
  };

  it('are means of the words that the training texts have, or of all, and are stored', async () => {
    for (const [keep, last] of [
      ['seen', []],
      ['all', [9, 9]],
    ] as const) {
      const { features, matrix } = need(await fit({ vectors: file, keep }));
      expect([...matrix.values]).toEqual([1.5, 2.5, -0.5, 0.5, 3, 4]);
      const again = featuresFromParts(featuresToParts(features));
      if (typeof again === 'string') throw new Error(again);
      expect([...again.transform(['unseen']).values]).toEqual(last);
      expect(wordVectorsOf(again)?.vector('good')).toEqual(Float32Array.of(3, 4));
    }
  });

  it('a word that one text alone has is unknown without it, where only seen words stay', async () => {
    const unknown = async (keep: string): Promise<number[]> => {
      const { features, matrix } = need(await fit({ vectors: file, keep }));
      return [...(wordCoverage(features, texts, matrix)?.unknown ?? [])];
    };
    expect(await unknown('seen')).toEqual([0, 1, 0]);
    expect(await unknown('all')).toEqual([0, 0, 0]);
  });

  it('weights by document frequency are learned from the texts', async () => {
    const { matrix } = need(await fit({ vectors: file, weighting: 'idf' }));
    const [good, bad, film] = [2, 1, 2].map((df) => Math.log(4 / (1 + df)) + 1);
    const expected = [(3 * good!) / (good! + film!), (4 * good! + film!) / (good! + film!), -bad! / (bad! + film!)];
    expected.forEach((value, i) => {
      expect(matrix.values[i]).toBeCloseTo(value, 12);
    });
  });

  it('a file without any of the words is a failure', async () => {
    const fitted = await fit({ vectors: save('strange', '1 2\nxyz 1 2\n') });
    expect(fitted.ok ? '' : failureMessage(fitted.error)).toContain('none of its 1 words');
  });
});

const python = process.env['MLP_TEST_PYTHON'];
if (python === undefined) {
  process.stderr.write(
    'files of word vectors are not compared with gensim: MLP_TEST_PYTHON names no Python that has it\n',
  );
}

it.skipIf(python === undefined)(
  'gensim reads what is written here, and what gensim writes is read here, to the bit',
  { timeout: 120_000 },
  async () => {
    const ask = (args: readonly string[], input?: string): string =>
      execFileSync(python ?? '', ['test/peers/gensim_reference.py', ...args], {
        input,
        encoding: 'utf8',
        maxBuffer: 2 ** 28,
      });
    const rows = words.map((_, i) => [...numbers.subarray(i * size, (i + 1) * size)]);
    ask(['write', folder], JSON.stringify({ words, vectors: rows }));
    for (const name of ['theirs.txt', 'theirs.bin']) {
      const read = need(await readWordVectors(at(name)));
      expect(wordsOf(read)).toEqual(words);
      expect(read.values).toEqual(numbers);
    }
    await writeWordVectors(at('ours.txt'), vectors);
    await writeWordVectors(at('ours.bin'), vectors, 'binary');
    const theirs = JSON.parse(ask(['read', at('ours.txt'), at('ours.bin')])) as {
      words: string[];
      vectors: number[][];
    }[];
    for (const read of theirs) {
      expect(read.words).toEqual(words);
      expect(read.vectors).toEqual(rows);
    }
  },
);
