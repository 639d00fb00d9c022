import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { missingPackage } from './missing-package.ts';

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'mlp-package-')));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function write(path: string, content: unknown = {}): void {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), JSON.stringify(content));
}

const importing = (name: string, file: string): string =>
  `node:internal/modules/esm/resolve:838\nError [ERR_MODULE_NOT_FOUND]: Cannot find package '${name}' imported from ${file}\n  code: 'ERR_MODULE_NOT_FOUND'\n`;
const requiring = (name: string, file: string): string =>
  `Error: Cannot find module '${name}'\nRequire stack:\n- ${file}\n    at f\n  code: 'MODULE_NOT_FOUND',\n`;

describe('a package that a command of Node did not find', () => {
  it.each([
    ['import', importing],
    ['require', requiring],
  ])('is told with the folder whose package.json asks for it (%s)', (_how, say) => {
    write('package.json', { dependencies: { 'a-b': '1', '@s/c': '1' } });
    write('stages/package.json', { type: 'module' });
    const file = join(folder, 'stages', 'x.js');
    expect(missingPackage(say('a-b', file), folder)).toEqual({ name: 'a-b', folder });
    expect(missingPackage(say('@s/c', file), folder)).toEqual({ name: '@s/c', folder });
    expect(missingPackage(say('a-b/ml', file), '/')).toEqual({ name: 'a-b', folder });
  });

  it('is looked for above the file that asks, then above the folder of the command', () => {
    write('package.json', { devDependencies: { tsx: '4' } });
    write('tools/package.json', { optionalDependencies: { a: '1' } });
    expect(missingPackage(importing('a', join(folder, 'tools', 'x.js')), folder)?.folder).toBe(join(folder, 'tools'));
    expect(missingPackage(importing('tsx', `${folder}/`), folder)?.folder).toBe(folder);
    expect(missingPackage(importing('tsx', '/elsewhere/x.js'), join(folder, 'tools'))?.folder).toBe(folder);
  });

  it('is nothing to tell of where npm install would not help', () => {
    const file = join(folder, 'x.js');
    expect(missingPackage(importing('a', file), folder)).toBeUndefined();
    write('package.json', { dependencies: { a: '1' } });
    expect(missingPackage(importing('b', file), folder)).toBeUndefined();
    expect(missingPackage(importing('./a', file), folder)).toBeUndefined();
    expect(missingPackage(importing(join(folder, 'a'), file), folder)).toBeUndefined();
    expect(missingPackage("Cannot find package 'a' said something else", folder)).toBeUndefined();
    expect(missingPackage(importing('a', file), folder)).toBeDefined();
    write('node_modules/a/package.json');
    expect(missingPackage(importing('a', file), folder)).toBeUndefined();
    writeFileSync(join(folder, 'package.json'), '{');
    expect(missingPackage(importing('a', file), folder)).toBeUndefined();
  });
});
