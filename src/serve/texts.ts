import { failure } from '../core/failure.ts';
import type { JsonValue } from '../core/json.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { Limits } from './limits.ts';

/** With the u flag a surrogate matches only when it has no partner. */
const loneSurrogate = /\p{Surrogate}/u;

/** The values as texts that a model may be asked about, in order. `nameOf` says where value i stood in the request. */
export function checkTexts(
  values: readonly JsonValue[],
  limits: Limits,
  nameOf: (index: number) => string,
): Result<readonly string[]> {
  if (values.length > limits.maxTexts) {
    return err(failure('too-many-texts', { count: values.length, limit: limits.maxTexts }));
  }
  const texts: string[] = [];
  for (const [index, value] of values.entries()) {
    if (typeof value !== 'string') {
      return err(failure('bad-text', { where: nameOf(index), problem: `is ${kindOf(value)}, not a string` }));
    }
    if (value.length > limits.maxTextLength) {
      const where = nameOf(index);
      return err(failure('text-too-long', { where, length: value.length, limit: limits.maxTextLength }));
    }
    if (value.includes('\0'))
      return err(failure('bad-text', { where: nameOf(index), problem: 'has a null character' }));
    if (loneSurrogate.test(value)) {
      return err(failure('bad-text', { where: nameOf(index), problem: 'has half of a surrogate pair' }));
    }
    texts.push(value);
  }
  return ok(texts);
}

/** A value's type as a message names it. */
export function kindOf(value: JsonValue | undefined): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
