/**
 * A pattern for a shell glob over whole names: `*` any characters, `?` one, `[abc]`, `[a-z]` and `[!a]` one of a set.
 * Undefined when the text has none of these, and so is no glob.
 */
export function globPattern(glob: string): RegExp | undefined {
  if (!/[*?[]/.test(glob)) return undefined;
  let source = '';
  for (let at = 0; at < glob.length; at++) {
    const character = glob.charAt(at);
    const close = character === '[' ? glob.indexOf(']', at + 2) : -1;
    if (character === '*') source += source.endsWith('.*') ? '' : '.*';
    else if (character === '?') source += '.';
    else if (close > 0) {
      source += setSource(glob.slice(at + 1, close));
      at = close;
    } else source += escaped(character);
  }
  try {
    return new RegExp(`^${source}$`, 'su');
  } catch {
    // A range that runs backwards, such as [z-a], matches nothing.
    return /(?!)/;
  }
}

const setSource = (members: string): string => {
  const negated = members.startsWith('!') || members.startsWith('^');
  const set = (negated ? members.slice(1) : members).replace(/[\\\]^]/g, '\\$&');
  return `[${negated ? '^' : ''}${set}]`;
};

const escaped = (character: string): string => character.replace(/[\\^$.|+(){}\]/[]/, '\\$&');
