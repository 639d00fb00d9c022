import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { defaultVectorizer } from '../features/vectorizer.ts';
import { fitFeatures } from '../features/pipeline.ts';
import type { TrainedModel } from '../package/trained-model.ts';
import { plainCleaning } from '../text/clean.ts';
import { confusionSvg } from './confusion-svg.ts';
import { evaluateModel } from './evaluate.ts';
import type { Evaluation } from './evaluate.ts';
import { metricsOf } from './metrics-file.ts';
import type { Against } from './page.ts';
import { errorSlices } from './slices.ts';
import { writeEvaluation } from './write-report.ts';

const fitted = await fitFeatures({ cleaning: plainCleaning, blocks: [defaultVectorizer] }, [
  'known words here',
  'known',
]);
if (!fitted.ok) throw new Error(fitted.error.reason);
const { features } = fitted.value;

/** Says what the text begins with: `a 0.9 ...` is class a with probability 0.9. */
const parrot = (classes: readonly string[]): TrainedModel =>
  ({
    info: { name: 'parrot', algorithm: 'echo', classes },
    features,
    classifier: { classes, columnScores: () => null },
    predict: (texts: readonly string[]) =>
      texts.map((text) => {
        const [label = '', probability = ''] = text.split(' ');
        const own = Number(probability);
        return { label, probabilities: label === classes[0] ? [own, 1 - own] : [1 - own, own] };
      }),
    // The evaluation reads nothing else of a model.
  }) as unknown as TrainedModel;

const evaluate = (texts: string[], labels: string[], classes = ['a', 'b']): ReturnType<typeof evaluateModel> =>
  evaluateModel(parrot(classes), { texts, labels, blank: 0 }, { source: 'test.csv', seed: 1 });

const need = (found: ReturnType<typeof evaluateModel>): Evaluation => {
  if (!found.ok) throw new Error(found.error.reason);
  return found.value;
};

async function written(texts: string[], labels: string[], classes = ['a', 'b'], against: Against | null = null) {
  const folder = await mkdtemp(join(tmpdir(), 'mlp-evaluation-'));
  const evaluation = need(evaluate(texts, labels, classes));
  await writeEvaluation(
    folder,
    { evaluation, model: parrot(classes), inputs: texts },
    { terms: 5, mistakes: 1, against },
  );
  const names = ['predictions.csv', 'scores.csv', 'report.html', 'roc.csv', 'reliability.csv', 'slices.csv'] as const;
  const contents = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  await rm(folder, { recursive: true });
  return Object.fromEntries(names.map((name, at) => [name, contents[at]!])) as Record<(typeof names)[number], string>;
}

describe('an evaluation', () => {
  it('counts what was right, and puts the surest mistakes first', () => {
    const found = need(evaluate(['a 0.9', 'a 0.6', 'b 0.8', 'b 0.99'], ['a', 'b', 'b', 'a']));
    expect(found.scores.labels.accuracy).toBe(0.5);
    expect(Array.from(found.scores.labels.confusion)).toEqual([1, 1, 1, 1]);
    expect(found.mistakes.map(({ text }) => text)).toEqual(['b 0.99', 'a 0.6']);
    const surprise = -(Math.log(0.9) + Math.log(0.4) + Math.log(0.8) + Math.log(1 - 0.99)) / 4;
    expect(found.scores.logLoss).toBeCloseTo(surprise, 12);
    expect(metricsOf(found)).toMatchObject({ accuracy: 0.5, macro_f1: 0.5, classes: { a: { support: 2 } } });
  });

  it('leaves metrics out that the rows do not define', () => {
    const metrics = metricsOf(need(evaluate(['a 0.9', 'a 0.6'], ['a', 'a'])));
    expect(metrics).toMatchObject({ accuracy: 1, scores: { matthews: 0 } });
    expect(metrics).not.toHaveProperty('scores.roc_auc');
  });

  it('writes a line for every text asked about, and the scores of each class, for plots', async () => {
    const files = await written(['a 0.9', 'a 0.6', 'b 0.8', 'a 0.7'], ['a', 'b', 'b', 'a']);
    expect(files['predictions.csv']).toBe('truth,prediction\na,a\na,a\nb,a\nb,b\n');
    // a: 2 of the 3 named, both found. b: the one named, 1 of 2 found.
    expect(files['scores.csv']).toBe(
      'class,precision,recall,f1\na,0.666667,1.000000,0.800000\nb,1.000000,0.500000,0.666667\n',
    );
    expect(files['roc.csv'].split('\n').slice(0, 2)).toEqual([
      'false_positive_rate,a,b,mean',
      '0.00,1.000000,1.000000,1.000000',
    ]);
    expect(files['reliability.csv']).toContain('confidence,accuracy,rows\n0.600000,0.000000,1\n');
    expect(files['slices.csv']).toContain('without emoji,4,0.750000,');
  });

  it('a label that the model does not know is named with its row', () => {
    const found = evaluate(['a 0.9', 'a 0.6'], ['a', 'c']);
    expect(found.ok ? '' : found.error.detail).toMatchObject({ row: 3, label: 'c', known: ['a', 'b'] });
  });
});

describe('the page', () => {
  const hostile = `a 0.9 <script>alert(1)</script><img src="https://x.test/p" onerror='x'>\u202e\u0000\ud800 ${'w'.repeat(5000)}`;

  it('holds no markup of texts and labels, asks the network for nothing, and cuts long texts', async () => {
    const classes = ['a', '</style><script>'];
    const files = await written([hostile, 'a 0.6', 'a 0.7'], [classes[1]!, 'a', 'a'], classes);
    const page = files['report.html'];
    expect(page).toContain('&lt;script&gt;alert(1)');
    expect(page).not.toMatch(/<script|<img|<link (?!rel="icon" href="data:)|\bon\w+=['"]/i);
    expect(page.match(/<\/style>/g)).toHaveLength(1);
    expect(page).toContain("default-src 'none'");
    expect(page).not.toMatch(/[\u0000\u202e]/);
    expect(page).not.toContain('w'.repeat(1000));
  });

  it('says of two models which is better, or that nobody can tell', async () => {
    const gain = { first: 0.5, second: 0.6, gain: 0.1, interval: [0.01, 0.2] } as const;
    const mcnemar = { onlyFirst: 3, onlySecond: 12, exact: 0.0352, approximate: 0.0388 };
    const comparison = { rows: 3, accuracy: gain, macroF1: gain, mcnemar };
    const rows: [string[], string[]] = [
      ['a 0.9', 'b 0.6', 'a 0.7'],
      ['a', 'b', 'b'],
    ];
    const better = await written(...rows, ['a', 'b'], { name: 'old', comparison });
    expect(better['report.html']).toMatch(/<b>better<\/b>[^]*only this one on 12: McNemar&?.*p = 0\.035/);
    const unclear = { ...comparison, macroF1: { ...gain, interval: [-0.01, 0.2] as const } };
    const open = await written(...rows, ['a', 'b'], { name: 'old', comparison: unclear });
    expect(open['report.html']).toContain('not certainly different');
  });
});

it('slices tell rows apart by length, unknown words, script and emoji', () => {
  const texts = [
    'a 0.9 known',
    'a 0.9 known words here known',
    'b 0.9 слова слова слова',
    'b 0.6 zzz 😀',
    'a 0.9 known 語',
  ];
  const slices = errorSlices(need(evaluate(texts, ['a', 'a', 'b', 'a', 'b'])), texts, features);
  const of = (by: string): string[] =>
    slices.filter((each) => each.by === by).map(({ name, rows }) => `${name}: ${rows}`);
  expect(of('emoji')).toEqual(['with emoji: 1', 'without emoji: 4']);
  expect(of('script')).toEqual(['Latin: 3', 'Cyrillic: 1', 'mixed: 1']);
  expect(of('unknown words')).toEqual(['all words known: 3', 'more than half unknown: 2']);
  expect(slices.filter(({ by }) => by === 'length').reduce((sum, { rows }) => sum + rows, 0)).toBe(5);
  for (const { accuracy, interval } of slices) {
    expect(interval[0]).toBeLessThanOrEqual(accuracy);
    expect(interval[1]).toBeGreaterThanOrEqual(accuracy);
  }
});

it('the picture shows every count and share, and escapes names', () => {
  const svg = confusionSvg(['<a>', 'b & c'], Int32Array.of(3, 1, 0, 12));
  for (const part of ['&lt;a&gt;', 'b &amp; c', '>3<', '75.0 %', '>12<', '100.0 %', '0.0 %'])
    expect(svg).toContain(part);
  expect(svg).not.toContain('<a>');
});
