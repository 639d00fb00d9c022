import { posix } from 'node:path';
import { standardParamsFile } from '../../config/build-params.ts';
import { parseParamsFile, selectParams } from '../../config/params-file.ts';
import { formatOf } from '../../config/tree.ts';
import type { PipelineConfig } from '../../config/types.ts';
import { failureMessage, type Failure } from '../../core/failure.ts';
import { flattenNumbers, flattenValues } from '../../core/flatten.ts';
import type { JsonObject } from '../../core/json.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { metricsFiles } from '../../pipeline/read-metrics.ts';
import type { FileValues, ValuesAt } from '../../report/values.ts';
import type { ValueKind } from '../../report/values-table.ts';
import type { ValuesSource } from './source.ts';

/** Values of one state, with remarks on files that tell nothing. */
export interface Collected extends ValuesAt {
  readonly remarks: readonly string[];
}

/** Reads every metrics or params file of a state. A malformed file is a failure; one that is not there is a remark. */
export async function collectValues(
  source: ValuesSource,
  kind: ValueKind,
): Promise<Result<Collected, readonly Failure[]>> {
  const wanted = kind === 'metric' ? wantedMetrics(source.config) : wantedParams(source.config);
  const files: FileValues[] = [];
  const remarks: string[] = [];
  const problems: Failure[] = [];
  for (const each of wanted) {
    const found = await textsOf(source, each);
    if (!found.ok) {
      problems.push(found.error);
      continue;
    }
    const { file, keys, optional } = each;
    if (found.value.length === 0 && !optional) {
      remarks.push(`${file} is not in ${source.name === 'workspace' ? 'the workspace' : source.name}`);
    }
    for (const { path, text } of found.value) {
      const values = parseParamsFile(text, path);
      if (values.ok) files.push({ file: path, values: flat(values.value, keys, kind) });
      else if (values.error.reason === 'unsupported-format') remarks.push(failureMessage(values.error));
      else problems.push(values.error);
    }
  }
  return problems.length > 0 ? err(problems) : ok({ name: source.name, files, remarks });
}

/** The file; of a folder, all files in it that may hold values. */
async function textsOf(
  source: ValuesSource,
  { file }: Wanted,
): Promise<Result<readonly { readonly path: string; readonly text: string }[]>> {
  const own = await source.text(file);
  if (!own.ok || own.value !== undefined) return own.ok ? ok([{ path: file, text: own.value ?? '' }]) : own;
  const inside = await source.list(file);
  if (!inside.ok) return inside;
  const texts: { path: string; text: string }[] = [];
  for (const path of (inside.value ?? []).filter((each) => formatOf(each) !== undefined)) {
    const text = await source.text(path);
    if (!text.ok) return text;
    if (text.value !== undefined) texts.push({ path, text: text.value });
  }
  return ok(texts);
}

function flat(values: JsonObject, keys: Wanted['keys'], kind: ValueKind): FileValues['values'] {
  if (kind === 'metric') return flattenNumbers(values);
  if (keys === 'all') return flattenValues(values);
  const chosen = keys.flatMap((key): [string, JsonObject[string]][] => {
    const value = selectParams(values, key);
    return value === undefined ? [] : [[key, value]];
  });
  return flattenValues(Object.fromEntries(chosen));
}

interface Wanted {
  readonly file: string;
  readonly keys: 'all' | readonly string[];
  /** Whether nobody asked for the file by name. */
  readonly optional: boolean;
}

const wantedMetrics = (config: PipelineConfig): Wanted[] =>
  metricsFiles(config, config.stages).map((file) => ({ file, keys: 'all', optional: false }));

/** params.yaml beside the pipeline file and files named for display are shown whole; of others, the keys that stages read. */
function wantedParams(config: PipelineConfig): Wanted[] {
  const standard = (config.files ?? [config.file]).map((file) => posix.join(posix.dirname(file), standardParamsFile));
  const whole = new Set([...standard, ...config.shown.params.map(({ path }) => path)]);
  const keys = new Map<string, Set<string>>();
  for (const { file, keys: read } of config.stages.flatMap((stage) => stage.params)) {
    if (read === 'all') whole.add(file);
    else {
      const known = keys.get(file) ?? new Set<string>();
      read.forEach(({ key }) => known.add(key));
      keys.set(file, known);
    }
  }
  const partly = [...keys].filter(([file]) => !whole.has(file));
  return [
    ...[...whole].map((file): Wanted => ({ file, keys: 'all', optional: standard.includes(file) && !keys.has(file) })),
    ...partly.map(([file, read]): Wanted => ({ file, keys: [...read], optional: false })),
  ];
}
