import { countOf } from './format.ts';
import type { Style } from './style.ts';
import { plainLine } from './terminal-text.ts';

/** Something that is watched, and what became of it. */
export interface WatchedChange {
  readonly path: string;
  readonly how: 'changed' | 'appeared' | 'gone';
  /** It is made by a stage, which makes it again. */
  readonly isOut: boolean;
  /** Of a folder, what was touched in it. */
  readonly inside?: readonly string[];
}

/** `watching 12 files and 2 folders; Ctrl-C ends` */
export function renderWatching(counts: { readonly files: number; readonly folders: number }, style: Style): string {
  const parts = [
    ...(counts.files > 0 || counts.folders === 0 ? [countOf(counts.files, 'file')] : []),
    ...(counts.folders > 0 ? [countOf(counts.folders, 'folder')] : []),
  ];
  return `${style.dim(`watching ${parts.join(' and ')}; Ctrl-C ends`)}\n`;
}

const mostNamed = 3;

/** What changed, before the next round: `data/in.csv changed`. */
export const renderChanges = (changes: readonly WatchedChange[], style: Style): string =>
  `\n${style.cyan(listed(changes))}\n`;

function listed(changes: readonly WatchedChange[]): string {
  const named = changes.slice(0, mostNamed).map(changeText);
  const left = changes.length - named.length;
  return [...named, ...(left > 0 ? [`${left} more`] : [])].join(', ');
}

function changeText({ path, how, isOut, inside = [] }: WatchedChange): string {
  const word = how === 'gone' ? 'is gone' : how;
  const [only = path] = inside;
  const what =
    how !== 'changed' || inside.length === 0
      ? path
      : inside.length === 1
        ? only
        : `${path} (${countOf(inside.length, 'file')})`;
  return plainLine(`${what} ${word}${isOut ? ' (an out: it is made good)' : ''}`);
}

/** Why running stages are ended in the middle of a round. */
export const renderRestart = (changes: readonly WatchedChange[]): string =>
  `${listed(changes)}: ending the running stages to begin again`;

/** A path that changes with every round is not waited for: its changes would never end. */
export const renderRestless = (paths: readonly string[], style: Style): string =>
  `\n${style.yellow('warning:')} ${plainLine(paths.join(', '))} changed in each of the last rounds while stages ran, as if one of them wrote it; waiting for another change\n`;
