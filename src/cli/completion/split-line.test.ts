import { expect, it } from 'vitest';
import { splitLine } from './split-line.ts';

it.each([
  ['', ['']],
  ['mlp', ['mlp']],
  ['mlp ', ['mlp', '']],
  ['mlp  re', ['mlp', 're']],
  ["mlp 'a b' c", ['mlp', 'a b', 'c']],
  ['mlp "a \\" $x\\$" c', ['mlp', 'a " $x$', 'c']],
  ['mlp a\\ b', ['mlp', 'a b']],
  ["mlp 'open wo", ['mlp', 'open wo']],
  ["mlp '' x", ['mlp', '', 'x']],
  ['mlp each@d', ['mlp', 'each@d']],
])('splits %j as a shell does', (line, words) => {
  expect(splitLine(line)).toEqual(words);
});
