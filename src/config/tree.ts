import { failure, type Failure } from '../core/failure.ts';
import { err, type Result } from '../core/result.ts';
import { parseJsonTree } from './json-tree.ts';
import { limits } from './limits.ts';
import type { RawNode } from './raw.ts';
import { parseYamlTree } from './yaml-tree.ts';

export type TreeFormat = 'YAML' | 'JSON';

/** Told by the name's end; a name without one of these is no file of values. */
export function formatOf(file: string): TreeFormat | undefined {
  if (/\.ya?ml$/i.test(file)) return 'YAML';
  return /\.json$/i.test(file) ? 'JSON' : undefined;
}

/** A document with the place of every value. Never throws, whatever the text. */
export function parseTree(text: string, file: string, format: TreeFormat): Result<RawNode, readonly Failure[]> {
  if (text.length > limits.fileLength) {
    return err([
      failure('file-too-complex', { problem: `it has over ${limits.fileLength} characters` }, atStart(file)),
    ]);
  }
  return format === 'JSON' ? parseJsonTree(text, file) : parseYamlTree(text, file);
}

const atStart = (file: string) => ({ at: { file, line: 1, column: 1, length: 1 } });
