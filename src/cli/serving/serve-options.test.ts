import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { defaultLimits } from '../../serve/limits.ts';
import { addServeOptions, limitsOf, originsOf, type ServeWords } from './serve-options.ts';

function parse(...words: string[]): ServeWords {
  const command = addServeOptions(new Command('serve'))
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  return command.parse(words, { from: 'user' }).opts<ServeWords>();
}

describe('the options of mlp serve', () => {
  it('leave every limit at its default, and each can be set', () => {
    expect(limitsOf(parse())).toEqual(defaultLimits);
    for (const [name, was] of Object.entries(defaultLimits)) {
      const flag = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
      const changed = limitsOf(parse(flag, String(Number(was) + 1)));
      expect(changed).toEqual({ ...defaultLimits, [name]: Number(was) + 1 });
    }
  });

  it.each([
    [['--port', '65536']],
    [['--port', '-1']],
    [['--port', '80.5']],
    [['--port', '8e3']],
    [['--port', '']],
    [['--max-body', '0']],
    [['--drain-seconds', 'soon']],
    [['--cors-origin', 'example.org']],
    [['--cors-origin', 'https://example.org/']],
  ])('refuse %j', (words) => {
    expect(() => parse(...words)).toThrow(/invalid/);
  });

  it('are the ones that docs/serving.md describes, with their defaults', () => {
    const docs = readFileSync(new URL('../../../docs/serving.md', import.meta.url), 'utf8');
    const command = addServeOptions(new Command('serve'));
    for (const { long, defaultValue } of command.options) {
      expect(docs).toContain(`\`${long ?? ''}`);
      const row = docs.split('\n').find((line) => line.startsWith(`| \`${long ?? ''}\``));
      if (row !== undefined) expect(row).toMatch(new RegExp(`\\| ${String(defaultValue)}\\b`));
    }
    const described = [...docs.matchAll(/^\| `(--max-[a-z-]+|--[a-z-]+-timeout)`/gm)].map(([, flag]) => flag);
    const limits = command.options.map(({ long }) => long).filter((long) => /^--max-|-timeout$/.test(long ?? ''));
    expect(described).toEqual(limits);
  });

  it('allow browser extensions unless other origins, or none, are named', () => {
    expect(originsOf(parse())).toEqual(['chrome-extension://*', 'moz-extension://*']);
    expect(originsOf(parse('--cors-origin', 'none'))).toEqual([]);
    expect(originsOf(parse('--cors-origin', 'https://a.b', '--cors-origin', 'chrome-extension://*'))).toEqual([
      'https://a.b',
      'chrome-extension://*',
    ]);
  });
});
