import type { ModelInput } from '../columns/column.ts';
import type { Spread, TrainingProfile } from '../features/profile.ts';
import type { ModelInfo } from './types.ts';

interface CardExample {
  readonly input: ModelInput;
  readonly label: string;
}

/** Model card (Mitchell et al. 2019) as Markdown, from what the package knows: for people, read by no program. The same model gives the same text. */
export function modelCard(info: ModelInfo, example: CardExample): string {
  const { profile } = info;
  return [
    `# ${code(info.name)}`,
    '',
    `Says of a text which of ${info.classes.length} labels fits it best: ${info.classes.map(code).join(', ')}. Learned by ${code(info.algorithm)}.`,
    '',
    ...(info.signature.columns === undefined ? [] : section('Other columns', otherColumns(info.signature.columns))),
    ...section('Trained on', profile === null ? ['Not known.'] : trainedOn(info.classes, profile)),
    ...section('Scores', scores(info)),
    ...section('Limits', limits(info.classes, profile)),
    ...section('How to use', howTo(example)),
    ...section('How it was made', [
      ...(info.fingerprint === null ? [] : [`Fingerprint of the stage: ${code(info.fingerprint)}.`, '']),
      ...settings('hyperparameter', info.hyperparameters),
      '',
      'How text becomes columns stands under `features` in `model.json`, beside this page.',
    ]),
  ].join('\n');
}

const section = (title: string, lines: readonly string[]): string[] => [`## ${title}`, '', ...lines, ''];

/** Any text as a code span on one line: with more backticks around than are within. */
function code(text: string): string {
  const line = text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ');
  const longest = Math.max(0, ...Array.from(line.matchAll(/`+/gu), ([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const padding = longest > 0 ? ' ' : '';
  return `${fence}${padding}${line}${padding}${fence}`;
}

/** In a table, also a code span ends at a bar. */
const cell = (text: string): string => code(text).replaceAll('|', '\\|');
const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

function trainedOn(classes: readonly string[], profile: TrainingProfile): string[] {
  const { rows, classRows, characters, words, unknownWords, scripts, emoji, blockColumns } = profile;
  const columns = blockColumns.reduce((sum, count) => sum + count, 0);
  const shares = Object.entries(scripts).sort(([, a], [, b]) => b - a);
  return [
    `${rows} texts, ${columns} columns.`,
    '',
    '| label | rows | share |',
    '| --- | ---: | ---: |',
    ...classes.map((label, c) => `| ${cell(label)} | ${classRows[c] ?? 0} | ${percent((classRows[c] ?? 0) / rows)} |`),
    '',
    '| of a text | least | 5 % | median | 95 % | most |',
    '| --- | ---: | ---: | ---: | ---: | ---: |',
    spread('characters', characters, String),
    ...(words === null ? [] : [spread('words', words, String)]),
    ...(unknownWords === null ? [] : [spread('words that the other texts lack', unknownWords, percent)]),
    '',
    `Scripts: ${shares.map(([name, share]) => `${name} ${percent(share)}`).join(', ')}. With emoji: ${percent(emoji)}.`,
  ];
}

const spread = (title: string, { quantiles }: Spread, shown: (value: number) => string): string =>
  `| ${title} | ${[0, 1, 10, 19, 20].map((at) => shown(quantiles[at] ?? 0)).join(' | ')} |`;

function scores({ metrics }: ModelInfo): string[] {
  const known = Object.entries(metrics);
  return [
    ...(known.length === 0 ? [] : ['Known when it was fitted:', '', ...settings('measure', shortened(metrics)), '']),
    'Scores on held-out texts belong to an evaluation, not to the model: in a pipeline of `mlp`, `artifacts/metrics.json` and `artifacts/evaluation/report.html`.',
  ];
}

const shortened = (metrics: ModelInfo['metrics']): Record<string, number> =>
  Object.fromEntries(Object.entries(metrics).map(([name, value]) => [name, Number(value.toFixed(4))]));

function limits(classes: readonly string[], profile: TrainingProfile | null): string[] {
  const common = `- It knows no label but these ${classes.length}, and gives one of them to any text, also to one that has none.`;
  if (profile === null) return [common];
  const [first, ...others] = Object.entries(profile.scripts).sort(([, a], [, b]) => b - a);
  const rare = others
    .filter(([, share]) => share < 0.05)
    .map(([name]) => name)
    .filter((name) => /^[A-Z]/u.test(name));
  const usual = profile.characters.quantiles;
  return [
    common,
    `- Nine in ten texts that it learned from have ${usual[1] ?? 0} to ${usual[19] ?? 0} characters. Of much shorter or longer ones it knows little.`,
    `- Most texts were in the script ${first?.[0] ?? 'none'}${rare.length === 0 ? '' : `; of ${rare.join(', ')} it saw few`}. Of scripts that it never saw, it knows nothing.`,
    ...(profile.unknownWords === null
      ? []
      : [
          `- In a new text of the same kind about ${percent(profile.unknownWords.mean)} of the words are unknown to it. Where it is far more, it is asked about something else.`,
        ]),
    '- It repeats what people said when they labelled the texts, with their errors and leanings.',
  ];
}

const otherColumns = (columns: NonNullable<ModelInfo['signature']['columns']>): string[] => [
  'Beside the text it looks at these columns of the row. Any of them may be missing.',
  '',
  '| column | holds |',
  '| --- | --- |',
  ...columns.map(({ name, type }) => `| ${cell(name)} | ${type === 'number' ? 'a number' : 'a category'} |`),
];

const howTo = ({ input, label }: CardExample): string[] => [
  '```sh',
  'mlp predict --package THIS_FOLDER "a text"',
  'mlp serve --package THIS_FOLDER',
  '```',
  '',
  'or in a program, with nothing but Node:',
  '',
  '```js',
  "import { loadModelPackage } from 'mlp-cli/ml';",
  "const loaded = await loadModelPackage('THIS_FOLDER');",
  "if (loaded.ok) console.log(loaded.value.predict(['a text']));",
  '```',
  '',
  `Its example: ${code((typeof input === 'string' ? input : JSON.stringify(input)).slice(0, 200))} gives ${code(label)}.`,
];

const settings = (title: string, values: Readonly<Record<string, unknown>>): string[] => [
  `| ${title} | value |`,
  '| --- | --- |',
  ...Object.entries(values).map(([name, value]) => `| ${cell(name)} | ${cell(JSON.stringify(value))} |`),
];
