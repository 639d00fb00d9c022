/**
 * A line of an ignore file in `folder`, as it would stand in the workspace's root; undefined for one that says nothing. Rules of
 * several files thus make one list, in which the last that matches decides, and nothing in a folder that is left out comes back.
 */
export function rebased(line: string, folder: string): string | undefined {
  if (/^(!?\/*\s*|#.*)$/.test(line)) return undefined;
  if (folder === '') return line;
  const negated = line.startsWith('!');
  const rule = negated ? line.slice(1) : line;
  // A slash before the end ties a rule to its folder; without one it holds at any depth.
  const tied = rule.trimEnd().slice(0, -1).includes('/') || rule.startsWith('/');
  const rest = rule.startsWith('/') ? rule.slice(1) : rule.replace(/^\\(?=[#!])/, '');
  return `${negated ? '!' : ''}/${escaped(folder)}/${tied ? '' : '**/'}${rest}`;
}

const escaped = (folder: string): string => folder.replaceAll(/[\\*?[\]]/g, '\\$&');

/** The rule that takes a folder out of the rules before it. */
export const takenOut = (folder: string): string => `!/${escaped(folder)}/`;
