import { parse, YAMLError } from 'yaml';
import type { JsonValue } from '../core/json.ts';
import { err, ok, type Result } from '../core/result.ts';

/** Plain data from a YAML text, or the first line of what is wrong with it. In a file of its own, to be read only when it is needed. */
export function parseYaml(text: string): Result<JsonValue, string> {
  try {
    return ok(parse(text, { maxAliasCount: 0, logLevel: 'error' }) as JsonValue);
  } catch (error) {
    if (error instanceof YAMLError || error instanceof ReferenceError || error instanceof RangeError)
      return err(error.message.split('\n', 1).join(''));
    throw error;
  }
}
