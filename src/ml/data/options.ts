import type { JsonValue } from '../../core/json.ts';
import { described, flag, listOf, real, text, whole } from '../fields.ts';
import type { Field, ValuesOf } from '../fields.ts';
import type { ColumnInput } from '../columns/column.ts';
import { mostColumns } from '../columns/numeric-block.ts';
import type { LabelledSource } from './labelled-texts.ts';

const isName = (value: JsonValue): value is string | number => typeof value === 'string' || typeof value === 'number';

/** A list of labels, a map from the file's labels to names, or null. YAML reads labels such as 1 and -1 as numbers; names are texts. */
const readLabels: Field<LabelledSource['labels']> = (given) => {
  if (given === undefined || given === null) return { value: null };
  if (Array.isArray(given) && given.length > 0 && (given as readonly JsonValue[]).every(isName)) {
    return { value: (given as readonly (string | number)[]).map(String) };
  }
  if (typeof given === 'object' && !Array.isArray(given) && Object.values(given).every(isName)) {
    return { value: Object.fromEntries(Object.entries(given as Readonly<Record<string, string | number>>).map(([label, name]) => [label.trim(), String(name)])) };
  }
  return { problem: `must be a list of labels or a map from label to name, not ${JSON.stringify(given)}` };
};

const name = { type: ['string', 'number'] };
const labels = described(
  {
    anyOf: [
      { type: 'null' },
      { type: 'array', items: name, minItems: 1 },
      { type: 'object', additionalProperties: name },
    ],
  },
  readLabels,
);

const someNames = listOf(text(), { least: 0, most: mostColumns });
/** Names of columns; none where nothing is given. */
const columnNames = described<readonly string[]>({ ...someNames.schema, default: [] }, (given) =>
  given === undefined || given === null ? { value: [] } : someNames(given),
);

/** What params.yaml may say under `data`. */
export const dataFields = {
  path: text(),
  text_column: text('text'),
  label_column: text('label'),
  labels,
  numeric_columns: columnNames,
  categorical_columns: columnNames,
};

type DataParams = ValuesOf<typeof dataFields>;

/** What params.yaml may say under `preprocess`. */
export const preprocessFields = {
  drop_repeated: flag(true),
  test_size: real({ above: 0, below: 1 }, 0.2),
  seed: whole({ min: 0, max: 2 ** 32 - 1 }, 42),
};

/** The columns beside the text that models learn from. */
export const columnInputs = (params: DataParams): ColumnInput[] => [
  ...params.numeric_columns.map((name) => ({ name, type: 'number' as const })),
  ...params.categorical_columns.map((name) => ({ name, type: 'string' as const })),
];

export const labelledSource = (params: DataParams): LabelledSource => ({
  path: params.path,
  textColumn: params.text_column,
  labelColumn: params.label_column,
  labels: params.labels,
  columns: columnInputs(params),
});
