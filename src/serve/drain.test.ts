import { Agent, get, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../core/clock.ts';
import type { ServeEvent } from './events.ts';
import { defaultLimits } from './limits.ts';
import { urlOf } from './listen.ts';
import { startServer, type RunningServer } from './start.ts';
import { sourceOf } from './test-kit.ts';

const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});

async function started(at = { version: '1' }) {
  const events: ServeEvent[] = [];
  const server = await startServer({
    source: sourceOf(at),
    address: { host: '127.0.0.1', port: 0 },
    limits: defaultLimits,
    origins: [],
    version: '1.2.3',
    pollMs: 10,
    clock: systemClock,
    tell: (event) => events.push(event),
  });
  if (!server.ok) throw new Error(server.error.reason);
  return { server: server.value, events };
}

function open(server: RunningServer): Socket {
  const socket = connect(server.address.port, '127.0.0.1');
  socket.on('error', () => undefined);
  sockets.push(socket);
  return socket;
}

const textOf = (socket: Socket): Promise<string> =>
  new Promise((resolve) => {
    let text = '';
    socket.on('data', (bytes) => (text += bytes.toString()));
    socket.on('close', () => {
      resolve(text);
    });
  });

const statusOf = (url: string, agent: Agent): Promise<{ status: number; connection: string | undefined }> =>
  new Promise((resolve, reject) => {
    get(url, { agent }, (reply) => {
      reply.resume().on('end', () => {
        resolve({ status: reply.statusCode ?? 0, connection: reply.headers.connection });
      });
    }).on('error', reject);
  });

const quick = { drainSeconds: 0, graceSeconds: 5 };

describe('ending the server', () => {
  it('says 503 and Connection: close while it still answers, then refuses connections', async () => {
    const { server, events } = await started();
    const agent = new Agent({ keepAlive: true });
    const url = urlOf(server.address);
    expect(await statusOf(`${url}/ready`, agent)).toEqual({ status: 200, connection: 'keep-alive' });
    const stopped = server.stop({ drainSeconds: 0.3, graceSeconds: 5 });
    await sleep(50);
    expect(await statusOf(`${url}/ready`, agent)).toEqual({ status: 503, connection: 'close' });
    expect(await statusOf(`${url}/health`, agent)).toEqual({ status: 200, connection: 'close' });
    await stopped;
    await expect(statusOf(`${url}/health`, agent)).rejects.toThrow('ECONNREFUSED');
    expect(events.map((event) => event.type)).toEqual(['model-loaded', 'draining', 'stopped']);
    expect(events.at(-1)).toEqual({ type: 'stopped', forced: false });
  });

  it('waits for a request that is half sent, and answers it', async () => {
    const { server, events } = await started();
    const socket = open(server);
    const answer = textOf(socket);
    const body = '{"comments":["great"]}';
    socket.write(
      `POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, 5)}`,
    );
    await sleep(50);
    const stopped = server.stop(quick);
    await sleep(150);
    socket.write(body.slice(5));
    expect(await answer).toContain('[{"comment":"great","sentiment":"positive"}]');
    await stopped;
    expect(events.at(-1)).toEqual({ type: 'stopped', forced: false });
  });

  it('does not wait for idle or spare connections', async () => {
    const { server } = await started();
    const spare = open(server);
    const idle = open(server);
    idle.write('GET /health HTTP/1.1\r\nHost: x\r\n\r\n');
    await new Promise((resolve) => idle.once('data', resolve));
    const ends = [textOf(spare), textOf(idle)];
    const begun = performance.now();
    await server.stop(quick);
    expect(performance.now() - begun).toBeLessThan(4_000);
    await Promise.all(ends);
  });

  it('cuts what is still open when the grace is over, and says so', async () => {
    const { server, events } = await started();
    const socket = open(server);
    const answer = textOf(socket);
    socket.write('POST /predict HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n');
    await sleep(50);
    await server.stop({ drainSeconds: 0, graceSeconds: 0.2 });
    expect(events.at(-1)).toEqual({ type: 'stopped', forced: true });
    await answer;
  });

  it('loses no request of keep-alive clients that heed readiness and Connection: close', async () => {
    const { server } = await started();
    const url = urlOf(server.address);
    const agent = new Agent({ keepAlive: true });
    let welcome = true;
    const counts = { answered: 0, lost: 0 };
    const watch = (async () => {
      while (welcome) {
        welcome = (await statusOf(`${url}/ready`, agent)).status === 200;
        await sleep(20);
      }
    })();
    const clients = Array.from({ length: 16 }, async () => {
      while (welcome) {
        const status = await post(`${url}/predict`, agent);
        if (status === 200) counts.answered += 1;
        else counts.lost += 1;
      }
    });
    await expect.poll(() => counts.answered, { timeout: 10_000 }).toBeGreaterThan(100);
    await server.stop({ drainSeconds: 0.7, graceSeconds: 5 });
    await Promise.all([watch, ...clients]);
    expect(counts.lost).toBe(0);
  });
});

describe('following the source', () => {
  it('swaps the model under load without losing a request', async () => {
    const at = { version: '1' };
    const { server } = await started(at);
    const url = `${urlOf(server.address)}/predict`;
    const agent = new Agent({ keepAlive: true });
    const statuses = new Set<number>();
    let going = true;
    const clients = Array.from({ length: 8 }, async () => {
      while (going) statuses.add(await post(url, agent));
    });
    for (let version = 2; version <= 20; version++) {
      at.version = String(version);
      await sleep(15);
    }
    await sleep(50);
    going = false;
    await Promise.all(clients);
    expect([...statuses]).toEqual([200]);
    const metadata = await fetch(`${urlOf(server.address)}/v2/models/sentiment`);
    expect(await metadata.json()).toMatchObject({ versions: ['20'] });
    agent.destroy();
    await server.stop(quick);
  });
});

/** The status, or 0 when the connection broke. */
const post = (url: string, agent: Agent): Promise<number> =>
  new Promise((resolve) => {
    const sent = request(url, { agent, method: 'POST', headers: { 'content-type': 'application/json' } }, (reply) => {
      reply.resume().on('end', () => {
        resolve(reply.statusCode ?? 0);
      });
    });
    sent.on('error', () => {
      resolve(0);
    });
    sent.end('{"comments":["great"]}');
  });
