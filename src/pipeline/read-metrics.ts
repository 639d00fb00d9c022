import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseParamsFile } from '../config/params-file.ts';
import { readText } from '../config/read-text.ts';
import { formatOf } from '../config/tree.ts';
import type { PipelineConfig, StageConfig } from '../config/types.ts';
import { flattenNumbers } from '../core/flatten.ts';
import type { JsonObject } from '../core/json.ts';
import { ok, type Result } from '../core/result.ts';
import { filesBelow } from '../fs/files-below.ts';

/** The metrics files that the pipeline declares: of its stages, then those named at the top. */
export function metricsFiles(config: Pick<PipelineConfig, 'shown'>, stages: readonly StageConfig[]): string[] {
  const made = stages.flatMap((stage) => stage.outs.filter((out) => out.kind === 'metric').map((out) => out.path));
  return [...new Set([...made, ...config.shown.metrics.map((ref) => ref.path)])];
}

/** Every number in the metrics files as they stand. A file that is missing or is no metrics file tells nothing. */
export const readMetrics = (root: string, files: readonly string[]): Record<string, number> =>
  nameMetrics(files.flatMap((file) => filesOf(root, file)).map((file) => ({ file, values: numbersIn(root, file) })));

/** A folder stands for the files in it that may hold values. */
function filesOf(root: string, path: string): readonly string[] {
  try {
    return filesBelow(root, path)?.filter((file) => formatOf(file) !== undefined) ?? [path];
  } catch {
    return [];
  }
}

/** Numbers of several files by one name each: the dotted key, with the file in front where two files have the same key. */
export function nameMetrics(
  files: readonly { readonly file: string; readonly values: Readonly<Record<string, number>> }[],
): Record<string, number> {
  const times = new Map<string, number>();
  for (const { values } of files) for (const name of Object.keys(values)) times.set(name, (times.get(name) ?? 0) + 1);
  const named = files.flatMap(({ file, values }) =>
    Object.entries(values).map(
      ([name, value]) => [(times.get(name) ?? 0) > 1 ? `${file}:${name}` : name, value] as const,
    ),
  );
  return Object.fromEntries(named);
}

function numbersIn(root: string, file: string): Record<string, number> {
  if (!existsSync(join(root, file))) return {};
  const text = readText(root, file);
  const values: Result<JsonObject> = text.ok ? parseParamsFile(text.value, file) : ok({});
  return values.ok ? flattenNumbers(values.value) : {};
}
