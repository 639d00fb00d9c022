import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { resolve } from 'node:path';
import { describe, expect } from 'vitest';
import { seededRandom } from '../src/core/random.ts';
import { test, type Rig } from './rig.ts';

const channels = ['cooking', 'games', 'music', 'news'];
const words = 'a and day more music people some talk the thing time video work'.split(' ');

/** Rows whose label is decided by likes and channel. The text is noise, and some cells are empty. */
function table(rows: number): string {
  const random = seededRandom(7);
  const one = (list: readonly string[]): string => list[Math.floor(random() * list.length)] ?? '';
  const lines = Array.from({ length: rows }, () => {
    const text = Array.from({ length: 4 + Math.floor(random() * 6) }, () => one(words)).join(' ');
    const likes = Math.floor(-200 * Math.log(1 - random()));
    const channel = one(channels);
    const isHot = channel === 'games' || channel === 'news' ? likes > 150 : likes < 100;
    const shown = [random() < 0.03 ? '' : likes, random() < 0.03 ? '' : channel];
    return [text, ...shown, isHot ? 'hot' : 'cold'].join(',');
  });
  return `comment,likes,channel,heat\n${lines.join('\n')}\n`;
}

const ofTable = ['data.path=data/table.csv', 'data.text_column=comment', 'data.label_column=heat', 'data.labels=null'];
/** Words alone, and trees, which find how the two columns act together. */
const quick = ['featurize.kind=bow', 'featurize.char_ngram_max=0', 'train.algorithm=boosted_trees'];
const withColumns = ['data.numeric_columns=[likes]', 'data.categorical_columns=[channel]'];

/** What `mlp init` writes, with the packages that `npm install` would bring and a table of its own. */
async function project(rig: Rig, rows = 400): Promise<void> {
  const made = await rig.mlp('init', '.');
  expect(made.code, made.err).toBe(0);
  mkdirSync(rig.path('node_modules'));
  symlinkSync(resolve('.'), rig.path('node_modules/mlp-cli'));
  rig.write('data/table.csv', table(rows));
}

const repro = (rig: Rig, params: readonly string[]) =>
  rig.repro(...[...ofTable, ...quick, ...params].flatMap((param) => ['-S', param]));

const accuracy = (rig: Rig): number =>
  (JSON.parse(rig.read('artifacts/metrics.json')) as { accuracy: number }).accuracy;

interface Gate {
  readonly gate: string;
  readonly was?: number;
  readonly rows?: number;
}

interface Predicted {
  readonly missing?: readonly string[];
  readonly predictions: readonly { readonly label: string }[];
}

async function predict(rig: Rig, ...options: string[]): Promise<Predicted> {
  const ended = await rig.mlp('predict', '--json', ...options);
  expect(ended.code, ended.err).toBe(0);
  return JSON.parse(ended.out) as Predicted;
}

describe.concurrent('other columns of the table', { timeout: 180_000 }, () => {
  test('decide where the text is noise, from the table to a served answer', async ({ rig }) => {
    await project(rig);
    const alone = await repro(rig, []);
    expect(alone.code, alone.err).toBe(0);
    expect(accuracy(rig)).toBeLessThan(0.65);

    const joined = await repro(rig, withColumns);
    expect(joined.code, joined.err).toBe(0);
    expect(accuracy(rig)).toBeGreaterThan(0.9);
    expect(rig.read('artifacts/split/test.csv')).toMatch(/^text,label,likes,channel\n/);
    expect((await rig.mlp('promote')).code).toBe(0);

    // Both are asked with the raw rows of the test set: without their columns, production could not be as good as it was.
    const less = await repro(rig, [...withColumns, '+train.num_iterations=2']);
    expect(less.code, less.err).toBe(0);
    const judged = JSON.parse((await rig.mlp('promote', '--json', 'sentiment@v3')).out) as { gates: Gate[] };
    const gain = judged.gates.find(({ gate }) => gate === 'gain');
    expect(gain?.rows).toBe(80);
    expect(gain?.was).toBeGreaterThan(0.9);

    const hot = ['--with', 'likes=900', '--with', 'channel=news'];
    const cold = ['--with', 'likes=900', '--with', 'channel=music'];
    expect((await predict(rig, 'a video', ...hot)).predictions[0]?.label).toBe('hot');
    expect((await predict(rig, 'a video', ...cold)).predictions[0]?.label).toBe('cold');
    expect((await predict(rig, 'a video')).missing).toEqual(['likes', 'channel']);
    const { missing, predictions } = await predict(rig, '--file', 'data/table.csv', '--column', 'comment');
    const truth = rig.read('data/table.csv').trim().split('\n').slice(1);
    const right = predictions.filter(({ label }, row) => truth[row]?.endsWith(`,${label}`) === true);
    expect({ missing, share: right.length / truth.length > 0.95 }).toEqual({ share: true });

    const server = rig.start('serve', '--port', '0', '--json');
    const first = await new Promise<string>((line) => {
      if (server.child.stdout !== null) createInterface(server.child.stdout).once('line', line);
    });
    const { url } = JSON.parse(first) as { url: string };
    const reply = await fetch(`${url}/invocations`, {
      method: 'POST',
      headers: { 'content-type': 'text/csv' },
      body: 'likes,text,channel\n900,a video,news\n900,a video,music\n',
    });
    expect(await reply.json()).toEqual({ predictions: ['hot', 'cold'] });
    server.child.kill('SIGTERM');
    expect((await server.ended).code).toBe(0);
  });

  test('end the run at a cell that is no number, by its row and column, and at a column that is not there', async ({
    rig,
  }) => {
    await project(rig, 20);
    rig.write('data/table.csv', `${rig.read('data/table.csv')}"two\nlines",many,news,hot\n`);
    const wrong = await repro(rig, withColumns);
    expect(wrong.code).toBe(1);
    expect(wrong.err + readLog(rig)).toContain('data/table.csv row 22: "many" in the column "likes" is no number');
    const absent = await repro(rig, ['data.numeric_columns=[like]']);
    expect(absent.code).toBe(1);
    expect(absent.err + readLog(rig)).toContain('did you mean "likes"?');
  });
});

/** What the stages printed, of all runs. */
const readLog = (rig: Rig): string =>
  Object.keys(rig.tree('.mlp/logs'))
    .map((name) => readFileSync(rig.path(`.mlp/logs/${name}`), 'utf8'))
    .join('\n');
