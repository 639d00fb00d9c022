import { assertNever } from '../core/assert-never.ts';
import type { Reason } from '../core/reason.ts';
import { displayWidth, fitWidth } from './display-width.ts';
import { formatValue } from './format.ts';
import { fitWidthKeepingEnd, plainLine } from './terminal-text.ts';

/** A reason in the pieces that a narrow column shortens differently: the subject loses its start, the values their end. */
interface Phrase {
  readonly before: string;
  readonly subject: string;
  readonly after: string;
}

/** The file whose parameters need no mention. */
const usualParamsFile = 'params.yaml';
/** The key under which a stage depends on a whole parameters file. */
const wholeFile = '*';
const longestValue = 32;
const shortestSubject = 12;

/** A reason in words, on one line of at most `width` columns: `param train.c: 0.5 -> 0.3`. */
export function reasonText(reason: Reason, width = Infinity): string {
  const { before, subject, after } = phraseOf(reason);
  const shown = plainLine(subject);
  const room = width - displayWidth(before) - displayWidth(after);
  const fitted = Number.isFinite(width) ? fitWidthKeepingEnd(shown, Math.max(shortestSubject, room)) : shown;
  const text = before + fitted + after;
  return Number.isFinite(width) ? fitWidth(text, width) : text;
}

/** All reasons in `width` columns: as many as fit, then how many more there are. Empty when there is none. */
export function summariseReasons(reasons: readonly Reason[], width = Infinity): string {
  const texts = reasons.map((reason) => reasonText(reason));
  for (let shown = texts.length; shown > 1; shown--) {
    const line = texts.slice(0, shown).join(', ') + more(texts.length - shown);
    if (displayWidth(line) <= width) return line;
  }
  const [first] = reasons;
  if (first === undefined) return '';
  const rest = more(reasons.length - 1);
  return reasonText(first, Math.max(1, width - rest.length)) + rest;
}

const more = (count: number): string => (count === 0 ? '' : ` (+${count} more)`);

function phraseOf(reason: Reason): Phrase {
  switch (reason.kind) {
    case 'never-run':
      return { before: 'never run', subject: '', after: '' };
    case 'cmd-changed':
      return { before: 'command changed', subject: '', after: '' };
    case 'dep-added':
    case 'dep-removed':
      return { before: 'dep ', subject: reason.path, after: wordOf(reason.kind) };
    case 'dep-changed':
      return { before: 'dep ', subject: reason.path, after: ` changed${madeBy(reason.by)}` };
    case 'dep-missing':
      return { before: 'dep ', subject: reason.path, after: ` missing${madeBy(reason.by)}` };
    case 'param-added':
    case 'param-removed':
    case 'param-changed':
      return paramPhrase(reason);
    case 'env-changed':
      return { before: 'env ', subject: reason.name, after: ' changed' };
    case 'out-added':
    case 'out-removed':
    case 'out-missing':
    case 'out-changed':
      return { before: 'out ', subject: reason.path, after: wordOf(reason.kind) };
    case 'upstream':
      return { before: 'after ', subject: reason.stage, after: '' };
    case 'always-changed':
      return { before: 'always runs (always_changed)', subject: '', after: '' };
    case 'forced':
      return reason.by === undefined
        ? { before: 'forced', subject: '', after: '' }
        : { before: 'forced, as ', subject: reason.by, after: ' changed' };
    default:
      return assertNever(reason);
  }
}

const wordOf = (kind: `${string}-${'added' | 'removed' | 'missing' | 'changed'}`): string =>
  ` ${kind.slice(kind.lastIndexOf('-') + 1)}`;

const madeBy = (stage: string | undefined): string => (stage === undefined ? '' : ` (by ${stage})`);

function paramPhrase(reason: Extract<Reason, { kind: `param-${string}` }>): Phrase {
  if (reason.key === wholeFile) return { before: 'params ', subject: reason.file, after: wordOf(reason.kind) };
  const subject = reason.file === usualParamsFile ? reason.key : `${reason.file}:${reason.key}`;
  switch (reason.kind) {
    case 'param-added':
      return { before: 'param ', subject, after: ` added: ${shortValue(reason.now)}` };
    case 'param-removed':
      return { before: 'param ', subject, after: ` removed (was ${shortValue(reason.was)})` };
    case 'param-changed':
      return { before: 'param ', subject, after: `: ${shortValue(reason.was)} -> ${shortValue(reason.now)}` };
    default:
      return assertNever(reason);
  }
}

const shortValue = (value: Parameters<typeof formatValue>[0]): string =>
  fitWidth(plainLine(formatValue(value)), longestValue);
