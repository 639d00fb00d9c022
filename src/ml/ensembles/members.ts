import { isJsonObject, type JsonValue } from '../../core/json.ts';
import type { ClassifierReader, FittedClassifier, TrainingSet } from '../estimator.ts';
import type { Parts } from '../io/parts.ts';
import { selectRows } from '../sparse/csr.ts';

/** Models inside of a model: their arrays stand side by side under the number of the model. */
export function membersToParts(members: readonly FittedClassifier[]): Parts {
  const all = members.map((member) => member.toParts());
  const arrays = all.flatMap((parts, number) =>
    Object.entries(parts.arrays).map(([name, array]) => [`${number}.${name}`, array] as const),
  );
  const described = members.map(({ algorithm, metrics }, number) => {
    const { meta } = all[number] ?? { meta: {} };
    return { algorithm, metrics: { ...metrics }, meta };
  });
  return { meta: { members: described }, arrays: Object.fromEntries(arrays) };
}

/** The inverse, for models of the same classes; a text says what is wrong. */
export function membersFromParts(
  { meta, arrays }: Parts,
  classes: readonly string[],
  read: ClassifierReader,
): readonly FittedClassifier[] | string {
  const { members } = meta;
  if (!Array.isArray(members) || members.length === 0) return 'it has no members';
  const found: FittedClassifier[] = [];
  for (const [number, given] of (members as readonly JsonValue[]).entries()) {
    if (!isJsonObject(given)) return `member ${number} is broken`;
    const { algorithm, metrics, meta: own } = given;
    if (typeof algorithm !== 'string' || !isJsonObject(metrics) || !isJsonObject(own))
      return `member ${number} is broken`;
    const prefix = `${number}.`;
    const ownArrays = Object.entries(arrays)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, array]) => [name.slice(prefix.length), array] as const);
    const known = { algorithm, classes, metrics: numbersOf(metrics) };
    const member = read({ meta: own, arrays: Object.fromEntries(ownArrays) }, known);
    if (typeof member === 'string') return `member ${number}: ${member}`;
    found.push(member);
  }
  return found;
}

const numbersOf = (metrics: Readonly<Record<string, JsonValue>>): Record<string, number> =>
  Object.fromEntries(
    Object.entries(metrics).filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
  );

/** Some of the rows, in the given order. */
export const rowsOf = (data: TrainingSet, rows: Int32Array): TrainingSet => ({
  x: selectRows(data.x, rows),
  y: Int32Array.from(rows, (row) => data.y[row] ?? 0),
  classes: data.classes,
  ...(data.rowWeights === undefined
    ? {}
    : { rowWeights: Float64Array.from(rows, (row) => data.rowWeights?.[row] ?? 1) }),
});
