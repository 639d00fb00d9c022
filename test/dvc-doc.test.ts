import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { deliberate as ofProjects } from './dvc-projects.cases.ts';
import { Rig } from './rig.ts';

const page = readFileSync('docs/dvc.md', 'utf8');

/** The words of every piece of code on the page that begins with `mlp`. */
const named = [
  ...[...page.matchAll(/`mlp ([^`]+)`/g)].map(([, words = '']) => words),
  ...[...page.matchAll(/^ {4}mlp ([^#\n]+)/gm)].map(([, words = '']) => words),
].map((words) => words.trim().split(/\s+/));

test('every mlp command and option that docs/dvc.md names is there', { timeout: 120_000 }, async () => {
  const rig = new Rig();
  const helpOf = new Map<string, string>();
  expect(named.length).toBeGreaterThan(30);
  for (const words of named) {
    const path = words.slice(0, words.findIndex((word) => !/^[a-z][a-z-]+$/.test(word)) >>> 0);
    const key = path.join(' ');
    const help = helpOf.get(key) ?? (await rig.mlp(...path, '--help')).out;
    helpOf.set(key, help);
    expect(help, `mlp ${key}`).toContain(`Usage: mlp ${key}`);
    for (const option of words.filter((word) => /^--?[A-Za-z]/.test(word))) {
      expect(help, `mlp ${words.join(' ')}`).toMatch(new RegExp(`(^|[ ,])${option}\\b`, 'm'));
    }
  }
  rig.dispose();
});

test('every difference that a comparison with DVC allows is a row of the table', () => {
  const rows = [...page.matchAll(/^\| ([^|]+) \|/gm)].map(([, first]) => first);
  expect(Object.keys(ofProjects).filter((name) => !rows.includes(name))).toEqual([]);
  expect(rows).toContain('flag keeps its type');
});
