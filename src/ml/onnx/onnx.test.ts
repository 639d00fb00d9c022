import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../core/random.ts';
import { largestOfRows } from '../estimator.ts';
import type { FittedClassifier } from '../estimator.ts';
import { LinearClassifier, outputsOf } from '../linear/linear-classifier.ts';
import type { CsrMatrix } from '../sparse/csr.ts';
import { absentValue, nodeFlags } from '../trees/ensemble.ts';
import { treesFromLightgbm } from '../trees/lightgbm-model.ts';
import { TreeClassifier, treeClassifier } from '../trees/tree-classifier.ts';
import { treesFromXgboost } from '../trees/xgboost-model.ts';
import { onnxOf } from './export.ts';
import { message, numberField, numbersField, textField } from './protobuf.ts';

const names = (count: number): string[] =>
  Array.from({ length: count }, (_, c) => (c === 1 ? 'naïve "1"' : `class ${c}`));

function linear(classes: number, columns: number, link: 'softmax' | 'one_vs_rest' = 'softmax'): LinearClassifier {
  const random = seededRandom(classes);
  const outputs = outputsOf(classes);
  const numbers = (length: number): Float64Array => Float64Array.from({ length }, () => 4 * random() - 2);
  return new LinearClassifier({
    ...{ algorithm: 'linear_svm', classes: names(classes), columns, metrics: {}, sharpness: 1.7, link },
    ...{ weights: numbers(columns * outputs), intercepts: numbers(outputs) },
  });
}

function sparseRows(rows: number, columns: number, seed: number): CsrMatrix {
  const random = seededRandom(seed);
  const [indices, values, indptr]: number[][] = [[], [], [0]];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      if (random() > 0.3) continue;
      indices!.push(column);
      values!.push(3 * random() - 1);
    }
    indptr!.push(indices!.length);
  }
  return {
    rows,
    columns,
    indptr: Int32Array.from(indptr!),
    indices: Int32Array.from(indices!),
    values: Float64Array.from(values!),
  };
}

/** What test/peers/trees.json holds of models that LightGBM and XGBoost made. */
interface TreeCase {
  readonly name: string;
  readonly library: 'lightgbm' | 'xgboost';
  readonly model: string;
  readonly columns: number;
  readonly indptr: number[];
  readonly indices: number[];
  readonly values: (number | null)[];
  readonly classes: number;
}

const treeCases = (JSON.parse(readFileSync('test/peers/trees.json', 'utf8')) as TreeCase[]).map((given) => {
  const bytes = inflateSync(Buffer.from(given.model, 'base64'));
  const trees = given.library === 'lightgbm' ? treesFromLightgbm(bytes.toString()) : treesFromXgboost(bytes);
  if (typeof trees === 'string') throw new Error(trees);
  const model = treeClassifier({ algorithm: given.library, classes: names(given.classes), metrics: {} }, trees);
  if (typeof model === 'string') throw new Error(model);
  const x: CsrMatrix = {
    ...{ rows: given.indptr.length - 1, columns: given.columns, indptr: Int32Array.from(given.indptr) },
    ...{ indices: Int32Array.from(given.indices), values: Float64Array.from(given.values, (value) => value ?? NaN) },
  };
  return { name: given.name, model, x };
});

const cases: { name: string; model: FittedClassifier; x: CsrMatrix }[] = [
  { name: 'linear, 2 classes', model: linear(2, 40), x: sparseRows(60, 40, 1) },
  { name: 'linear, 5 classes', model: linear(5, 300), x: sparseRows(60, 300, 2) },
  { name: 'linear, one against the rest', model: linear(4, 50, 'one_vs_rest'), x: sparseRows(60, 50, 3) },
  ...treeCases,
];

describe('the encoding', () => {
  it('is that of Protocol Buffers', () => {
    // The examples of its documentation: field 1 = 150, field 2 = "testing", field 6 = [3, 270, 86942].
    expect([...numberField(1, 150)]).toEqual([0x08, 0x96, 0x01]);
    expect(Buffer.from(textField(2, 'testing')).toString('hex')).toBe('120774657374696e67');
    expect(Buffer.from(numbersField(6, [3, 270, 86942])).toString('hex')).toBe('3206038e029ea705');
    expect([...message(numberField(1, 2 ** 40))]).toEqual([0x08, 0x80, 0x80, 0x80, 0x80, 0x80, 0x20]);
  });

  it('is the same for the same model, and names what cannot be written', () => {
    expect(onnxOf(linear(3, 9), 'm')).toEqual(onnxOf(linear(3, 9), 'm'));
    const strange = { algorithm: 'knn', classes: names(3), columns: 9 } as unknown as FittedClassifier;
    expect(onnxOf(strange, 'm')).toBe('knn is neither a linear model nor an ensemble of trees');
    const { model } = treeCases[0]!;
    const categorical = { ...model.trees, flags: model.trees.flags.map(() => nodeFlags.categorical) };
    const known = { algorithm: 'lightgbm', classes: model.classes, metrics: {} };
    expect(onnxOf(new TreeClassifier(known, categorical), 'm')).toBe('its trees ask for categories');
    const refused = treeCases.map((each) => onnxOf(each.model, 'm')).filter((outcome) => typeof outcome === 'string');
    expect(new Set(refused)).toEqual(new Set(['its trees take zeros for missing values']));
  });
});

const python = process.env['MLP_TEST_PYTHON'];
if (python === undefined) {
  process.stderr.write('ONNX files are not tried with onnxruntime: MLP_TEST_PYTHON names no Python that has it\n');
}

/** All columns of every row; what is not there is what the model takes it for. */
function dense(x: CsrMatrix, absent: number): (number | null)[] {
  const cells = new Float64Array(x.rows * x.columns).fill(absent);
  for (let row = 0; row < x.rows; row++) {
    for (let at = x.indptr[row]!; at < x.indptr[row + 1]!; at++)
      cells[row * x.columns + x.indices[at]!] = x.values[at]!;
  }
  return Array.from(cells, (value) => (Number.isNaN(value) ? null : value));
}

describe.skipIf(python === undefined)('in onnxruntime', () => {
  it('every model gives the same labels, and probabilities within 1e-6', { timeout: 60_000 }, () => {
    const asked = cases.flatMap(({ name, model, x }) => {
      const file = onnxOf(model, name);
      if (typeof file === 'string') return [];
      const features = dense(x, model instanceof TreeClassifier ? absentValue(model.trees) : 0);
      const question = { model: Buffer.from(file).toString('base64'), rows: x.rows, columns: x.columns, features };
      return [{ name, model, x, question }];
    });
    expect(asked.length).toBeGreaterThan(5);
    const said = execFileSync(python ?? '', ['test/peers/onnx_reference.py'], {
      input: JSON.stringify(asked.map(({ question }) => question)),
      maxBuffer: 2 ** 28,
      encoding: 'utf8',
    });
    const answers = JSON.parse(said) as { label: string[]; probabilities: number[] }[];
    for (const [at, { name, model, x }] of asked.entries()) {
      const ours = model.probabilities(x);
      const theirs = answers[at]!;
      expect(theirs.probabilities.length, name).toBe(ours.length);
      ours.forEach((probability, i) => {
        expect(Math.abs(probability - theirs.probabilities[i]!), `${name}, ${i}`).toBeLessThan(1e-6);
      });
      const labels = Array.from(largestOfRows(ours, model.classes.length), (c) => model.classes[c]);
      expect(theirs.label, name).toEqual(labels);
    }
  });
});
