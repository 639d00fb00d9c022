import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findPipelines } from './find-pipelines.ts';
import { findWorkspace } from './find-workspace.ts';
import { StateDb } from './state-db.ts';

let root: string;
let state: StateDb;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'mlp-find-'));
  mkdirSync(join(root, '.mlp'));
  state = new StateDb(join(root, '.mlp', 'state.db'));
});
afterEach(() => {
  state.close();
  rmSync(root, { recursive: true, force: true });
});

function write(path: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), '');
}

test('what is remembered of folders never hides a change, however soon it comes', async () => {
  const expected = new Set<string>();
  for (let round = 0; round < 60; round++) {
    const folder = `f${round % 7}/g${round % 3}`;
    const path = `${folder}/dvc.yaml`;
    if (expected.delete(path)) rmSync(join(root, path));
    else {
      write(path);
      expected.add(path);
    }
    expect(findPipelines(root, state), `round ${round}`).toEqual([...expected].sort());
    expect(findPipelines(root, state), `round ${round}, again`).toEqual([...expected].sort());
    if (round % 10 === 9) await sleep(40);
  }
});

test('one file a folder counts: pipeline.yaml before dvc.yaml', () => {
  for (const path of ['a/dvc.yaml', 'a/pipeline.yaml', 'b/dvc.yaml', 'b/other.yaml']) write(path);
  expect(findPipelines(root, state)).toEqual(['a/pipeline.yaml', 'b/dvc.yaml']);
});

test('all pipeline files of a project have one root: that of .mlp or .dvc, else the topmost in the git repository', () => {
  for (const path of [
    'p/.git/HEAD',
    'p/x/dvc.yaml',
    'p/x/y/z/dvc.yaml',
    'p/x/own/.dvc/config',
    'p/x/own/in/dvc.yaml',
  ]) {
    write(path);
  }
  rmSync(join(root, '.mlp'), { recursive: true });
  const found = (folder: string): unknown => {
    const workspace = findWorkspace(join(root, folder));
    return workspace.ok ? [workspace.value.root.slice(root.length + 1), workspace.value.pipelineFile] : undefined;
  };
  expect(found('p/x')).toEqual(['p/x', 'dvc.yaml']);
  expect(found('p/x/y/z')).toEqual(['p/x', 'y/z/dvc.yaml']);
  expect(found('p/x/own/in')).toEqual(['p/x/own', 'in/dvc.yaml']);
  mkdirSync(join(root, 'p/.mlp'));
  expect(found('p/x/y')).toEqual(['p', 'x/dvc.yaml']);
  rmSync(join(root, 'p'), { recursive: true });
  write('q/dvc.yaml');
  write('q/r/dvc.yaml');
  expect(found('q/r')).toEqual(['q/r', 'dvc.yaml']);
});
