import { failure } from '../../core/failure.ts';
import type { Problems } from '../problems.ts';
import { describeRaw, entryOf, type RawEntry, type RawMap, type RawNode } from '../raw.ts';
import { fill } from './fill.ts';
import type { Scope } from './scope.ts';
import { scalarText } from './unpack.ts';

/** One stage that a group stands for, before its own templates are filled in. */
export interface Instance {
  /** What follows the `@`. */
  readonly key: string;
  readonly local: ReadonlyMap<string, RawNode>;
}

/** More would be a mistake, and would take the memory of the machine. */
const mostInstances = 100_000;

/** The items of `foreach`: of equal names the last counts, at the place of the first. */
export function foreachInstances(group: RawEntry, scope: Scope, problems: Problems): Instance[] {
  const { key: name, value: fields } = group;
  const written = fields.kind === 'map' ? entryOf(fields, 'foreach')?.value : undefined;
  if (written === undefined) return [];
  const items = fill(written, scope, { field: 'foreach', owner: `stage "${name}"`, problems, takes: 'any' });
  const count = items.kind === 'map' ? items.entries.length : items.kind === 'list' ? items.items.length : 0;
  if (count > mostInstances) {
    problems.add(failure('too-many-stages', { group: name, count, most: mostInstances }, { at: group.keyAt }));
    return [];
  }
  if (items.kind === 'map') {
    return distinct(
      items.entries.map(({ key, value, keyAt }) => ({
        key,
        local: new Map<string, RawNode>([
          ['item', value],
          ['key', { kind: 'scalar', value: key, text: key, at: keyAt, span: [0, 0] }],
        ]),
      })),
    );
  }
  if (items.kind === 'scalar') {
    const detail = {
      field: 'foreach',
      owner: `stage "${name}"`,
      expected: 'a list or a map',
      found: describeRaw(items),
    };
    problems.add(failure('wrong-type', detail, { at: written.at }));
    return [];
  }
  const byIndex = items.items.some((item) => item.kind !== 'scalar');
  return distinct(
    items.items.map((item, index) => ({
      key: byIndex || item.kind !== 'scalar' ? String(index) : scalarText(item),
      local: new Map([['item', item]]),
    })),
  );
}

/** Every combination of `matrix`, the last variable running fastest. */
export function matrixInstances(group: RawEntry, scope: Scope, problems: Problems): Instance[] {
  const { key: name, value: fields } = group;
  const written = fields.kind === 'map' ? entryOf(fields, 'matrix')?.value : undefined;
  if (written === undefined) return [];
  const owner = `stage "${name}"`;
  const matrix = fill(written, scope, { field: 'matrix', owner, problems, takes: 'any' });
  const mismatch = (field: string, expected: string, node: RawNode): void => {
    problems.add(failure('wrong-type', { field, owner, expected, found: describeRaw(node) }, { at: node.at }));
  };
  if (matrix.kind !== 'map') {
    mismatch('matrix', 'a map from variable to list', matrix);
    return [];
  }
  const axes = matrix.entries.flatMap(({ key, value }) => {
    if (value.kind === 'list') return [{ variable: key, values: value.items }];
    mismatch(key, 'a list of values', value);
    return [];
  });
  const count = axes.reduce((product, { values }) => product * values.length, 1);
  if (count > mostInstances) {
    problems.add(failure('too-many-stages', { group: name, count, most: mostInstances }, { at: group.keyAt }));
    return [];
  }
  return axes.length < matrix.entries.length ? [] : distinct(combinations(axes, matrix));
}

interface Axis {
  readonly variable: string;
  readonly values: readonly RawNode[];
}

function combinations(axes: readonly Axis[], matrix: RawMap): Instance[] {
  let partial: { names: string[]; entries: RawEntry[] }[] = [{ names: [], entries: [] }];
  for (const { variable, values } of axes) {
    const entry = entryOf(matrix, variable);
    if (entry === undefined) continue;
    partial = partial.flatMap(({ names, entries }) =>
      values.map((value, index) => ({
        names: [...names, value.kind === 'scalar' ? scalarText(value) : `${variable}${index}`],
        entries: [...entries, { ...entry, value }],
      })),
    );
  }
  return partial.map(({ names, entries }) => {
    const key = names.join('-');
    const keyNode: RawNode = { kind: 'scalar', value: key, text: key, at: matrix.at, span: [0, 0] };
    return {
      key,
      local: new Map<string, RawNode>([
        ['item', { ...matrix, entries }],
        ['key', keyNode],
      ]),
    };
  });
}

const distinct = (instances: readonly Instance[]): Instance[] => [
  ...new Map(instances.map((instance) => [instance.key, instance])).values(),
];
