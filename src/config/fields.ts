import {
  anything,
  either,
  flag,
  listOf,
  mapOf,
  nothing,
  object,
  text,
  type FieldTable,
  type FieldType,
} from './field-types.ts';

const noteFields: FieldTable = {
  desc: { type: text, doc: 'A description for readers.', example: 'desc: cleaned comments' },
  type: { type: text, doc: 'A kind of your own, such as model or dataset.', example: 'type: dataset' },
  labels: {
    type: listOf(text, 'a list of labels'),
    standard: '[]',
    doc: 'Labels of your own.',
    example: 'labels: [nlp]',
  },
  meta: { type: anything, doc: 'Anything; mlp does not look at it.', example: 'meta: {owner: data-team}' },
};

/** Options of one entry under `outs` and `metrics`. */
export const outFields: FieldTable = {
  cache: {
    type: flag,
    standard: 'true',
    doc: 'Whether a copy is kept in the cache. Without it the out is tracked by its hash alone, and is yours to put into git.',
    example: 'cache: false',
  },
  persist: {
    type: flag,
    standard: 'false',
    doc: 'Whether the out of the last good run stays in place when the stage runs, so that the command can add to it. What a failed run added is taken back.',
    example: 'persist: true',
  },
  remote: {
    type: text,
    standard: 'the default remote',
    doc: 'The remote that this out is pushed to and fetched from.',
    example: 'remote: large-files',
  },
  push: { type: flag, standard: 'true', doc: 'Whether the out is pushed to a remote.', example: 'push: false' },
  checkpoint: {
    type: flag,
    doc: 'Accepted as in old files of DVC, and without effect in either.',
    example: 'checkpoint: true',
  },
  ...noteFields,
};

/** How one plot looks; on a stage these stand beside the options of an out. */
const styleFields: FieldTable = {
  template: { type: text, standard: 'linear', doc: 'The kind of drawing.', example: 'template: confusion' },
  x: { type: text, standard: 'the row number', doc: 'Field of the horizontal axis.', example: 'x: step' },
  y: { type: text, standard: 'the last field', doc: 'Field of the vertical axis.', example: 'y: loss' },
  x_label: { type: text, standard: 'the field name', doc: 'Text at the horizontal axis.', example: 'x_label: Steps' },
  y_label: { type: text, standard: 'the field name', doc: 'Text at the vertical axis.', example: 'y_label: Loss' },
  title: { type: text, standard: 'the path', doc: 'Text above the plot.', example: 'title: Training loss' },
  header: {
    type: flag,
    standard: 'true',
    doc: 'Whether the first row of a CSV file names its fields.',
    example: 'header: false',
  },
};

/** Options of one entry under a stage's `plots`. */
export const plotOutFields: FieldTable = { ...outFields, ...styleFields };

const fieldOrFields = listOf(text, 'a list of fields');

/** A plot under the top-level `plots`: x and y may draw from several files. */
export const plotFields: FieldTable = {
  ...styleFields,
  x: {
    type: either(text, mapOf(text, 'a map from file to field')),
    standard: 'the row number',
    doc: 'Field of the horizontal axis, or a map from file to field.',
    example: 'x: {history.csv: step}',
  },
  y: {
    type: either(text, fieldOrFields, mapOf(either(text, fieldOrFields), 'a map from file to fields')),
    standard: 'the last field',
    doc: 'Field or fields of the vertical axis, or a map from file to them.',
    example: 'y: {history.csv: [train_loss, test_loss]}',
  },
};

const command = either(text, listOf(text, 'a list of commands'));
const vars = listOf(either(text, mapOf(anything, 'a map of values')), 'a list of maps and files');
const paths = listOf(text, 'a list of paths');
const withOptions = (options: FieldType): FieldType =>
  listOf(either(text, mapOf(options, 'a path with options')), 'a list of paths, with or without options');
const outOptions = object(outFields, 'a map of options');
const plotOptions = object(plotOutFields, 'a map of options');

/** One entry under `stages`. */
export const stageFields: FieldTable = {
  cmd: {
    type: command,
    required: true,
    doc: 'What the stage runs, in the shell: text, each line of it a command (a line that ends in a backslash goes on in the next), or a list of commands. They run in order; a failing one ends the stage.',
    example: 'cmd: node --import tsx stages/train.ts',
  },
  wdir: {
    type: text,
    standard: 'the folder of the pipeline file',
    doc: 'The folder the commands run in. All paths of the stage are relative to it.',
    example: 'wdir: training',
  },
  deps: {
    type: paths,
    standard: '[]',
    doc: 'Files and directories the stage reads. A change in any of them makes it run.',
    example: 'deps: [stages/train.ts, data/train.csv]',
  },
  params: {
    type: listOf(
      either(text, mapOf(either(nothing, listOf(text, 'a list of keys')), 'a file with its keys')),
      'a list of keys and files',
    ),
    standard: '[]',
    doc: 'Parameters the stage reads: keys of params.yaml (a key stands for all below it), keys of another file as {file: [keys]}, or all of a file as {file: null}. A changed value makes the stage run.',
    example: 'params: [train.c, {settings.json: [seed]}]',
  },
  outs: {
    type: withOptions(outOptions),
    standard: '[]',
    doc: 'Files and directories the stage makes. They are removed before it runs and stored in the cache afterwards.',
    example: 'outs: [artifacts/model, {data/big.bin: {push: false}}]',
  },
  metrics: {
    type: withOptions(outOptions),
    standard: '[]',
    doc: 'Outs that hold numbers to show and compare: JSON or YAML files.',
    example: 'metrics: [{metrics.json: {cache: false}}]',
  },
  plots: {
    type: withOptions(plotOptions),
    standard: '[]',
    doc: 'Outs to draw: CSV, JSON or pictures.',
    example: 'plots: [{history.csv: {x: step, y: loss}}]',
  },
  env: {
    type: mapOf({ kind: 'scalar' }, 'a map from variable to value'),
    standard: '{}',
    doc: 'Environment variables of the commands. A value is part of what the stage depends on; null passes on the value mlp was started with.',
    example: 'env: {PYTHONHASHSEED: 0, CUDA_VISIBLE_DEVICES: null}',
  },
  timeout: {
    type: { kind: 'duration' },
    standard: 'none',
    doc: 'How long the stage may run: seconds, or a duration such as 90s, 15m or 2h. After it the stage and all it started is ended.',
    example: 'timeout: 15m',
  },
  retries: {
    type: { kind: 'number', integer: true, min: 0, max: 100 },
    standard: '0',
    doc: 'How often a failing stage is tried again, after a pause that grows.',
    example: 'retries: 2',
  },
  frozen: {
    type: flag,
    standard: 'false',
    doc: 'Whether the stage is left alone: never checked, never run, its outs taken as they are.',
    example: 'frozen: true',
  },
  always_changed: {
    type: flag,
    standard: 'false',
    doc: 'Whether the stage runs every time, whatever its inputs.',
    example: 'always_changed: true',
  },
  desc: { type: text, doc: 'A description for readers.', example: 'desc: trains the classifier' },
  meta: { type: anything, doc: 'Anything; mlp does not look at it.', example: 'meta: {owner: data-team}' },
  vars: {
    type: vars,
    standard: '[]',
    doc: 'Values for ${...} in this stage alone; written as the top-level vars, with files relative to wdir.',
    example: 'vars: [{kernel: linear}]',
  },
  matrix: {
    type: mapOf(either(text, listOf(anything, 'a list of values')), 'a map from variable to list'),
    doc: 'Makes one stage for every combination of these values, named stage@a-b. ${item.variable} and ${key} stand for them.',
    example: 'matrix: {model: [svm, logreg], seed: [1, 2]}',
  },
};

/** An entry under `stages` that makes one stage for each item. */
export const groupFields: FieldTable = {
  foreach: {
    type: either(text, listOf(anything, 'a list'), mapOf(anything, 'a map')),
    required: true,
    doc: 'The items: a list, a map, or ${...} that stands for one. A stage is named stage@value, stage@0 for lists of maps or lists, stage@key for maps.',
    example: 'foreach: [en, de, fr]',
  },
  do: {
    type: anything,
    required: true,
    doc: 'The stage to make of each item, with ${item} and, for maps, ${key}.',
    example: 'do: {cmd: "python train.py ${item}", outs: ["models/${item}"]}',
  },
};

/** `test_set` of a model. */
export const testSetFields: FieldTable = {
  path: { type: text, required: true, doc: 'A CSV file of labelled rows.', example: 'path: artifacts/splits/test.csv' },
  text_column: { type: text, required: true, doc: 'The column with the text.', example: 'text_column: comment' },
  label_column: {
    type: text,
    required: true,
    doc: 'The column with the right answer.',
    example: 'label_column: label',
  },
};

/** The bounds of one metric under `thresholds`. */
export const thresholdFields: FieldTable = {
  min: { type: { kind: 'number' }, doc: 'The least value.', example: 'min: 0.8' },
  max: { type: { kind: 'number' }, doc: 'The greatest value.', example: 'max: 0.5' },
  min_gain: {
    type: { kind: 'number' },
    doc: 'How much higher than the model in production; 0 means not lower.',
    example: 'min_gain: 0',
  },
};

/** `gates` of a model. */
export const gatesFields: FieldTable = {
  thresholds: {
    type: mapOf(object(thresholdFields, 'a map of bounds'), 'a map from metric to bounds'),
    standard: '{}',
    doc: 'Bounds by metric, each with min, max or min_gain.',
    example: 'thresholds: {accuracy: {min: 0.8}, macro_f1: {min_gain: 0}}',
  },
  max_latency_ms: {
    type: { kind: 'number', min: 0 },
    standard: 'none',
    doc: 'Milliseconds that one prediction may take, median, in a fresh process.',
    example: 'max_latency_ms: 50',
  },
};

/** One entry under `models`. */
export const modelFields: FieldTable = {
  path: { type: text, required: true, doc: 'The out that holds the model package.', example: 'path: artifacts/model' },
  metrics: {
    type: text,
    doc: 'The metrics file that describes the model.',
    example: 'metrics: artifacts/metrics.json',
  },
  test_set: {
    type: object(testSetFields, 'a map of path, text_column and label_column'),
    doc: 'Labelled rows that the candidate and the model in production are both asked about before a promotion.',
    example: 'test_set: {path: data/test.csv, text_column: text, label_column: label}',
  },
  gates: {
    type: object(gatesFields, 'a map of gates'),
    standard: '{}',
    doc: 'What a version must meet to be promoted.',
    example: 'gates: {thresholds: {accuracy: {min: 0.8}}}',
  },
};

/** One entry under `artifacts`. */
export const artifactFields: FieldTable = {
  path: { type: text, required: true, doc: 'The file or directory.', example: 'path: artifacts/model' },
  ...noteFields,
};

/** The fields at the top of a pipeline file. The entries of `stages` are checked one by one, after templates are filled in. */
export const topFields: FieldTable = {
  stages: {
    type: mapOf(anything, 'a map from name to stage'),
    standard: '{}',
    doc: 'The stages by name. A file without any may still say what mlp metrics, params and plots show.',
    example: 'stages: {train: {cmd: node train.js, deps: [train.js], outs: [model]}}',
  },
  vars: {
    type: vars,
    standard: '[]',
    doc: 'Values for ${...}: maps, or files as path or path:key1,key2. params.yaml beside the pipeline file is loaded first.',
    example: 'vars: [{lang: en}, "settings.json:seed"]',
  },
  params: {
    type: paths,
    standard: '[]',
    doc: 'Further files that mlp params shows.',
    example: 'params: [settings.json]',
  },
  metrics: {
    type: paths,
    standard: '[]',
    doc: 'Further files that mlp metrics shows.',
    example: 'metrics: [report.json]',
  },
  plots: {
    type: either(
      listOf(
        either(text, mapOf(either(nothing, object(plotFields, 'a map of options')), 'an id with options')),
        'a list of plots',
      ),
      mapOf(either(nothing, object(plotFields, 'a map of options')), 'a map from id to options'),
    ),
    standard: '[]',
    doc: 'Further plots, by the path of a file or by an id of your own.',
    example: 'plots: [history.csv, {losses: {y: {history.csv: [train, test]}}}]',
  },
  artifacts: {
    type: mapOf(object(artifactFields, 'a map of fields'), 'a map from name to artifact'),
    standard: '{}',
    doc: 'Names and notes for files, as DVC has them.',
    example: 'artifacts: {classifier: {path: artifacts/model, type: model}}',
  },
  datasets: {
    type: anything,
    doc: 'Data sets that DVC fetches. Accepted, so that its files are valid; mlp does not look at it.',
    example: 'datasets: [{name: nlp, type: url, url: "https://example.org/nlp.zip"}]',
  },
  models: {
    type: mapOf(object(modelFields, 'a map of fields'), 'a map from name to model'),
    standard: '{}',
    doc: 'Models that the pipeline makes and the registry keeps, with the gates of their promotion.',
    example: 'models: {sentiment: {path: model}}',
  },
};
