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
  'number-invalid': kind<{ file: string; row: number; line?: number; column: string; cell: string }>({
    exit: exitCode.usage,
    message: (d) => `${d.file} ${atRow(d.row, d.line)}: "${d.cell}" in the column "${d.column}" is no number`,
    next: () =>
      'mend the row; an empty cell is a missing number, and a column of names belongs under data.categorical_columns',
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
  'thread-ended': kind<{ algorithm: string; problem: string }>({
    exit: exitCode.stageFailed,
    message: (d) => `training of ${d.algorithm} lost one of its threads: ${d.problem}`,
    next: () => 'where memory ran out, fewer threads need less: num_threads',
  }),
  'learning-artifact-invalid': kind<{ path: string; problem: string }>({
    exit: exitCode.usage,
    message: (d) => `${d.path} cannot be used: ${d.problem}`,
    next: () => 'mlp repro makes it anew',
  }),
  'engine-missing': kind<{ engine: string; path: string; variable: string }>({
    exit: exitCode.usage,
    message: (d) => `the library of ${d.engine}, which trains it, is not installed: there is no ${d.path}`,
    next: (d) => `mlp engine install ${d.engine} fetches it; or ${d.variable} names a library that is there`,
  }),
  'engine-not-for-system': kind<{ engine: string; system: string; variable: string }>({
    exit: exitCode.usage,
    message: (d) => `there is no library of ${d.engine} to install on ${d.system}`,
    next: (d) => `build it, and name it in ${d.variable}`,
  }),
  'engine-not-fetched': kind<{ file: string; from: string; problem: string }>({
    exit: exitCode.stageFailed,
    message: (d) => `${d.file} could not be fetched from ${d.from}: ${d.problem}`,
    next: () => 'try again, or bring the file along and name it with --wheel; PIP_INDEX_URL names another index',
  }),
  'engine-wheel-invalid': kind<{ file: string; problem: string }>({
    exit: exitCode.usage,
    message: (d) => `what came as ${d.file} is not that file: ${d.problem}`,
    next: () => 'nothing was kept; fetch it from PyPI itself, with PIP_INDEX_URL=https://pypi.org/simple',
  }),
  'engine-unusable': kind<{ engine: string; path: string; problem: string }>({
    exit: exitCode.usage,
    message: (d) => `the library ${d.path} of ${d.engine} cannot be used: ${d.problem}`,
    next: (d) =>
      d.problem.includes('gomp')
        ? 'install the GNU OpenMP runtime: apt-get install libgomp1, dnf install libgomp, or apk add libgomp'
        : d.problem.includes('libomp')
          ? 'install the OpenMP runtime: brew install libomp'
          : `mlp engine install ${d.engine} fetches one that is known to work`,
  }),
  'engine-failed': kind<{ engine: string; problem: string }>({
    exit: exitCode.usage,
    message: (d) => `${d.engine} cannot train: ${d.problem}`,
    next: () => 'check the parameters under train in params.yaml',
  }),
  'npm-package-missing': kind<{ package: string; algorithm: string; instead: string }>({
    exit: exitCode.usage,
    message: (d) => `${d.algorithm} trains with the npm package ${d.package}, which is not installed here`,
    next: (d) => `npm install ${d.package}; or set train.algorithm to ${d.instead}, which needs no package of npm`,
  }),
  'npm-package-failed': kind<{ package: string; problem: string }>({
    exit: exitCode.usage,
    message: (d) => `the npm package ${d.package} cannot train: ${d.problem}`,
    next: () => 'check the parameters under train in params.yaml',
  }),
  'npm-package-limit': kind<{ algorithm: string; problem: string; instead: string }>({
    exit: exitCode.usage,
    message: (d) => `the training data are too much for ${d.algorithm}: ${d.problem}`,
    next: (d) => `set train.algorithm to ${d.instead}, which has no such limit`,
  }),
  'tree-model-invalid': kind<{ file: string; problem: string }>({
    exit: exitCode.usage,
    message: (d) => `${d.file} cannot be used as a model of trees: ${d.problem}`,
    next: () => 'save it with save_model: LightGBM as text, XGBoost as .json or .ubj',
  }),
  'onnx-unsupported': kind<{ model: string; problem: string }>({
    exit: exitCode.usage,
    message: (d) => `the model ${d.model} cannot be written as ONNX: ${d.problem}`,
    next: () => 'linear models and tree ensembles can; the model package serves any of them on Node alone',
  }),
  'lightgbm-unsupported': kind<{ model: string; problem: string }>({
    exit: exitCode.usage,
    message: (d) => `the model ${d.model} cannot be written as a LightGBM model: ${d.problem}`,
    next: () => 'models of boosted_trees and lightgbm can; mlp models export --onnx knows more kinds',
  }),
  'word-vectors-invalid': kind<{ file: string; problem: string }>({
    exit: exitCode.usage,
    message: (d) => `${d.file} cannot be read as word vectors: ${d.problem}`,
    next: () =>
      'it must be in the format of word2vec or GloVe, unpacked; featurize.word2vec.vectors in params.yaml names it',
  }),
  'explain-unsupported': kind<{ model: string; problem: string }>({
    exit: exitCode.usage,
    message: (d) => `what the model ${d.model} says cannot be explained: ${d.problem}`,
    next: () => 'linear models and boosted trees can be explained; mlp predict without --explain asks any model',
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
