import { exitCode } from '../exit-code.ts';
import { didYouMean, kind } from './kind.ts';

const quoted = (names: readonly string[], most = 8): string => {
  const shown = names.slice(0, most).map((name) => `"${name}"`);
  return names.length > most ? `${shown.join(', ')} and ${names.length - most} more` : shown.join(', ');
};

/** Row 1 is the header, so that the number is the one a spreadsheet shows; `line` differs where fields hold line breaks. */
const atRow = (row: number, line?: number): string =>
  line === undefined || line === row ? `row ${row}` : `row ${row} (line ${line})`;

/** Tables of labelled texts, features, estimators and model packages. */
export const learningFailures = {
  'table-unreadable': kind<{ file: string; problem: string; param?: string }>({
    exit: exitCode.usage,
    message: (d) => `${d.file} cannot be read: ${d.problem}`,
    next: (d) => (d.param === undefined ? 'check the path' : `check ${d.param} in params.yaml`),
  }),
  'table-empty': kind<{ file: string }>({
    exit: exitCode.usage,
    message: (d) => `${d.file} holds no rows`,
    next: () => 'it needs a header row and at least one row below it',
  }),
  'table-malformed': kind<{ file: string; row: number; line?: number; problem: string }>({
    exit: exitCode.usage,
    message: (d) => `${d.file} ${atRow(d.row, d.line)}: ${d.problem}`,
    next: () => 'mend the row; a field with commas, quotes or line breaks is quoted, and quotes inside it are doubled',
  }),
  'column-missing': kind<{
    file: string;
    column: string;
    columns: readonly string[];
    near: readonly string[];
    param: string;
  }>({
    exit: exitCode.usage,
    message: (d) => `${d.file} has no column "${d.column}"; its columns are ${quoted(d.columns)}`,
    next: (d) => [didYouMean(d.near), `set ${d.param} in params.yaml`].filter((part) => part !== undefined).join(' '),
  }),
  'label-unknown': kind<{
    file: string;
    row: number;
    line?: number;
    label: string;
    known: readonly string[];
    near: readonly string[];
  }>({
    exit: exitCode.usage,
    message: (d) =>
      `${d.file} ${atRow(d.row, d.line)}: label "${d.label}" is not among data.labels (${quoted(d.known)})`,
    next: (d) => didYouMean(d.near) ?? 'mend the row, or name the label under data.labels in params.yaml',
  }),
  'single-class': kind<{ file: string; labels: readonly string[] }>({
    exit: exitCode.usage,
    message: (d) => `${d.file}: a classifier needs at least two labels, here is ${quoted(d.labels) || 'none'}`,
    next: () => 'check data.label_column and data.labels in params.yaml',
  }),
  'class-too-small': kind<{ what: string; label: string; rows: number; needed: number }>({
    exit: exitCode.usage,
    message: (d) => `${d.what}: label "${d.label}" has ${d.rows} row${d.rows === 1 ? '' : 's'}, ${d.needed} are needed`,
    next: () => 'add rows, or leave the label out',
  }),
  'learning-param': kind<{ param: string; problem: string; near: readonly string[] }>({
    exit: exitCode.usage,
    message: (d) => `parameter ${d.param} ${d.problem}`,
    next: (d) => didYouMean(d.near) ?? 'mend it in params.yaml',
  }),
  'no-terms': kind<{ texts: number }>({
    exit: exitCode.usage,
    message: (d) => `no terms are left of ${d.texts} texts`,
    next: () => 'lower min_df, raise max_df, or check that the text column holds text',
  }),
  'training-data-invalid': kind<{ problem: string }>({
    exit: exitCode.usage,
    message: (d) => `the training data cannot be used: ${d.problem}`,
    next: () => 'rows, labels and weights must match, and every value be finite',
  }),
  'fit-cancelled': kind<{ algorithm: string }>({
    exit: exitCode.interrupted,
    message: (d) => `training of ${d.algorithm} was cancelled`,
    next: () => undefined,
  }),
  'learning-artifact-invalid': kind<{ path: string; problem: string }>({
    exit: exitCode.usage,
    message: (d) => `${d.path} cannot be used: ${d.problem}`,
    next: () => 'mlp repro makes it anew',
  }),
  'model-package-missing': kind<{ folder: string }>({
    exit: exitCode.usage,
    message: (d) => `there is no model package in ${d.folder}`,
    next: () => 'a model package is a folder with model.json in it; mlp repro makes one',
  }),
  'model-package-invalid': kind<{ folder: string; problem: string }>({
    exit: exitCode.usage,
    message: (d) => `the model package in ${d.folder} cannot be used: ${d.problem}`,
    next: () => 'make it anew with mlp repro, or copy it again from where it came',
  }),
};
