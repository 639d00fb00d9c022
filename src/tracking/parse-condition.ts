import { failure } from '../core/failure.ts';
import type { JsonValue } from '../core/json.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { Comparison, RunCondition } from './types.ts';

/** Longer operators first, or `<=` would be read as `<`. */
const form = /^\s*(params?|metrics?|tags?)\.(\S.*?)\s*(!=|<=|>=|==|=|<|>)\s*(.*?)\s*$/s;

/**
 * Reads `metrics.accuracy >= 0.8`, `params.train.c = 0.5`, `tags.git.branch != main`. A param's value is read as YAML would
 * read a plain scalar; quotes make it text.
 */
export function parseCondition(text: string): Result<RunCondition> {
  const [, kind = '', key = '', operator = '', written = ''] = form.exec(text) ?? [];
  const bad = (problem: string): Result<never> => err(failure('bad-condition', { condition: text, problem }));
  if (kind === '') return bad('it is not of the form metrics.NAME >= VALUE, params.NAME = VALUE or tags.NAME = VALUE');
  const is = (operator === '==' ? '=' : operator) as Comparison;
  const value = scalarOf(written);
  if (kind.startsWith('metric')) {
    if (typeof value !== 'number') return bad(`a metric is compared with a number, not with ${written || 'nothing'}`);
    return ok({ on: 'metric', key, is, value });
  }
  if (kind.startsWith('tag')) {
    if (is !== '=' && is !== '!=') return bad('tags are text: compare them with = or !=');
    return ok({ on: 'tag', key, is, value: typeof value === 'string' ? value : written });
  }
  if (is !== '=' && is !== '!=' && typeof value !== 'number') return bad(`${operator} needs a number`);
  return ok({ on: 'param', key, is, value });
}

function scalarOf(written: string): JsonValue {
  if (/^-?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(written)) return Number(written);
  if (written === 'true' || written === 'false') return written === 'true';
  if (written === 'null') return null;
  const quoted = /^(["'])(.*)\1$/s.exec(written);
  return quoted?.[2] ?? written;
}
