import { failure } from '../core/failure.ts';
import { nearestNames } from '../core/nearest.ts';
import { innerPath } from './paths.ts';
import { describeRaw, entryOf, type RawEntry, type RawMap } from './raw.ts';
import { mapField, numberField, taken, textField, type Source } from './reading.ts';
import type { GatesConfig, ModelConfig, StageConfig } from './types.ts';

const namePattern = /^[\p{L}\p{N}][\p{L}\p{N}._-]*$/u;

/**
 * The entries of `models`. Their path, and metrics file where there is one, must be made by a stage. `stages` is undefined when
 * those have mistakes of their own: what they make is not known then.
 */
export function buildModels(
  models: RawMap | undefined,
  stages: readonly StageConfig[] | undefined,
  source: Source,
): ModelConfig[] {
  const outs = stages && new Set(stages.flatMap((stage) => stage.outs.map((out) => out.path)));
  return (models?.entries ?? []).flatMap((entry): ModelConfig[] => {
    const { key: name, keyAt: at, value: fields } = entry;
    if (!namePattern.test(name)) {
      const allowed = 'letters, digits, ".", "_" and "-"';
      source.problems.add(failure('bad-name', { what: 'a model', name, allowed }, { at }));
    }
    if (fields.kind !== 'map') return [];
    const path = madePath(entry, 'path', outs, source);
    const metrics = madePath(entry, 'metrics', outs, source);
    const testSet = testSetOf(mapField(fields, 'test_set'), source);
    return [
      {
        name,
        at,
        path: path ?? '',
        ...(metrics === undefined ? {} : { metrics }),
        ...(testSet === undefined ? {} : { testSet }),
        gates: gatesOf(mapField(fields, 'gates'), name, source),
      },
    ];
  });
}

function madePath(
  model: RawEntry,
  field: string,
  outs: ReadonlySet<string> | undefined,
  source: Source,
): string | undefined {
  const fields = model.value as RawMap;
  const written = textField(fields, field);
  const at = entryOf(fields, field)?.value.at;
  if (written === undefined || at === undefined) return undefined;
  const role = `${field} of model "${model.key}"`;
  const path = taken(innerPath(source.folder, written), { role, written, at }, source.problems);
  if (path !== undefined && outs?.has(path) === false) {
    const near = nearestNames(path, outs);
    source.problems.add(failure('not-an-out', { field, model: model.key, path, near }, { at }));
  }
  return path;
}

function testSetOf(fields: RawMap | undefined, source: Source): ModelConfig['testSet'] {
  const node = fields === undefined ? undefined : entryOf(fields, 'path')?.value;
  if (fields === undefined || node?.kind !== 'scalar') return undefined;
  const written = node.text;
  const path = taken(innerPath(source.folder, written), { role: 'test set', written, at: node.at }, source.problems);
  const textColumn = textField(fields, 'text_column');
  const labelColumn = textField(fields, 'label_column');
  if (path === undefined || textColumn === undefined || labelColumn === undefined) return undefined;
  return { path, textColumn, labelColumn };
}

function gatesOf(gates: RawMap | undefined, model: string, { problems }: Source): GatesConfig {
  if (gates === undefined) return { thresholds: [] };
  const maxLatencyMs = numberField(gates, 'max_latency_ms');
  const thresholds = (mapField(gates, 'thresholds')?.entries ?? []).flatMap(({ key: metric, keyAt, value }) => {
    if (value.kind !== 'map') return [];
    const min = numberField(value, 'min');
    const max = numberField(value, 'max');
    const minGain = numberField(value, 'min_gain');
    if (value.entries.length === 0 || (min !== undefined && max !== undefined && min > max)) {
      const owner = `the thresholds of model "${model}"`;
      const found = value.entries.length === 0 ? describeRaw(value) : `min ${min} above max ${max}`;
      const expected = 'at least one of min, max and min_gain, with min not above max';
      problems.add(failure('bad-value', { field: metric, owner, value: found, expected }, { at: keyAt }));
    }
    return [
      {
        metric,
        ...(min === undefined ? {} : { min }),
        ...(max === undefined ? {} : { max }),
        ...(minGain === undefined ? {} : { minGain }),
      },
    ];
  });
  return { thresholds, ...(maxLatencyMs === undefined ? {} : { maxLatencyMs }) };
}
