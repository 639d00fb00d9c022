import type { YAMLError } from 'yaml';
import { failure, type Failure } from '../core/failure.ts';
import type { Lines } from './lines.ts';
import { malformed } from './problems.ts';

const quoteHint = 'put quotes around the whole value';
const indentHint = 'compare its indentation with the lines above';

/** What the parser's codes mean to the person who wrote the file. */
const explanations: Partial<Record<YAMLError['code'], { problem: string; hint?: string }>> = {
  TAB_AS_INDENT: { problem: 'a tab stands in the indentation', hint: 'indent with blanks: YAML allows no tabs there' },
  MULTIPLE_DOCS: { problem: 'a second document begins here', hint: 'keep one document in a file: remove this "---"' },
  BLOCK_AS_IMPLICIT_KEY: { problem: 'a second ": " stands in this line', hint: quoteHint },
  BAD_SCALAR_START: { problem: 'a value cannot begin with this character', hint: quoteHint },
  BAD_INDENT: { problem: 'the indentation does not fit, or a bracket is not closed', hint: indentHint },
  UNEXPECTED_TOKEN: { problem: 'this does not belong to what stands above it', hint: indentHint },
  MISSING_CHAR: {
    problem: 'a quote, a bracket, a comma or a colon is missing',
    hint: 'close what is open; inside [] and {} put quotes around "${...}"',
  },
  MULTILINE_IMPLICIT_KEY: { problem: 'a key goes over several lines', hint: 'is the ":" after it missing?' },
  BAD_DQ_ESCAPE: { problem: 'unknown escape in double quotes', hint: 'use single quotes, or double the backslash' },
  TAG_RESOLVE_FAILED: { problem: 'tags such as !name are not understood', hint: 'remove the tag' },
};

/** The first thing the YAML parser objected to: later ones are mostly its echo. */
export function yamlFailure(errors: readonly YAMLError[], lines: Lines): Failure | undefined {
  const tooDeep = errors.find(({ code }) => code === 'RESOURCE_EXHAUSTION');
  const first = tooDeep ?? [...errors].sort((a, b) => a.pos[0] - b.pos[0])[0];
  if (first === undefined) return undefined;
  const at = lines.rangeOf(first.pos[0], first.pos[1]);
  if (first === tooDeep) return failure('file-too-complex', { problem: 'its values are nested too deeply' }, { at });
  const { problem, hint } = explanations[first.code] ?? { problem: firstLine(first.message) };
  return malformed('YAML', problem, at, hint);
}

const firstLine = (text: string): string => (text.split('\n')[0] ?? text).replace(/[.:]$/, '');
