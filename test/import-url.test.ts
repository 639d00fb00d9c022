import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect } from 'vitest';
import { test, until } from './rig.ts';

let content = 'text,label\nfine,positive\n';
const sha256 = createHash('sha256').update(content).digest('hex');
const server = createServer((request, response) => {
  if (request.url === '/slow.csv') response.write('text,');
  else response.end(content);
});
let origin = '';
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const countStage = { count: { cmd: 'wc -l < data/set.csv > lines.txt', deps: ['data/set.csv'], outs: ['lines.txt'] } };

test('an imported file is an input of the pipeline, and is fetched again when it is missing', async ({ rig }) => {
  rig.pipeline(countStage);
  const imported = await rig.mlp('import-url', `${origin}/set.csv`, 'data/', '--sha256', sha256, '--json');
  expect(imported).toMatchObject({ code: 0, err: '' });
  expect(JSON.parse(imported.out)).toMatchObject({
    path: 'data/set.csv',
    sha256,
    size: content.length,
    from: 'origin',
  });
  expect(await rig.repro()).toMatchObject({ code: 0, actions: { count: 'ran' } });

  rig.remove('data/set.csv');
  const status = await rig.mlp('status');
  expect(status.code).toBe(0);
  expect(status.out).toMatch(/data\/set\.csv +would be put back +missing; fetched again, by data\/set\.csv\.mlp/);
  expect(await rig.mlp('repro')).toMatchObject({
    code: 0,
    out: expect.stringContaining('1 stage up to date') as string,
  });
  expect(rig.read('data/set.csv')).toBe(content);
});

test('an origin that has changed stops repro and changes nothing', async ({ rig }) => {
  rig.pipeline(countStage);
  await rig.mlp('import-url', `${origin}/set.csv`, 'data/set.csv');
  await rig.mlp('repro');
  rig.remove('data/set.csv');
  const before = content;
  content = 'text,label\n';
  const { code, err } = await rig.mlp('repro');
  content = before;
  expect(code).toBe(2);
  expect(err).toContain('holds other content than asked for');
  expect(rig.has('data/set.csv')).toBe(false);
  expect(rig.has('lines.txt')).toBe(true);
});

test('repro asks the mirror for what is missing', async ({ rig }) => {
  rig.pipeline(countStage);
  await rig.mlp('import-url', `${origin}/set.csv`, 'data/set.csv');
  rig.write('mirror/Another_Name.csv', content);
  rig.write('data/set.csv.mlp', rig.read('data/set.csv.mlp').replace(/url: .*/, 'url: http://127.0.0.1:9/set.csv'));
  rmSync(rig.path('data/set.csv'));
  rig.env['MLP_IMPORT_MIRROR'] = 'mirror';
  expect(await rig.repro()).toMatchObject({ code: 0, actions: { count: 'ran' } });
  expect(rig.read('data/set.csv')).toBe(content);
});

test('an interrupted import leaves nothing behind', async ({ rig }) => {
  rig.pipeline(countStage);
  const { child, ended } = rig.start('import-url', `${origin}/slow.csv`, 'data/set.csv');
  await until(() => Object.keys(rig.has('.mlp/tmp') ? rig.tree('.mlp/tmp') : {}).length > 0);
  child.kill('SIGINT');
  expect(await ended).toMatchObject({ code: 130, err: expect.stringContaining('interrupted') as string });
  expect(rig.tree('.mlp/tmp')).toEqual({});
  expect(rig.has('data')).toBe(false);
});

test('what cannot be imported is said with the exit code of wrong input', async ({ rig }) => {
  rig.pipeline(countStage);
  for (const words of [
    ['ftp://host/x.csv'],
    [`${origin}/set.csv`, '../outside.csv'],
    [`${origin}/set.csv`, 'x.csv', '--sha256', 'zz'],
    [`${origin}/set.csv`, 'x.csv', '--max-size', '5'],
    [`${origin}/set.csv`, 'x.csv', '--max-size', 'big'],
  ]) {
    const { code, err } = await rig.mlp('import-url', ...words);
    expect([code, err]).toEqual([2, expect.stringMatching(/^error: .*\n {2}next: /)]);
  }
  expect(rig.has('x.csv')).toBe(false);
});
