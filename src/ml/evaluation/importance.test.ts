import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { seededRandom } from '../../core/random.ts';
import type { JsonObject } from '../../core/json.ts';
import { encodeLabels } from '../data/labelled-texts.ts';
import { trainField } from '../estimators.ts';
import { explainerOf } from '../explain/contributions.ts';
import { fitFeatures } from '../features/pipeline.ts';
import { defaultVectorizer } from '../features/vectorizer.ts';
import { readField } from '../fields.ts';
import { TrainedModel } from '../package/trained-model.ts';
import type { ModelInfo } from '../package/types.ts';
import { plainCleaning } from '../text/clean.ts';
import { evaluateModel } from './evaluate.ts';
import type { TermImportance } from './term-importance.ts';
import type { TellingTerms } from './telling-terms.ts';
import { writeEvaluation } from './write-report.ts';

const random = seededRandom(3);
const filler = ['video', 'today', 'watched', 'again', 'channel'];
const pick = (words: readonly string[]): string => words[Math.floor(random() * words.length)]!;
/** Praise and blame by a word each; neutral texts have neither. */
const told = { positive: ['lovely', 'great'], negative: ['awful', 'boring'], neutral: ['okay'] } as const;
const names = ['positive', 'negative', 'neutral'] as const;
const data = Array.from({ length: 300 }, (_, at) => {
  const label = names[at % 3]!;
  return { label, text: `${pick(filler)} ${pick(told[label])} ${pick(filler)}` };
});
const texts = data.map(({ text }) => text);
const labels = data.map(({ label }) => label);

async function trained(train: JsonObject): Promise<TrainedModel> {
  const fitted = await fitFeatures({ cleaning: plainCleaning, blocks: [defaultVectorizer] }, texts);
  const field = readField({ train }, 'train', trainField);
  if (!fitted.ok || !field.ok) throw new Error('no features, or no estimator');
  const { features, matrix } = fitted.value;
  const classifier = await field.value.estimator.fit({ x: matrix, ...encodeLabels(labels) });
  if (!classifier.ok) throw new Error(classifier.error.reason);
  const { algorithm, classes } = classifier.value;
  const info = { name: 'mood', algorithm, classes } as unknown as ModelInfo;
  const example = { input: '', prediction: { label: '', probabilities: [] } };
  return new TrainedModel(info, { features, classifier: classifier.value }, example);
}

interface Written {
  readonly page: string;
  readonly evaluation: { importance?: { explained: number; shuffled: number; terms: TermImportance[] } };
  readonly terms: TellingTerms[] | null;
  readonly mistakes: { text: string; predicted: string; terms?: { term: string; contribution: number }[] }[];
}

async function written(model: TrainedModel, asked: readonly string[], truth: readonly string[]): Promise<Written> {
  const evaluation = evaluateModel(model, { texts: asked, labels: truth, blank: 0 }, { source: 'x', seed: 1 });
  if (!evaluation.ok) throw new Error(evaluation.error.reason);
  const folder = await mkdtemp(join(tmpdir(), 'mlp-importance-'));
  const options = { terms: 6, mistakes: 3, against: null, seed: 1 };
  await writeEvaluation(folder, { evaluation: evaluation.value, model, inputs: asked }, options);
  const read = (file: string): Promise<string> => readFile(join(folder, file), 'utf8');
  const json = async (file: string): Promise<unknown> => JSON.parse(await read(file));
  const found = {
    page: await read('report.html'),
    evaluation: (await json('evaluation.json')) as Written['evaluation'],
    terms: (await json('terms.json')) as TellingTerms[] | null,
    mistakes: (await json('mistakes.json')) as Written['mistakes'],
  };
  await rm(folder, { recursive: true });
  return found;
}

const trees: JsonObject = { algorithm: 'boosted_trees', num_iterations: 20, min_data_in_leaf: 3 };
/** One text in ten has the wrong label. */
const truth = labels.map((label, at) => (at % 10 === 0 ? names[(names.indexOf(label) + 1) % 3]! : label));

it('of boosted trees it is told which words made texts what they are, and how much each counts', async () => {
  const { page, evaluation, terms } = await written(await trained(trees), texts, truth);
  const words = Object.fromEntries(terms!.map(({ label, words: own }) => [label, own.map(({ term }) => term)]));
  expect(words['positive']!.slice(0, 2).sort()).toEqual(['great', 'lovely']);
  expect(words['negative']!.slice(0, 2).sort()).toEqual(['awful', 'boring']);
  expect(words['neutral']![0]).toBe('okay');

  const { explained, shuffled, terms: counted } = evaluation.importance!;
  expect([explained, shuffled]).toEqual([300, 300]);
  const telling = counted.filter(({ term }) =>
    Object.values(told)
      .flat()
      .includes(term as 'great'),
  );
  expect(telling).toHaveLength(5);
  for (const { permutation, splits, gain } of telling) {
    expect(permutation[0]).toBeGreaterThan(0.05);
    expect(splits * gain).toBeGreaterThan(0);
  }
  expect(page).toContain('What speaks for each class');
  expect(page).toContain('Which terms count');
  expect(page).toMatch(/<bdi>okay<\/bdi><\/td><td><span class="tag right"><bdi>neutral<\/bdi><\/span> \+\d/);
});

it('mean SHAP values are those of the single texts', async () => {
  const model = await trained(trees);
  const { evaluation } = await written(model, texts.slice(0, 40), truth.slice(0, 40));
  const explain = explainerOf(model.classifier);
  if (typeof explain === 'string') throw new Error(explain);
  const x = model.features.transform(texts.slice(0, 40));
  for (const { term, rows, mean_abs_shap: size, mean_shap: mean } of evaluation.importance!.terms) {
    const column = Array.from({ length: x.columns }, (_, c) => c).find((c) => model.features.term(c).term === term)!;
    let sum = 0;
    const pushed = [0, 0, 0];
    for (let row = 0; row < 40; row++) {
      const own = explain(x, row).columns.subarray(column * 3, column * 3 + 3);
      sum += own.reduce((total, value) => total + Math.abs(value), 0) / 40;
      if (texts[row]!.split(' ').includes(term)) own.forEach((value, c) => (pushed[c]! += value));
    }
    expect(rows).toBe(texts.slice(0, 40).filter((text) => text.split(' ').includes(term)).length);
    expect(size).toBeCloseTo(sum, 5);
    mean.forEach((value, c) => {
      expect(value).toBeCloseTo(pushed[c]! / Math.max(1, rows), 5);
    });
  }
});

it.each([trees, { algorithm: 'linear_svm' }])(
  'the hardest mistakes of %j name the words that made them',
  async (train) => {
    const asked = ['today lovely video', 'video awful today'];
    const { page, mistakes, evaluation } = await written(await trained(train), asked, ['negative', 'positive']);
    const of = (text: string) => mistakes.find((mistake) => mistake.text === text)!;
    expect([of(asked[0]!).predicted, of(asked[0]!).terms![0]!.term]).toEqual(['positive', 'lovely']);
    expect([of(asked[1]!).predicted, of(asked[1]!).terms![0]!.term]).toEqual(['negative', 'awful']);
    expect(of(asked[0]!).terms![0]!.contribution).toBeGreaterThan(0);
    expect(page).toMatch(/<small class="soft"><bdi>lovely<\/bdi> \+\d\.\d\d/);
    expect('importance' in evaluation).toBe(train['algorithm'] === 'boosted_trees');
  },
);

it('models that cannot be explained list their mistakes as before', async () => {
  const { mistakes, page } = await written(await trained({ algorithm: 'knn' }), ['today lovely video'], ['negative']);
  expect(mistakes).toHaveLength(1);
  expect(mistakes[0]).not.toHaveProperty('terms');
  expect(page).not.toContain('Which terms count');
});

it('terms stand on the page without their markup, and the page asks for nothing', async () => {
  const model = await trained(trees);
  // A feature whose terms hold markup, whatever cut them.
  const hostile = '<script>alert(1)</script>';
  const features = Object.assign(Object.create(model.features) as typeof model.features, {
    term: () => ({ block: 0, term: hostile }),
  });
  const changed = new TrainedModel(
    model.info,
    { features, classifier: model.classifier },
    {
      input: '',
      prediction: { label: '', probabilities: [] },
    },
  );
  const { page } = await written(changed, ['today lovely video', ...texts], ['negative', ...truth]);
  expect(page.match(/&lt;script&gt;alert\(1\)/g)!.length).toBeGreaterThan(10);
  expect(page).not.toMatch(/<script|<img|<link (?!rel="icon" href="data:)|\bon\w+=['"]|https?:/i);
});
