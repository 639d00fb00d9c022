import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../core/random.ts';
import type { FittedBlock } from '../features/block.ts';
import { joinColumns } from '../sparse/csr.ts';
import type { CsrMatrix } from '../sparse/csr.ts';
import { encodings, fitCategories } from './category-block.ts';
import type { CellValue, TableColumns } from './column.ts';
import { fitNumeric } from './numeric-block.ts';
import { imputations, scalings } from './scaling.ts';

const python = process.env['MLP_TEST_PYTHON'];
if (python === undefined) {
  process.stderr.write('columns are not compared with scikit-learn: MLP_TEST_PYTHON names no Python that has it\n');
}

interface Part {
  readonly numbers: Record<string, (number | null)[]>;
  readonly categories: Record<string, string[]>;
}

const names = ['news', 'Über', 'a b', '😀', '！', 'ﬁ', 'x,y', '"', '', 'music', 'z1', 'z2', 'z3'];

/** Numbers of many sizes, some missing, some constant or nearly so; categories of which a few are rare. */
function table(rows: number, seed: number): Part {
  const random = seededRandom(seed);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const column = (make: () => number, missing: number): (number | null)[] =>
    Array.from({ length: rows }, () => (random() < missing ? null : make()));
  return {
    numbers: {
      likes: column(() => Math.floor(Math.exp(3 * normal())), 0.1),
      // Further from zero, the last digit of the mean alone would be more than the bound.
      far: column(() => 1e5 + normal(), 0.3),
      tiny: column(() => 1e-9 * normal(), 0),
      huge: column(() => 1e60 * normal(), 0.05),
      constant: column(() => 0.1, 0.2),
      zero: column(() => 0, 0),
      flags: column(() => (random() < 0.9 ? 1 : 0), 0),
    },
    categories: {
      channel: Array.from({ length: rows }, () => names[Math.floor(names.length * random() ** 3)] ?? ''),
      other: Array.from({ length: rows }, () => (random() < 0.5 ? 'yes' : 'no')),
    },
  };
}

const columnsOf = ({ numbers, categories }: Part): TableColumns =>
  new Map<string, CellValue[]>([...Object.entries(numbers), ...Object.entries(categories)]);

function dense({ rows, columns, indptr, indices, values }: CsrMatrix): number[][] {
  return Array.from({ length: rows }, (_, row) => {
    const out = new Array<number>(columns).fill(0);
    for (let at = indptr[row]!; at < indptr[row + 1]!; at++) out[indices[at]!] = values[at]!;
    return out;
  });
}

const cases = [
  ...scalings.flatMap((scaling) =>
    imputations.map((impute) => ({
      scaling,
      impute,
      addIndicator: impute === 'mean',
      encoding: 'one_hot' as const,
      minFrequency: 1,
    })),
  ),
  ...encodings.flatMap((encoding) =>
    [1, 5, 40, 1000, 0.05].map((minFrequency) => ({
      scaling: 'none' as const,
      impute: 'zero' as const,
      addIndicator: false,
      encoding,
      minFrequency,
    })),
  ),
];

describe.skipIf(python === undefined)('against scikit-learn', () => {
  it(
    'numbers are imputed and scaled, and categories encoded, as a ColumnTransformer does it',
    { timeout: 60_000 },
    () => {
      const seed = Math.floor(Math.random() * 1e6);
      const [train, asked] = [table(300, seed), table(60, seed + 1)];
      asked.categories['channel']![0] = 'never seen';
      const question = JSON.stringify({ train, asked, cases });
      const answer = JSON.parse(
        execFileSync(python ?? '', ['test/peers/columns_reference.py'], {
          input: question,
          maxBuffer: 2 ** 29,
          encoding: 'utf8',
        }),
      ) as { train: number[][]; asked: number[][] }[];
      for (const [number, { scaling, impute, addIndicator, encoding, minFrequency }] of cases.entries()) {
        const fits = [
          fitNumeric(
            { kind: 'numeric', columns: Object.keys(train.numbers), scaling, impute, addIndicator },
            columnsOf(train),
            300,
          ),
          ...Object.keys(train.categories).map((column) =>
            fitCategories({ kind: 'categorical', column, encoding, minFrequency }, columnsOf(train), 300),
          ),
        ];
        const blocks: FittedBlock[] = [];
        const rows: CsrMatrix[] = [];
        for (const fitted of fits) {
          if (!fitted.ok) throw new Error(fitted.error.reason);
          blocks.push(fitted.value.block);
          rows.push(fitted.value.matrix);
        }
        const said = `seed ${seed}, ${scaling}, ${impute}, ${encoding}, ${minFrequency}`;
        const texts = new Array<string>(60).fill('');
        const ours = joinColumns(blocks.map((block) => block.transform(texts, columnsOf(asked))));
        expectNear(dense(joinColumns(rows)), answer[number]!.train, said);
        expectNear(dense(ours), answer[number]!.asked, said);
      }
    },
  );
});

/** Within 1e-9, relative where numbers are above 1. */
function expectNear(ours: number[][], theirs: number[][], said: string): void {
  expect(
    ours.map((row) => row.length),
    said,
  ).toEqual(theirs.map((row) => row.length));
  let worst = 0;
  for (const [row, values] of ours.entries()) {
    for (const [column, value] of values.entries()) {
      const other = theirs[row]![column]!;
      worst = Math.max(worst, Math.abs(value - other) / Math.max(1, Math.abs(other)));
    }
  }
  expect(worst, said).toBeLessThan(1e-9);
}
