/** The command that carries a dry run out: the words that were typed (after `mlp`), without the one that made it dry. */
export const withoutDry = (argv: readonly string[]): string =>
  ['mlp', ...argv.filter((word) => word !== '-n' && word !== '--dry').map(shellWord)].join(' ');

const shellWord = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
