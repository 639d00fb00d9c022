import { parse, TomlError } from 'smol-toml';
import { failure, type Failure } from '../core/failure.ts';
import { err, ok, type Result } from '../core/result.ts';
import { limits } from './limits.ts';
import { linesOf, type Lines } from './lines.ts';
import { malformed } from './problems.ts';
import type { RawNode } from './raw.ts';
import { placeTomlValues, TooDeep } from './toml-places.ts';

/**
 * Reads TOML with the place of every value: smol-toml says whether the text is TOML and what its values are, `placeTomlValues`
 * finds where they stand. Dates are text, as in YAML files.
 */
export function parseTomlTree(text: string, file: string): Result<RawNode, readonly Failure[]> {
  const lines = linesOf(text, file);
  const digits = endlessInteger.exec(text);
  if (digits !== null) return err([tooComplex(`a number has over ${limits.digits} digits`, lines, digits.index)]);
  try {
    const values = parse(text, { integersAsBigInt: true, maxDepth: limits.depth });
    return ok(placeTomlValues(text, values, lines));
  } catch (error) {
    if (error instanceof TooDeep) return err([tooComplex(nested, lines, error.offset)]);
    if (error instanceof TomlError) return err([tomlFailure(error, file)]);
    throw error;
  }
}

const endlessInteger = new RegExp(`0x[\\da-f_]{${limits.digits},}|[\\d_]{${limits.digits},}`, 'i');
const nested = 'its values are nested too deeply';

const tooComplex = (problem: string, lines: Lines, offset: number): Failure =>
  failure('file-too-complex', { problem }, { at: lines.rangeOf(offset, offset + 1) });

/** The parser's message holds an excerpt of the file after its first line; the screen draws its own. */
function tomlFailure(error: TomlError, file: string): Failure {
  const [first = ''] = error.message.split('\n', 1);
  const problem = first.replace(/^Invalid TOML document: /, '');
  const at = { file, line: error.line, column: error.column, length: 1 };
  if (problem.includes('excessively nested')) return failure('file-too-complex', { problem: nested }, { at });
  return malformed('TOML', problem, at);
}
