import { failure } from '../core/failure.ts';
import type { JsonValue } from '../core/json.ts';
import { err, ok, type Result } from '../core/result.ts';
import { standardParamsFile } from './build-params.ts';
import { rawToJson } from './raw.ts';
import { parseYamlTree } from './yaml-tree.ts';

/** One `-S` word, understood. */
export interface Assignment {
  readonly file: string;
  readonly key: string;
  readonly value: JsonValue;
  /** The value as typed. */
  readonly written: string;
  /** Whether a key that is not there is added. */
  readonly add: boolean;
  /** The whole word, for messages. */
  readonly text: string;
}

const wordPattern = /^(\+?)(?:([^=]+?\.(?:ya?ml|json|toml|py)):)?([^=]*)=(.*)$/is;

/** Understands `key=value`, `file.yaml:key=value` and `+key=value`; the value is a YAML 1.2 scalar, list or map. */
export function parseAssignment(text: string): Result<Assignment> {
  const refused = (problem: string) => err(failure('bad-assignment', { text, problem }));
  const [whole, plus, file, key = '', written = ''] = wordPattern.exec(text) ?? [];
  if (whole === undefined) return refused('it has no "="');
  if (key.trim() === '') return refused('no key stands before the "="');
  if (!/^[^.[\]\s][^\s]*$/.test(key) || /\.\.|\.$/.test(key)) return refused(`"${key}" is no key`);
  if (written.trim() === '') return refused('no value stands after the "="; an empty text is \'\', nothing is null');
  const value = typedValue(written.trim());
  if (value === undefined)
    return refused(`the value ${JSON.stringify(written)} has an open quote or bracket, or a key twice`);
  return ok({
    file: file ?? standardParamsFile,
    key,
    value,
    written: written.trim(),
    add: plus === '+',
    text,
  });
}

/** A quoted text, a list, a map or a plain scalar; what YAML would take for more than that, or for a comment, is text as it stands. */
function typedValue(written: string): JsonValue | undefined {
  const isDelimited = /^["'[{]/.test(written);
  if (!isDelimited && /(^|\s)#|^[&*!|>-]\s*\D|\n/.test(written) && !/^-\.inf$/i.test(written)) return written;
  const tree = parseYamlTree(written, 'the value');
  if (!tree.ok) return isDelimited ? undefined : written;
  return isDelimited || tree.value.kind === 'scalar' ? rawToJson(tree.value) : written;
}
