import { posix } from 'node:path';
import { failure, type Failure } from '../core/failure.ts';
import { err, ok, type Result } from '../core/result.ts';
import { buildModels } from './build-models.ts';
import { buildArtifacts, buildShown } from './build-shown.ts';
import { buildStage, type ExpandedStage } from './build-stage.ts';
import { checkFields } from './check-shape.ts';
import { topFields } from './fields.ts';
import { newProblems } from './problems.ts';
import { describeRaw, type RawMap } from './raw.ts';
import { mapField, type Source } from './reading.ts';
import { formatOf, parseTree } from './tree.ts';
import type { PipelineConfig } from './types.ts';

/**
 * Reads a pipeline file: text -> tree with places -> templates filled in -> checked fields -> PipelineConfig.
 * `file` is its path relative to the workspace; the paths in it are relative to its folder.
 * All problems come at once, by position, at most 20. Never throws, whatever the text.
 *
 * This module loads the YAML parser: commands that may do without reach it by a dynamic import.
 */
export function parsePipeline(text: string, file: string): Result<PipelineConfig, readonly Failure[]> {
  const tree = parseTree(text, file, formatOf(file) ?? 'YAML');
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
  const config = build(root, source);
  return source.problems.any() ? err(source.problems.sorted()) : ok(config);
}

function build(root: RawMap, source: Source): PipelineConfig {
  checkFields(root, topFields, { owner: source.file, at: root.at, problems: source.problems });
  const declared = mapField(root, 'stages');
  if (declared?.entries.length === 0) {
    source.problems.add(failure('no-stages', { file: source.file }, { at: declared.at }));
  }
  const stages = expandStages(declared, source).map((stage) => buildStage(stage, source));
  return {
    file: source.file,
    stages,
    models: buildModels(mapField(root, 'models'), stages, source),
    shown: buildShown(root, source),
    artifacts: buildArtifacts(mapField(root, 'artifacts'), source),
  };
}

function expandStages(declared: RawMap | undefined, { problems }: Source): ExpandedStage[] {
  return (declared?.entries ?? []).flatMap(({ key: name, keyAt: at, value }): ExpandedStage[] => {
    if (!stageNamePattern.test(name)) {
      const allowed = 'letters, digits, "_", "-" and blanks';
      problems.add(failure('bad-name', { what: 'a stage', name, allowed }, { at }));
    }
    if (value.kind === 'map') return [{ name, at, fields: value }];
    const detail = {
      field: name,
      owner: '"stages"',
      expected: 'a map of fields such as cmd',
      found: describeRaw(value),
    };
    problems.add(failure('wrong-type', detail, { at: value.at }));
    return [];
  });
}

/** DVC's rule: no punctuation but these two. */
const stageNamePattern = /^[^\p{Cc}!-,./:-@[-^`{-~]+$/u;
