import { quantile } from '../../core/bootstrap.ts';
import { asJsonObject, isJsonObject } from '../../core/json.ts';
import type { JsonObject, JsonValue } from '../../core/json.ts';
import { noColumns } from '../columns/column.ts';
import type { TableColumns } from '../columns/column.ts';
import { columnProfiles, columnProfilesFromJson } from '../columns/profile.ts';
import type { ColumnProfile } from '../columns/profile.ts';
import type { TrainingSet } from '../estimator.ts';
import { hasEmoji, scriptOf } from '../text/script.ts';
import type { FittedFeatures } from './pipeline.ts';
import { wordCoverage } from './word-coverage.ts';

/** How a number is spread over the texts. */
export interface Spread {
  readonly mean: number;
  /** At 0, 5, 10, ... 100 %: twenty parts of as many texts each, which a comparison with later texts can count in. */
  readonly quantiles: readonly number[];
}

/** What a model learned from, in numbers: enough to tell later whether the texts it is asked about are still of that kind. Holds no text. */
export interface TrainingProfile {
  readonly rows: number;
  /** Rows of each class, in the order of the classes. */
  readonly classRows: readonly number[];
  /** Length in UTF-16 units. */
  readonly characters: Spread;
  /** As the features cut them; null where they know no single words. */
  readonly words: Spread | null;
  /** Share of a text's words that the vocabulary would lack had it been learned without that text; null as above. */
  readonly unknownWords: Spread | null;
  /** Share of the texts by the script of their letters. */
  readonly scripts: Readonly<Record<string, number>>;
  /** Share of the texts with an emoji. */
  readonly emoji: number;
  /** Columns of each block of features. */
  readonly blockColumns: readonly number[];
  /** Of the table's other columns; not there for models of text alone. */
  readonly columns?: readonly ColumnProfile[];
}

const parts = 20;
/** Of more texts, so many evenly spread ones are measured: their quantiles are as good, and a fit stays quick. */
const mostMeasured = 5000;

/** Profile of the raw texts (and other columns) that `data` was made of by `features`, row by row. */
export function profileOf(
  features: FittedFeatures,
  data: TrainingSet,
  all: readonly string[],
  table: TableColumns = noColumns,
): TrainingProfile {
  const texts = all.length > mostMeasured ? evenly(all, mostMeasured) : all;
  const classRows = data.classes.map(() => 0);
  for (const c of data.y) classRows[c] = (classRows[c] ?? 0) + 1;
  const coverage = wordCoverage(features, texts, data.x);
  const scripts = new Map<string, number>();
  for (const text of texts) {
    const script = scriptOf(text);
    scripts.set(script, (scripts.get(script) ?? 0) + 1);
  }
  return {
    rows: all.length,
    classRows,
    characters: spreadOf(Float64Array.from(texts, (text) => text.length)),
    words: coverage === null ? null : spreadOf(Float64Array.from(coverage.words)),
    unknownWords:
      coverage === null
        ? null
        : spreadOf(Float64Array.from(coverage.unknown, (count, row) => count / Math.max(1, coverage.words[row] ?? 0))),
    scripts: Object.fromEntries([...scripts].sort().map(([name, count]) => [name, rounded(count / texts.length)])),
    emoji: rounded(texts.filter(hasEmoji).length / texts.length),
    blockColumns: features.blocks.map(({ columns }) => columns),
    ...(features.inputs.length === 0 ? {} : { columns: columnProfiles(features.inputs, table, all.length) }),
  };
}

const evenly = (texts: readonly string[], count: number): string[] =>
  Array.from({ length: count }, (_, at) => texts[Math.floor((at * texts.length) / count)] ?? '');

const rounded = (value: number): number => Number(value.toFixed(4));

function spreadOf(values: Float64Array): Spread {
  const sorted = values.sort();
  const mean = sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
  return {
    mean: rounded(mean),
    quantiles: Array.from({ length: parts + 1 }, (_, part) => rounded(quantile(sorted, part / parts))),
  };
}

export const profileToJson = (profile: TrainingProfile): JsonObject => asJsonObject(profile);

/** Reads back what `profileToJson` gave, for a model of so many classes; undefined when anything in it is wrong. */
export function profileFromJson(given: JsonValue | undefined, classes: number): TrainingProfile | undefined {
  if (!isJsonObject(given)) return undefined;
  const { rows, classRows, characters, words, unknownWords, scripts, emoji, blockColumns } = given;
  if (!isAmount(rows) || !isAmount(emoji) || !isAmounts(classRows) || classRows.length !== classes) return undefined;
  if (!isSpread(characters) || !(words === null || isSpread(words))) return undefined;
  if (!(unknownWords === null || isSpread(unknownWords)) || !isAmounts(blockColumns)) return undefined;
  if (!isJsonObject(scripts) || !Object.values(scripts).every(isAmount)) return undefined;
  const shares = scripts as Readonly<Record<string, number>>;
  const profile = { rows, classRows, characters, words, unknownWords, scripts: shares, emoji, blockColumns };
  if (given['columns'] === undefined) return profile;
  const columns = columnProfilesFromJson(given['columns']);
  return columns === undefined ? undefined : { ...profile, columns };
}

const isAmount = (value: JsonValue | undefined): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0;

const isAmounts = (value: JsonValue | undefined): value is readonly number[] =>
  Array.isArray(value) && value.every(isAmount);

function isSpread(value: JsonValue | undefined): value is JsonObject & Spread {
  if (!isJsonObject(value)) return false;
  const { mean, quantiles } = value;
  return isAmount(mean) && isAmounts(quantiles) && quantiles.length === parts + 1;
}
