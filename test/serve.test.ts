import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, createServer, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openRegistry } from '../src/registry/sqlite-registry.ts';
import type { Actor } from '../src/registry/types.ts';
import { trainPackage } from './trained-package.ts';

const mlp = resolve('bin/mlp.js');
let packages: string;
let project: string;
const running = new Set<ChildProcess>();

beforeAll(async () => {
  packages = mkdtempSync(join(tmpdir(), 'mlp-packages-'));
  const rows = 800;
  await trainPackage(join(packages, 'a'), { c: 1, rows });
  await trainPackage(join(packages, 'b'), { c: 0.01, rows });
  project = mkdtempSync(join(tmpdir(), 'mlp-serve-'));
  writeFileSync(
    join(project, 'pipeline.yaml'),
    `stages:\n  train:\n    cmd: node copy.mjs\n    deps: [copy.mjs]\n    params: [which]\n    outs: [model]\nmodels:\n  sentiment:\n    path: model\n`,
  );
  writeFileSync(
    join(project, 'copy.mjs'),
    `import { cpSync, readFileSync } from 'node:fs';
     const which = readFileSync('params.yaml', 'utf8').trim().slice('which: '.length);
     cpSync(${JSON.stringify(packages)} + '/' + which, 'model', { recursive: true });`,
  );
  for (const which of ['a', 'b']) await build(which);
});

afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
  running.clear();
});
afterAll(() => {
  rmSync(packages, { recursive: true, force: true });
  rmSync(project, { recursive: true, force: true });
});

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly log: string;
}

const run = (words: readonly string[], input = ''): Promise<Ended> =>
  new Promise((done) => {
    const child = execFile(process.execPath, [mlp, ...words], { cwd: project }, (_, out, log) => {
      done({ code: child.exitCode ?? -1, out, log });
    });
    child.stdin?.end(input);
  });

const by: Actor = { who: 'a test', why: 'to serve it', gitCommit: null };

/** Makes and registers a version: its content is in the cache, the workspace will hold another. */
async function build(which: string): Promise<void> {
  writeFileSync(join(project, 'params.yaml'), `which: ${which}\n`);
  const repro = await run(['repro']);
  expect(repro.code, repro.log).toBe(0);
}

async function inRegistry(
  use: (registry: Extract<ReturnType<typeof openRegistry>, { ok: true }>['value']) => Promise<{ readonly ok: boolean }>,
): Promise<void> {
  const registry = openRegistry(join(project, '.mlp/mlp.db'));
  if (!registry.ok) throw new Error(registry.error.reason);
  expect(await use(registry.value)).toMatchObject({ ok: true });
  await registry.value.close();
}

/** As `mlp promote` does when its gates have passed, also from where it would not go. */
const promote = (version: number): Promise<void> =>
  inRegistry(async (registry) => {
    const production = await registry.currentProduction('sentiment');
    const models = await registry.listModels();
    if (!production.ok || !models.ok) return { ok: false };
    if (production.value?.version === version) return { ok: true };
    const from = models.value[0]?.versions.find((each) => each.version === version)?.stage ?? 'Development';
    const was = production.value?.version ?? null;
    return registry.move({ model: 'sentiment', version, from, to: 'Production', production: was, by, gates: [] });
  });

interface Serving {
  readonly url: string;
  readonly child: ChildProcess;
  readonly log: () => string;
  /** Exit code, or the name of the signal that ended it. */
  readonly ended: Promise<number | string>;
}

async function serve(...words: string[]): Promise<Serving> {
  const child = spawn(process.execPath, [mlp, 'serve', '--port', '0', '--json', ...words], { cwd: project });
  running.add(child);
  let log = '';
  child.stderr.on('data', (bytes: Buffer) => (log += bytes.toString()));
  const ended = once(child, 'exit').then(([code, signal]) => (code ?? signal) as number | string);
  const line = await Promise.race([once(createInterface(child.stdout), 'line'), ended.then(() => [''])]);
  if (line[0] === '') throw new Error(`it did not start: ${log}`);
  const { url } = JSON.parse(String(line[0])) as { url: string };
  return { url, child, log: () => log, ended };
}

interface Reply {
  readonly status: number;
  readonly model: string | undefined;
  readonly closes: boolean;
}

/** One POST over the agent's connections; a status of 0 is a request that was lost. */
const ask = (url: string, agent: Agent, comments: readonly string[] = ['what a great video']): Promise<Reply> =>
  new Promise((done) => {
    const sent = request(
      `${url}/predict`,
      { agent, method: 'POST', headers: { 'content-type': 'application/json' } },
      (reply) => {
        let length = 0;
        reply.on('data', (bytes: Buffer) => (length += bytes.length));
        reply.on('close', () => {
          const whole = reply.complete && length > 0;
          const closes = reply.headers.connection === 'close';
          done({ status: whole ? (reply.statusCode ?? 0) : 0, model: reply.headers['mlp-model'] as string, closes });
        });
      },
    );
    sent.on('error', () => {
      done({ status: 0, model: undefined, closes: true });
    });
    sent.end(JSON.stringify({ comments }));
  });

describe('mlp serve', () => {
  it('says what to do when no version is in production', async () => {
    const ended = await run(['serve', '--port', '0']);
    expect(ended.code).toBe(2);
    expect(ended.log).toContain('no version of sentiment is in production');
    expect(ended.log).toContain('mlp promote');
    expect(ended.out).toBe('');
  });

  it('serves the newest version in staging where asked', async () => {
    const { url } = await serve('--stage', 'staging');
    expect(await ask(url, new Agent())).toMatchObject({ status: 200, model: 'sentiment/2' });
  });

  it('follows a promotion and a rollback in other processes within 2 s and loses no request', async () => {
    await promote(1);
    const { url, child, ended } = await serve();
    const agent = new Agent({ keepAlive: true });
    const statuses = new Map<number, number>();
    const models: string[] = [];
    let going = true;
    const clients = Array.from({ length: 8 }, async () => {
      while (going) {
        const { status, model } = await ask(url, agent);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        if (model !== undefined && models.at(-1) !== model) models.push(model);
        // Leaves the processors to the promotion now and then.
        await sleep(3);
      }
    });
    await expect.poll(() => statuses.get(200), { timeout: 20_000 }).toBeGreaterThan(100);
    for (const [words, model] of [
      [['promote', 'sentiment@v2'], 'sentiment/2'],
      [['rollback', 'sentiment'], 'sentiment/1'],
    ] as const) {
      const moved = await run(words);
      const movedAt = performance.now();
      expect(moved.code, moved.log).toBe(0);
      await expect.poll(() => models.at(-1), { interval: 10, timeout: 5_000 }).toBe(model);
      expect(performance.now() - movedAt).toBeLessThan(2_000);
    }
    await sleep(200);
    going = false;
    await Promise.all(clients);
    expect([...statuses.keys()]).toEqual([200]);
    expect(models).toEqual(['sentiment/1', 'sentiment/2', 'sentiment/1']);
    agent.destroy();
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
  });

  it('keeps serving when a promoted version cannot be had, says so, and takes it when it can', async () => {
    await promote(1);
    const { url, child, log, ended } = await serve();
    const broken = join(project, '.mlp/cache');
    cpSync(broken, `${broken}-kept`, { recursive: true });
    rmSync(broken, { recursive: true });
    rmSync(join(project, '.mlp/models'), { recursive: true, force: true });
    await promote(2);
    await expect.poll(log, { timeout: 5_000 }).toContain('cannot load sentiment v2');
    const agent = new Agent();
    expect(await ask(url, agent)).toMatchObject({ status: 200, model: 'sentiment/1' });
    rmSync(broken, { recursive: true, force: true });
    cpSync(`${broken}-kept`, broken, { recursive: true });
    await expect.poll(() => ask(url, agent).then(({ model }) => model), { timeout: 8_000 }).toBe('sentiment/2');
    expect(log()).toContain('serving sentiment v2 (production), was sentiment v1 (production)');
    child.kill('SIGINT');
    expect(await ended).toBe(0);
  });

  it('behind a load balancer, loses no request when it is told to end while another takes over', async () => {
    await promote(1);
    const servers = [await serve('--drain-seconds', '0.5'), await serve()];
    const balancer = await balance(servers.map(({ url }) => url));
    const agent = new Agent({ keepAlive: true });
    const counts = { answered: 0, lost: 0 };
    let going = true;
    const clients = Array.from({ length: 16 }, async () => {
      while (going) {
        const { status } = await ask(balancer.url, agent);
        counts[status === 200 ? 'answered' : 'lost'] += 1;
        await sleep(3);
      }
    });
    await expect.poll(() => counts.answered, { timeout: 20_000 }).toBeGreaterThan(100);
    servers[0]?.child.kill('SIGTERM');
    expect(await servers[0]?.ended).toBe(0);
    await sleep(200);
    going = false;
    await Promise.all(clients);
    expect(counts.lost).toBe(0);
    expect(servers[0]?.log()).toContain('every request was answered');
    agent.destroy();
    balancer.close();
  });

  it('answers large requests that are open when it is told to end, and ends at once on a second signal', async () => {
    await promote(1);
    const comments = Array.from({ length: 1_000 }, (_, i) =>
      `comment ${i} is really not that great, is it? `.repeat(5),
    );
    const first = await serve('--drain-seconds', '0');
    const open = ask(first.url, new Agent(), comments);
    await sleep(100);
    first.child.kill('SIGTERM');
    expect((await open).status).toBe(200);
    expect(await first.ended).toBe(0);

    const second = await serve('--drain-seconds', '30');
    second.child.kill('SIGTERM');
    await expect.poll(second.log, { timeout: 5_000 }).toContain('ending');
    second.child.kill('SIGTERM');
    expect(await second.ended).toBe(130);
  });

  it('says which port is in use', async () => {
    await promote(1);
    const { url } = await serve();
    const port = new URL(url).port;
    const ended = await run(['serve', '--port', port]);
    expect(ended.code).toBe(2);
    expect(ended.log).toContain(`port ${port} of 127.0.0.1 is in use`);
    expect(ended.log).toContain('--port');
  });

  it('serves and follows a folder without a project', async () => {
    const folder = join(project, 'loose');
    mkdirSync(folder);
    cpSync(join(packages, 'a'), folder, { recursive: true });
    const { url, log } = await serve('--package', 'loose');
    expect((await ask(url, new Agent())).model).toBe('sentiment/local');
    cpSync(join(packages, 'b'), folder, { recursive: true });
    await expect.poll(log, { timeout: 5_000 }).toContain('serving sentiment (package), was sentiment (package)');
  });
});

describe('mlp predict', () => {
  it('asks the model in production about texts, a file and standard input', async () => {
    await promote(1);
    const texts = ['what a great video, I love it', 'this is terrible, I hate it'];
    const table = await run(['predict', ...texts]);
    expect(table.code, table.log).toBe(0);
    expect(table.out).toMatch(/^label +negative +neutral +positive +text\npositive .*great.*\nnegative .*terrible.*\n/);
    expect(table.out).toContain('by sentiment v1 (production)');

    const piped = await run(['predict', '--file', '-', '--json'], `${texts.join('\n')}\n`);
    const { model, predictions } = JSON.parse(piped.out) as {
      model: object;
      predictions: { text: string; label: string; probabilities: Record<string, number> }[];
    };
    expect(model).toEqual({ name: 'sentiment', version: '1', stage: 'production' });
    expect(predictions.map(({ text, label }) => [text, label])).toEqual([
      [texts[0], 'positive'],
      [texts[1], 'negative'],
    ]);
    for (const { probabilities } of predictions) {
      expect(Object.values(probabilities).reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 9);
    }
  });

  it('answers as the server does', async () => {
    await promote(2);
    const { url } = await serve();
    const texts = ['meh', 'so good', 'I do not like the music at all'];
    const reply = await fetch(`${url}/predict?probabilities=true`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ comments: texts }),
    });
    const served = (await reply.json()) as { sentiment: string; probabilities: object }[];
    const asked = JSON.parse((await run(['predict', '--json', ...texts])).out) as {
      predictions: { label: string; probabilities: object }[];
    };
    expect(served.map(({ sentiment, probabilities }) => ({ label: sentiment, probabilities }))).toEqual(
      asked.predictions.map(({ label, probabilities }) => ({ label, probabilities })),
    );
  });

  it.each([
    [['predict'], 'no text to ask about'],
    [['predict', 'a', '--file', 'b'], 'not both'],
    [['predict', 'a', '--package', 'gone'], 'there is no model package in'],
    [['predict', 'a', '--model', 'sentimental'], 'did you mean "sentiment"?'],
    [['predict', 'a', '--stage', 'staging'], 'is in staging'],
    [['predict', '--file', 'gone.txt'], 'there is no such file'],
    [['serve', '--port', 'http'], '--port'],
  ])('refuses %j with exit 2', async (words, message) => {
    const ended = await run(words);
    expect(ended.code).toBe(2);
    expect(ended.log).toContain(message);
    expect(ended.out).toBe('');
  });
});

/** A small round-robin proxy that asks /ready every 50 ms and takes a server out after two failures, as HAProxy does (fall 2). */
async function balance(urls: readonly string[]): Promise<{ url: string; close: () => void }> {
  const failures = urls.map(() => 0);
  const checks = urls.map((url, i) =>
    setInterval(() => {
      void fetch(`${url}/ready`, { headers: { connection: 'close' } }).then(
        ({ ok }) => (failures[i] = ok ? 0 : (failures[i] ?? 0) + 1),
        () => (failures[i] = (failures[i] ?? 0) + 1),
      );
    }, 50),
  );
  const agents = urls.map(() => new Agent({ keepAlive: true }));
  let turn = 0;
  const proxy = createServer((incoming, outgoing) => {
    const up = urls.map((_, i) => i).filter((i) => (failures[i] ?? 0) < 2);
    const target = up[turn++ % up.length] ?? 0;
    const { method, headers } = incoming;
    const options = { agent: agents[target]!, method: method ?? 'GET', headers };
    const onward = request(`${urls[target] ?? ''}${incoming.url ?? ''}`, options, (reply) => {
      outgoing.writeHead(reply.statusCode ?? 502, { 'content-type': 'application/json' });
      reply.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const address = proxy.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    close: () => {
      checks.forEach((check) => {
        clearInterval(check);
      });
      agents.forEach((agent) => {
        agent.destroy();
      });
      proxy.closeAllConnections();
      proxy.close();
    },
  };
}
