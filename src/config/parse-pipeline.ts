import { posix } from 'node:path';
import { failure, type Failure } from '../core/failure.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { SourceRange } from '../core/source-range.ts';
import { buildModels } from './build-models.ts';
import { buildArtifacts, buildShown } from './build-shown.ts';
import { buildStage } from './build-stage.ts';
import { checkFields } from './check-shape.ts';
import { topFields } from './fields.ts';
import { newProblems } from './problems.ts';
import { describeRaw, type RawMap } from './raw.ts';
import { mapField, type Source } from './reading.ts';
import { expand } from './templates/expand.ts';
import type { ReadFile } from './templates/vars.ts';
import { formatOf, parseTree } from './tree.ts';
import type { PipelineConfig } from './types.ts';

/**
 * Reads a pipeline file: text -> tree with places -> templates filled in -> checked fields -> PipelineConfig.
 * `file` is its path relative to the workspace; the paths in it are relative to its folder.
 * `read` gives the files that templates take values from; those it was asked for are told in `sources`.
 * All problems come at once, by position, at most 20. Never throws, whatever the text.
 *
 * This module loads the YAML parser: commands that may do without reach it by a dynamic import.
 */
export function parsePipeline(
  text: string,
  file: string,
  read: ReadFile = () => undefined,
): Result<PipelineConfig, readonly Failure[]> {
  const tree = parseTree(text, file, formatOf(file) === 'JSON' ? 'JSON' : 'YAML');
  if (!tree.ok) return tree;
  const root = tree.value;
  const at = { file, line: 1, column: 1, length: 1 };
  if (root.kind === 'scalar' && root.value === null) return err([failure('empty-file', { file }, { at })]);
  if (root.kind !== 'map') {
    const expected = 'a map of fields such as stages';
    const detail = { field: 'the content', owner: file, expected, found: describeRaw(root) };
    return err([failure('wrong-type', detail, { at: root.at })]);
  }
  const source: Source = { file, folder: posix.dirname(file), problems: newProblems() };
  const asked = new Set<string>();
  const config = build(root, source, (path) => {
    asked.add(path);
    return read(path);
  });
  return source.problems.any()
    ? err(source.problems.sorted())
    : ok(asked.size === 0 ? config : { ...config, sources: [...asked] });
}

function build(root: RawMap, source: Source, read: ReadFile): PipelineConfig {
  const declared = mapField(root, 'stages');
  const expanded = expand(root, source.folder, { read, problems: source.problems });
  for (const { key, keyAt } of declared?.entries ?? []) checkStageName(key, keyAt, source);
  const stages = expanded.stages.map((stage) => buildStage(stage, source));
  const sound = source.problems.any() ? undefined : stages;
  const { top } = expanded;
  // The stages themselves are checked one by one, as they stand after templates.
  const plain = root.entries.filter(({ key }) => key === 'stages' || key === 'vars');
  const whole = { ...top, entries: [...top.entries, ...plain] };
  checkFields(whole, topFields, { owner: source.file, at: root.at, problems: source.problems });
  return {
    file: source.file,
    stages,
    models: buildModels(mapField(top, 'models'), sound, source),
    shown: buildShown(top, source),
    artifacts: buildArtifacts(mapField(top, 'artifacts'), source),
  };
}

function checkStageName(name: string, at: SourceRange, { problems }: Source): void {
  if (stageNamePattern.test(name)) return;
  const allowed = 'anything but ":", "@" and control characters';
  problems.add(failure('bad-name', { what: 'a stage', name, allowed }, { at }));
}

/** A colon ends the name of a file, an @ the name of a group. */
const stageNamePattern = /^[^\p{Cc}:@]+$/u;
