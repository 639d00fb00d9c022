import type { Random } from '../src/core/random.ts';

export const pick = <T>(from: readonly T[], random: Random): T => {
  const found = from[Math.floor(random() * from.length)];
  if (found === undefined) throw new Error('nothing to pick from');
  return found;
};

/** What YAML, JSON and templates take for more than text, and what no file should hold. */
const pieces = [
  ...[
    '${',
    '}',
    ':',
    ' ',
    '\n',
    '\r\n',
    '\t',
    '- ',
    '"',
    "'",
    '[',
    ']',
    '{',
    '&a ',
    '*a',
    '<<: *a\n',
    '!x ',
    '!!binary ',
    '|',
    '>',
  ],
  ...[
    '#',
    '...',
    '---\n',
    '\0',
    '\ud800',
    '\ufeff',
    '\u2028',
    '\u0085',
    '%YAML 9\n',
    '@',
    '\\',
    '9'.repeat(40),
    '1e999',
    '.nan',
    '0x',
  ],
  ...[
    'foreach',
    'matrix',
    '../',
    '~',
    ', ',
    '? ',
    '${${a}}',
    '${item',
    '${a[0].b}',
    '[[[[[[[[',
    '{a: {a: {a: ',
    '\u001b[31m',
    '__proto__',
  ],
];

/** Damages a text: puts pieces in (these, or such as any file may fall over), takes parts out, copies parts elsewhere. */
export function mutateText(text: string, random: Random, from: readonly string[] = pieces): string {
  let mutated = text;
  const rounds = 1 + Math.floor(random() * 4);
  for (let round = 0; round < rounds; round++) {
    const at = Math.floor(random() * mutated.length);
    const length = Math.floor(random() * 12);
    const choice = random();
    const piece = pick(from, random);
    if (choice < 0.35) mutated = mutated.slice(0, at) + piece + mutated.slice(at);
    else if (choice < 0.65) mutated = mutated.slice(0, at) + mutated.slice(at + length);
    else if (choice < 0.85) mutated = mutated.slice(0, at) + piece + mutated.slice(at + piece.length);
    else {
      const start = Math.floor(random() * mutated.length);
      mutated = mutated.slice(0, at) + mutated.slice(start, start + 4 * length) + mutated.slice(at);
    }
  }
  return mutated;
}

const oddValues: readonly unknown[] = [
  ...[
    null,
    true,
    0,
    -1,
    1e308,
    2 ** 53,
    '',
    ' ',
    '.',
    '..',
    '/',
    '\0',
    '${item}',
    '${',
    '${a.b[3]}',
    '${__proto__.x}',
    '*',
    'a\nb',
  ],
  ...[
    [],
    {},
    [[]],
    [null],
    { a: [] },
    { foreach: [1, 2], do: { cmd: '${item}' } },
    { matrix: { a: [1, 2], b: [{ c: 1 }] }, cmd: 'x' },
  ],
];

interface Place {
  readonly holder: Record<string, unknown>;
  readonly key: string;
}

function placesIn(value: unknown): Place[] {
  if (typeof value !== 'object' || value === null) return [];
  const holder = value as Record<string, unknown>;
  return Object.keys(holder).flatMap((key) => [{ holder, key }, ...placesIn(holder[key])]);
}

/** Damages a tree: swaps values, nests them, renames or removes keys, puts odd values in. The text is JSON, which is YAML too. */
export function mutateTree(tree: unknown, random: Random): string {
  const copy = structuredClone(tree);
  const rounds = 1 + Math.floor(random() * 3);
  for (let round = 0; round < rounds; round++) {
    const places = placesIn(copy);
    if (places.length === 0) break;
    const { holder, key } = pick(places, random);
    const choice = random();
    if (choice < 0.35) holder[key] = structuredClone(pick(oddValues, random));
    else if (choice < 0.5)
      holder[pick(['cmd', 'outs', 'deps', 'foreach', 'do', '__proto__', 'x'], random)] = structuredClone(holder[key]);
    else if (choice < 0.65) holder[key] = structuredClone(valueAt(pick(places, random)));
    else if (choice < 0.8) Reflect.deleteProperty(holder, key);
    else
      for (let depth = 1 + Math.floor(random() ** 6 * 400); depth > 0; depth--)
        holder[key] = random() < 0.5 ? [holder[key]] : { a: holder[key] };
  }
  return JSON.stringify(copy);
}

const valueAt = ({ holder, key }: Place): unknown => holder[key];
