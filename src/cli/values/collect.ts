import { posix } from 'node:path';
import { standardParamsFile } from '../../config/build-params.ts';
import { parseParamsFile, selectParams } from '../../config/params-file.ts';
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
  for (const { file, keys, optional } of wanted) {
    const text = await source.text(file);
    if (!text.ok) problems.push(text.error);
    else if (text.value === undefined) {
      if (!optional) remarks.push(`${file} is not in ${source.name === 'workspace' ? 'the workspace' : source.name}`);
    } else {
      const values = parseParamsFile(text.value, file);
      if (values.ok) files.push({ file, values: flat(values.value, keys, kind) });
      else if (values.error.reason === 'unsupported-format') remarks.push(failureMessage(values.error));
      else problems.push(values.error);
    }
  }
  return problems.length > 0 ? err(problems) : ok({ name: source.name, files, remarks });
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
  const standard = posix.join(posix.dirname(config.file), standardParamsFile);
  const whole = new Set([standard, ...config.shown.params.map(({ path }) => path)]);
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
    ...[...whole].map((file): Wanted => ({ file, keys: 'all', optional: file === standard && !keys.has(file) })),
    ...partly.map(([file, read]): Wanted => ({ file, keys: [...read], optional: false })),
  ];
}
