import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { commands } from './commands.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const below = (folder: string): string[] => readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
const inDocs = below('docs').map((path) => join('docs', path));
const pages = ['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'data/README.md', ...inDocs].filter(
  (path) => path.endsWith('.md') && existsSync(join(root, path)),
);

/** Without blocks of code, where brackets mean other things. */
const prose = (path: string): string => read(path).replaceAll(/^```[\s\S]*?^```/gm, '');

/** The anchor that GitHub gives a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');

const anchorsOf = (path: string): string[] =>
  [...prose(path).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading));

function deadLinks(page: string): string[] {
  return [...prose(page).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link = '']) => {
    if (/^[a-z]+:/.test(link)) return [];
    const [path = '', anchor] = link.split('#');
    const target = path === '' ? page : relative(root, join(root, dirname(page), path));
    const found = existsSync(join(root, target)) && (anchor === undefined || anchorsOf(target).includes(anchor));
    return found ? [] : [link];
  });
}

describe('the documentation', () => {
  it.each(pages)('%s has no dead link into the repository', (page) => {
    expect(deadLinks(page)).toEqual([]);
  });

  it('has each command in the table of the README and in docs/commands.md, and no other', () => {
    const visible = commands.filter(({ group }) => group !== 'hidden').map(({ name }) => name);
    const inReadme = [...read('README.md').matchAll(/^\| \[`mlp ([a-z-]+)`\]/gm)].map(([, name]) => name);
    const described = [...read('docs/commands.md').matchAll(/^## mlp ([a-z-]+)$/gm)].map(([, name]) => name);
    expect(inReadme.sort()).toEqual(visible.toSorted());
    expect(described.sort()).toEqual(visible.toSorted());
  });

  it('lists every decision in the index, by its number and title', () => {
    const index = read('docs/decisions/README.md');
    const numbered = inDocs.filter((path) => /^docs\/decisions\/\d{4}-[a-z0-9-]+\.md$/.test(path));
    const missing = numbered.filter((path) => !index.includes(`](${relative('docs/decisions', path)})`));
    expect(numbered.length).toBeGreaterThan(10);
    expect(missing).toEqual([]);
  });
});

describe('the file map of docs/architecture.md', () => {
  const map = read('docs/architecture.md').split('## File map')[1]?.split('\n## ')[0] ?? '';

  it('has every folder of src', () => {
    const folders = readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => relative(root, join(entry.parentPath, entry.name)));
    expect(folders.filter((folder) => !map.includes(`\`${folder}/\``))).toEqual([]);
  });

  it('names no file that is not there', () => {
    const names = new Set(below('src').map((path) => path.split('/').at(-1)));
    const mapped = [...map.matchAll(/`([a-z-]+\.ts)`/g)].map(([, name]) => name);
    expect(mapped.length).toBeGreaterThan(50);
    expect(mapped.filter((name) => !names.has(name))).toEqual([]);
  });
});
