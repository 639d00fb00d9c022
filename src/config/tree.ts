import { failure, type Failure } from '../core/failure.ts';
import { err, type Result } from '../core/result.ts';
import { parseJsonTree } from './json-tree.ts';
import { limits } from './limits.ts';
import { parsePythonTree } from './python/python-tree.ts';
import type { RawNode } from './raw.ts';
import { parseTomlTree } from './toml-tree.ts';
import { parseYamlTree } from './yaml-tree.ts';

export type TreeFormat = 'YAML' | 'JSON' | 'TOML' | 'Python';

const formats: readonly (readonly [RegExp, TreeFormat])[] = [
  [/\.ya?ml$/i, 'YAML'],
  [/\.json$/i, 'JSON'],
  [/\.toml$/i, 'TOML'],
  [/\.py$/i, 'Python'],
];

const parsers = { YAML: parseYamlTree, JSON: parseJsonTree, TOML: parseTomlTree, Python: parsePythonTree };

/** Told by the name's end; a name without one of these is no file of values. */
export const formatOf = (file: string): TreeFormat | undefined => formats.find(([pattern]) => pattern.test(file))?.[1];

/** A document with the place of every value. Never throws, whatever the text. */
export function parseTree(text: string, file: string, format: TreeFormat): Result<RawNode, readonly Failure[]> {
  const most = format === 'YAML' || format === 'JSON' ? limits.fileLength : limits.handWrittenLength;
  if (text.length > most) {
    return err([failure('file-too-complex', { problem: `it has over ${most} characters` }, atStart(file))]);
  }
  return parsers[format](text, file);
}

const atStart = (file: string) => ({ at: { file, line: 1, column: 1, length: 1 } });
