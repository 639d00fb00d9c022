import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect } from 'vitest';
import { step, test, until } from './rig.ts';

async function listening(handler: RequestListener): Promise<{ server: Server; address: string }> {
  const server = createServer(handler).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/set.bin` };
}

function close(server: Server): void {
  server.closeAllConnections();
  server.close();
}

describe('downloads and updates', () => {
  test('a download whose process was killed goes on where it ended', async ({ rig }) => {
    const content = randomBytes(3_000_000);
    const half = 1_500_000;
    const ranges: (string | undefined)[] = [];
    let stalls = true;
    const { server, address } = await listening((request, response) => {
      const { range } = request.headers;
      ranges.push(range);
      const from = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
      const headers = { etag: '"v1"', 'content-length': String(content.length - from) };
      const part = `bytes ${from}-${content.length - 1}/${content.length}`;
      response.writeHead(from === 0 ? 200 : 206, from === 0 ? headers : { ...headers, 'content-range': part });
      if (stalls) response.write(content.subarray(0, half));
      else response.end(content.subarray(from));
    });
    rig.pipeline({ a: { cmd: 'true' } });
    const { child, ended } = rig.start('import-url', address, 'set.bin');
    const size = (): number =>
      Object.entries(rig.has('.mlp/tmp') ? rig.tree('.mlp/tmp') : {}).find(([path]) => path.endsWith('.part'))?.[1]
        .length ?? 0;
    await until(() => size() > 0);
    await new Promise((resolve) => setTimeout(resolve, 300));
    child.kill('SIGKILL');
    await ended;
    expect(rig.has('set.bin')).toBe(false);
    expect((await rig.mlp('doctor')).code).toBe(0);
    stalls = false;
    const sha256 = createHash('sha256').update(content).digest('hex');
    const again = await rig.mlp('import-url', address, 'set.bin', '--sha256', sha256, '--json');
    close(server);
    expect(again.code).toBe(0);
    const { resumedAt } = JSON.parse(again.out) as { resumedAt: number };
    expect(resumedAt).toBeGreaterThan(0);
    expect(ranges).toEqual([undefined, `bytes=${resumedAt}-`]);
    expect(Object.keys(rig.tree('.mlp/tmp')).filter((path) => path.startsWith('import-'))).toEqual([]);
  });

  test('mlp update keeps what changed, and repro then runs what reads it', async ({ rig }) => {
    let content = 'one\n';
    const { server, address } = await listening((_, response) => response.end(content));
    rig.pipeline({ copy: { cmd: step('copy', 'cp set.bin out'), deps: ['set.bin'], outs: ['out'] } });
    await rig.mlp('import-url', address, 'set.bin');
    expect(await rig.repro()).toMatchObject({ ran: ['copy'] });
    const same = await rig.mlp('update', 'set.bin');
    expect([same.code, same.out]).toEqual([0, expect.stringMatching(/^ {2}set\.bin {3}unchanged/)]);
    expect((await rig.repro()).ran).toEqual([]);
    content = 'two\n';
    const changed = await rig.mlp('update', 'set.bin.mlp', '--json');
    const [{ record, previous } = { record: { sha256: '' }, previous: { sha256: '' } }] = JSON.parse(changed.out) as {
      record: { sha256: string };
      previous: { sha256: string };
    }[];
    const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
    expect([previous.sha256, record.sha256]).toEqual([hash('one\n'), hash('two\n')]);
    expect(await rig.repro()).toMatchObject({ ran: ['copy'] });
    expect(rig.read('out')).toBe('two\n');
    expect((await rig.mlp('update', 'set.bin', 'out')).code).toBe(2);
    expect((await rig.mlp('update', 'set.bin', 'set.bin', '--sha256', hash('x'))).code).toBe(2);
    close(server);
    expect((await rig.mlp('update', 'set.bin')).code).toBe(1);
    expect(rig.read('set.bin')).toBe('two\n');
  });
});
