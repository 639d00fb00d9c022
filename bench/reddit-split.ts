import { failureMessage } from '../src/core/failure.ts';
import type { Result } from '../src/core/result.ts';
import { dropRepeated, encodeLabels, readLabelledTexts } from '../src/ml/data/labelled-texts.ts';
import { splitTexts } from '../src/ml/data/split-files.ts';
import { redditFile } from './projects.ts';

/** A benchmark has no use for a failure but to say it. */
export function need<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(failureMessage(result.error));
  return result.value;
}

interface RedditPart {
  readonly texts: readonly string[];
  readonly y: Int32Array;
}

/** The Reddit comments without blanks and repeats, split 80 to 20 as the project's pipeline splits them. */
export async function redditSplit(): Promise<{ classes: readonly string[]; train: RedditPart; test: RedditPart }> {
  const source = { path: redditFile, textColumn: 'clean_comment', labelColumn: 'category', labels: null };
  const data = dropRepeated(need(await readLabelledTexts(source)));
  const split = need(splitTexts(data, redditFile, { testSize: 0.2, seed: 42 }));
  const { classes, y } = encodeLabels(data.labels);
  const part = (rows: Int32Array): RedditPart => ({
    texts: Array.from(rows, (row) => data.texts[row] ?? ''),
    y: Int32Array.from(rows, (row) => y[row] ?? 0),
  });
  return { classes, train: part(split.train), test: part(split.test) };
}
