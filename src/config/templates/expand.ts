import { posix } from 'node:path';
import { failure } from '../../core/failure.ts';
import type { ExpandedStage } from '../build-stage.ts';
import { checkFields } from '../check-shape.ts';
import { groupFields } from '../fields.ts';
import type { Problems } from '../problems.ts';
import { describeRaw, entryOf, type RawEntry, type RawMap } from '../raw.ts';
import { listField } from '../reading.ts';
import { fill } from './fill.ts';
import { foreachInstances, matrixInstances, type Instance } from './groups.ts';
import { lookUp, type Scope } from './scope.ts';
import { emptyVars, holdsReference, loadStandardParams, loadVars, type LoadedVars, type VarsSource } from './vars.ts';

/** A pipeline file with nothing left to fill in. */
export interface Expanded {
  /** The top-level fields but `stages` and `vars`. */
  readonly top: RawMap;
  readonly stages: readonly ExpandedStage[];
}

interface Expansion extends VarsSource {
  readonly folder: string;
  readonly vars: LoadedVars;
}

/** Fills in `${...}` everywhere and makes one stage of every item of a group. */
export function expand(root: RawMap, folder: string, source: VarsSource): Expanded {
  // Files are read only where a template might use them, so that a plain pipeline depends on its own text alone.
  const isPlain = entryOf(root, 'vars') === undefined && !holdsReference(root);
  const start = emptyVars(root.at.file);
  const standard = isPlain ? start : loadStandardParams(start, folder, source);
  const vars = loadVars(standard, listField(root, 'vars'), folder, source);
  const expansion: Expansion = { ...source, folder, vars };
  const declared = entryOf(root, 'stages')?.value;
  const stages = declared?.kind === 'map' ? declared.entries : [];
  return {
    top: fillTop(root, expansion),
    stages: stages.flatMap((entry) => expandEntry(entry, expansion)),
  };
}

const untouched = new Set(['stages', 'vars']);

function fillTop(root: RawMap, { vars, problems }: Expansion): RawMap {
  const scope: Scope = { vars: vars.values, local: new Map() };
  const owner = root.at.file;
  const entries = root.entries
    .filter(({ key }) => !untouched.has(key))
    .map((entry) => ({
      ...entry,
      value: fill(entry.value, scope, { field: entry.key, owner, problems, takes: 'any' }),
    }));
  return { ...root, entries };
}

function expandEntry(entry: RawEntry, expansion: Expansion): ExpandedStage[] {
  const { key: name, keyAt: at, value: fields } = entry;
  const { problems, vars } = expansion;
  if (fields.kind !== 'map') {
    const detail = {
      field: name,
      owner: '"stages"',
      expected: 'a map of fields such as cmd',
      found: describeRaw(fields),
    };
    problems.add(failure('wrong-type', detail, { at: fields.at }));
    return [];
  }
  const scope: Scope = { vars: vars.values, local: new Map() };
  if (entryOf(fields, 'foreach') !== undefined || entryOf(fields, 'do') !== undefined) {
    checkFields(fields, groupFields, { owner: `stage "${name}"`, at, problems });
    const template = entryOf(fields, 'do')?.value;
    if (template?.kind !== 'map') {
      if (template !== undefined) addNoStage(name, template, problems);
      return [];
    }
    return stagesOf(entry, template, foreachInstances(entry, scope, problems), expansion);
  }
  if (entryOf(fields, 'matrix') !== undefined) {
    const template = { ...fields, entries: fields.entries.filter(({ key }) => key !== 'matrix') };
    return stagesOf(entry, template, matrixInstances(entry, scope, problems), expansion);
  }
  return [{ name, at, fields: fillStage(name, fields, scope, expansion) }];
}

function addNoStage(name: string, template: Parameters<typeof describeRaw>[0], problems: Problems): void {
  const detail = {
    field: 'do',
    owner: `stage "${name}"`,
    expected: 'a map of fields such as cmd',
    found: describeRaw(template),
  };
  problems.add(failure('wrong-type', detail, { at: template.at }));
}

function stagesOf(
  { key: group, keyAt: at }: RawEntry,
  template: RawMap,
  instances: readonly Instance[],
  expansion: Expansion,
): ExpandedStage[] {
  const nested = template.entries.find(({ key }) => key === 'matrix' || key === 'foreach' || key === 'do');
  if (nested !== undefined) {
    const owner = `"do" of stage "${group}"`;
    expansion.problems.add(failure('unknown-field', { field: nested.key, owner, near: [] }, { at: nested.keyAt }));
    return [];
  }
  return instances.map(({ key, local }) => {
    const scope: Scope = { vars: expansion.vars.values, local };
    return { name: `${group}@${key}`, group, at, fields: fillStage(group, template, scope, expansion) };
  });
}

/** A stage's fields with its own vars in reach; `vars` itself is used up. */
function fillStage(owner: string, fields: RawMap, scope: Scope, expansion: Expansion): RawMap {
  const { problems } = expansion;
  const place = { owner: `stage "${owner}"`, problems };
  const own = ownScope(owner, fields, scope, expansion);
  const entries = fields.entries.map((entry) => {
    if (entry.key === 'vars') return entry;
    const takes = entry.key === 'cmd' ? 'options' : 'scalars';
    return { ...entry, value: fill(entry.value, own, { ...place, field: entry.key, takes }) };
  });
  return { ...fields, entries };
}

function ownScope(owner: string, fields: RawMap, scope: Scope, expansion: Expansion): Scope {
  const items = listField(fields, 'vars');
  if (items.length === 0) return scope;
  const { problems } = expansion;
  const wdir = entryOf(fields, 'wdir')?.value;
  const place = { field: 'wdir', owner: `stage "${owner}"`, problems, takes: 'scalars' } as const;
  const filled = wdir === undefined ? undefined : fill(wdir, scope, place);
  const folder = filled?.kind === 'scalar' ? posix.join(expansion.folder, filled.text) : expansion.folder;
  const { values } = loadVars(expansion.vars, items, folder, expansion);
  const own: Scope = { vars: values, local: scope.local };
  for (const name of scope.local.keys()) {
    const again = lookUp({ vars: values, local: new Map() }, [name]);
    const before = lookUp({ vars: scope.vars, local: new Map() }, [name]);
    if (again === undefined || before !== undefined) continue;
    const detail = { name, source: `"vars" of stage "${owner}"`, first: 'the group itself' };
    problems.add(failure('variable-twice', detail, { at: again.at }));
  }
  return own;
}
