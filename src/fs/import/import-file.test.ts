import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { asContentHash, type ContentHash } from '../../core/brands.ts';
import type { EngineEvent } from '../../core/events.ts';
import { failureMessage, type Failure } from '../../core/failure.ts';
import type { Result } from '../../core/result.ts';
import { fetchImport } from './fetch-import.ts';
import { importFile, type ImportOptions, type Imported } from './import-file.ts';
import { parseMirror } from './mirror.ts';
import { recordsOfMissing } from '../records/missing-data.ts';
import { readRecord } from './read-record.ts';

const content = 'text,label\n'.repeat(20_000);
const sha256Of = (text: string): ContentHash => asContentHash(createHash('sha256').update(text).digest('hex'));
const expected = sha256Of(content);

let root: string;
let events: EngineEvent[];
let origin: string;
let asked: string[];
let handle: (request: IncomingMessage, response: ServerResponse) => void;
const server = createServer((request, response) => {
  asked.push(request.url ?? '');
  handle(request, response);
});

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'mlp-import-'));
  mkdirSync(join(root, '.git'));
  events = [];
  asked = [];
  handle = (_request, response) => response.end(content);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(root, { recursive: true, force: true });
});

const ports = () => ({
  root,
  mirror: undefined,
  maxBytes: 1e9,
  idleMs: 5000,
  signal: new AbortController().signal,
  emit: (event: EngineEvent) => void events.push(event),
});
const importing = (more: Partial<ImportOptions> = {}, path = '/a/set.csv'): Promise<Result<Imported>> =>
  importFile({
    ...ports(),
    url: new URL(path, origin),
    path: 'data/set.csv',
    force: false,
    clock: { now: () => Date.UTC(2026, 0, 2, 3, 4, 5) },
    ...more,
  });
const write = (name: string, text: string): void => {
  mkdirSync(dirname(join(root, name)), { recursive: true });
  writeFileSync(join(root, name), text);
};
const read = (name: string): string => readFileSync(join(root, name), 'utf8');
/** All files of the workspace, with what lies in `.mlp` too, but for the file that hides that folder from git. */
const files = (): string[] =>
  readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .filter((path) => path !== '.mlp/.gitignore')
    .sort();
const failureOf = (result: Result<unknown>): Failure => {
  if (result.ok) throw new Error('expected a failure');
  return result.error;
};
const valueOf = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(failureMessage(result.error));
  return result.value;
};
const mirrorOf = (value: string) => valueOf(parseMirror(value, root));

describe('an import', () => {
  it('puts the file in place with its record, and lets git ignore the file but not the record', async () => {
    const imported = valueOf(await importing({ sha256: expected }));
    expect(imported).toMatchObject({ from: 'origin', recordPath: 'data/set.csv.mlp', ignoredIn: 'data/.gitignore' });
    expect(read('data/set.csv')).toBe(content);
    expect(read('data/set.csv.mlp')).toBe(
      [
        '# Where the file beside this one comes from. `mlp repro` fetches it again when it is missing.',
        `url: "${origin}/a/set.csv"`,
        `sha256: ${expected}`,
        'size: 220000',
        'imported: 2026-01-02T03:04:05.000Z',
        '',
      ].join('\n'),
    );
    expect(read('data/.gitignore')).toBe('/set.csv\n');
    expect(files()).toEqual(['data/.gitignore', 'data/set.csv', 'data/set.csv.mlp']);
    expect(valueOf(readRecord(root, 'data/set.csv.mlp'))).toEqual(imported.record);
  });

  it('reads a file address', async () => {
    write('elsewhere/x.csv', content);
    const url = pathToFileURL(join(root, 'elsewhere/x.csv'));
    expect(valueOf(await importing({ url })).record.sha256).toBe(expected);
  });

  it('tells its progress, and ends it', async () => {
    await importing();
    const progress = events.flatMap((event) => (event.type === 'progress' ? [event] : []));
    expect(progress.at(-1)).toMatchObject({ task: 'download', label: 'data/set.csv', done: 220_000, total: 220_000 });
  });

  it('changes nothing that git would show when the same is imported again', async () => {
    await importing();
    const record = read('data/set.csv.mlp');
    valueOf(await importing({ clock: { now: () => 0 } }));
    expect(read('data/set.csv.mlp')).toBe(record);
    expect(read('data/.gitignore')).toBe('/set.csv\n');
  });

  it('replaces an earlier import by the new content', async () => {
    await importing();
    handle = (_request, response) => response.end('new');
    expect(valueOf(await importing()).record.size).toBe(3);
    expect(read('data/set.csv')).toBe('new');
    expect(valueOf(readRecord(root, 'data/set.csv.mlp')).sha256).toBe(sha256Of('new'));
  });

  it('adds its line to a .gitignore that is there', async () => {
    write('data/.gitignore', 'other');
    await importing();
    expect(read('data/.gitignore')).toBe('other\n/set.csv\n');
  });

  it('downloads nothing that is there with the SHA-256 asked for', async () => {
    write('data/set.csv', content);
    expect(valueOf(await importing({ sha256: expected })).from).toBe('present');
    expect(asked).toEqual([]);
    expect(existsSync(join(root, 'data/set.csv.mlp'))).toBe(true);
  });

  it.each([
    ['was not imported', () => undefined],
    ['was changed since', () => importing()],
  ])('refuses to replace a file that %s, and replaces it when forced', async (why, before) => {
    await before();
    write('data/set.csv', 'mine');
    const refused = failureOf(await importing());
    expect(failureMessage(refused)).toContain(why);
    expect(read('data/set.csv')).toBe('mine');
    valueOf(await importing({ force: true }));
    expect(read('data/set.csv')).toBe(content);
  });

  it('refuses paths outside the workspace and folders', async () => {
    expect(failureOf(await importing({ path: '../x' })).reason).toBe('outside-workspace');
    mkdirSync(join(root, 'folder'));
    expect(failureOf(await importing({ path: 'folder' })).reason).toBe('import-path-unusable');
  });

  it('takes an empty file', async () => {
    handle = (_request, response) => response.end();
    expect(valueOf(await importing()).record).toMatchObject({ size: 0, sha256: sha256Of('') });
  });

  it('asks for the bytes as they are', async () => {
    handle = (request, response) => response.end(request.headers['accept-encoding']);
    await importing();
    expect(read('data/set.csv')).toBe('identity');
  });
});

describe('a download that fails leaves nothing behind:', () => {
  const cases: readonly (readonly [string, () => void, Partial<ImportOptions>, string, RegExp])[] = [
    ['not found', () => (handle = (_q, r) => r.writeHead(404).end('no')), {}, 'download-refused', /answered 404/],
    ['server error', () => (handle = (_q, r) => r.writeHead(503).end()), {}, 'download-refused', /answered 503/],
    ['partial content', () => (handle = (_q, r) => r.writeHead(206).end('x')), {}, 'download-refused', /206/],
    [
      'a body shorter than announced',
      () =>
        (handle = (_q, r) => {
          r.writeHead(200, { 'content-length': content.length });
          r.write(content.slice(0, 1000));
          setTimeout(() => r.destroy(), 50);
        }),
      {},
      'download-failed',
      /closed|reset|ended/,
    ],
    ['a reset connection', () => (handle = (q) => q.socket.resetAndDestroy()), {}, 'download-failed', /reset|closed/],
    [
      'an endless redirect',
      () => (handle = (q, r) => r.writeHead(302, { location: `${q.url ?? ''}x` }).end()),
      {},
      'download-failed',
      /more than 10 times/,
    ],
    [
      'a redirect out of http',
      () => (handle = (_q, r) => r.writeHead(301, { location: 'file:///etc/passwd' }).end()),
      {},
      'download-failed',
      /redirects to file:/,
    ],
    ['another SHA-256', () => undefined, { sha256: sha256Of('other') }, 'download-different', /other content/],
    ['too large by its length', () => undefined, { maxBytes: 1000 }, 'download-too-large', /220000 bytes or more/],
    [
      'too large without a length',
      () =>
        (handle = (_q, r) => {
          r.write('x'.repeat(800));
          setTimeout(() => r.end(content), 20);
        }),
      { maxBytes: 1000 },
      'download-too-large',
      /limit is 1000/,
    ],
    [
      'a silent server',
      () => (handle = (_q, r) => void r.write('some')),
      { idleMs: 150 },
      'download-failed',
      /no answer for 0.15 s/,
    ],
    ['no file', () => undefined, { url: new URL('file:///does/not/exist.csv') }, 'file-access', /does not exist/],
    ['a folder', () => undefined, { url: new URL('file:///tmp') }, 'invalid-url', /not a file/],
  ];

  it.each(cases)('%s', async (...row) => {
    const [, arrange, more, reason, message] = row;
    arrange();
    const problem = failureOf(await importing(more));
    expect(problem.reason).toBe(reason);
    expect(failureMessage(problem)).toMatch(message);
    expect(files()).toEqual([]);
    expect(existsSync(join(root, 'data'))).toBe(false);
  });

  it('and what was imported before stays', async () => {
    await importing();
    const before = files();
    handle = (_request, response) => response.end('other');
    expect(
      failureOf(await importing({ sha256: expected.replace(/^./, (d) => (d === '0' ? '1' : '0')) as ContentHash }))
        .reason,
    ).toBe('download-different');
    expect(files()).toEqual(before);
    expect(read('data/set.csv')).toBe(content);
  });

  it('no server', async () => {
    const url = new URL('/a/set.csv', origin);
    await new Promise((resolve) => server.close(resolve));
    const problem = failureOf(await importing({ url }));
    expect(failureMessage(problem)).toMatch(/the host refused the connection/);
    expect(files()).toEqual([]);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });

  it('interrupted', async () => {
    const controller = new AbortController();
    handle = (_request, response) => {
      response.write('half');
      setTimeout(() => {
        controller.abort();
      }, 50);
    };
    expect(failureOf(await importing({ signal: controller.signal })).reason).toBe('import-interrupted');
    expect(files()).toEqual([]);
  });
});

describe('a mirror', () => {
  it.each([
    ['named by the SHA-256', () => expected],
    ['with the name of the address', () => 'set.csv'],
    ['under any other name', () => 'Some_Data (1).csv'],
  ])('that is a folder gives a file %s, without asking the address', async (_name, nameOf) => {
    write(`mirror/${nameOf()}`, content);
    write('mirror/a-decoy.csv', 'other');
    write('mirror/folder/x.csv', content);
    const imported = valueOf(await importing({ sha256: expected, mirror: mirrorOf('mirror') }));
    expect(imported.from).toBe('mirror');
    expect(imported.record.url).toBe(`${origin}/a/set.csv`);
    expect(read('data/set.csv')).toBe(content);
    expect(asked).toEqual([]);
  });

  it('that is a folder never gives a file with other content than asked for', async () => {
    write('mirror/set.csv', 'other');
    expect(valueOf(await importing({ sha256: expected, mirror: mirrorOf('mirror') })).from).toBe('origin');
    expect(read('data/set.csv')).toBe(content);
  });

  it('that is a folder is asked by name alone when no SHA-256 is given', async () => {
    write('mirror/other.csv', 'other');
    expect(valueOf(await importing({ mirror: mirrorOf('mirror') })).from).toBe('origin');
    write('mirror/set.csv', 'mirrored');
    valueOf(await importing({ path: 'b.csv', mirror: mirrorOf('mirror') }));
    expect(read('b.csv')).toBe('mirrored');
  });

  it('passes over files above the size limit', async () => {
    write('mirror/set.csv', content);
    const problem = failureOf(await importing({ sha256: expected, maxBytes: 1000, mirror: mirrorOf('mirror') }));
    expect(problem.reason).toBe('download-too-large');
  });

  it('that is an address is asked by SHA-256, then by name, then the address itself', async () => {
    handle = (request, response) => {
      if (request.url?.startsWith('/mirror/') === true) response.writeHead(404).end();
      else response.end(content);
    };
    const imported = valueOf(await importing({ sha256: expected, mirror: mirrorOf(`${origin}/mirror`) }));
    expect(asked).toEqual([`/mirror/${expected}`, '/mirror/set.csv', '/a/set.csv']);
    expect(imported.from).toBe('origin');
    expect(events.filter(({ type }) => type === 'warning')).toEqual([]);
  });

  it('that gives other content, or cannot be reached, is warned of and passed over', async () => {
    handle = (request, response) => response.end(request.url === '/mirror/set.csv' ? 'other' : content);
    handle = ((honest) => (request, response) => {
      if (request.url === `/mirror/${expected}`) request.socket.destroy();
      else honest(request, response);
    })(handle);
    expect(valueOf(await importing({ sha256: expected, mirror: mirrorOf(`${origin}/mirror/`) })).from).toBe('origin');
    expect(events.flatMap((event) => (event.type === 'warning' ? [event.text] : []))).toEqual([
      expect.stringContaining('mirror: could not download'),
      expect.stringContaining('other content'),
    ]);
  });

  it.each(['nowhere', 'http://['])('that is no folder and no address (%s) is an error', (value) => {
    expect(failureOf(parseMirror(value, root)).reason).toBe('invalid-mirror');
  });
});

describe('fetching again', () => {
  it('finds what is missing, also inside a folder, and puts it back', async () => {
    await importing();
    await importing({ path: 'one.csv' });
    expect(recordsOfMissing(root, ['data', 'one.csv', 'data/set.csv', 'none.csv'])).toEqual([]);
    rmSync(join(root, 'data/set.csv'));
    rmSync(join(root, 'one.csv'));
    const missing = recordsOfMissing(root, ['data', 'data/set.csv', 'one.csv', 'none.csv']);
    expect(missing).toEqual(['data/set.csv.mlp', 'one.csv.mlp']);
    for (const record of missing) valueOf(await fetchImport(record, ports()));
    expect(read('data/set.csv')).toBe(content);
    expect(read('one.csv')).toBe(content);
  });

  it('fails when the content is another one now', async () => {
    await importing();
    rmSync(join(root, 'data/set.csv'));
    handle = (_request, response) => response.end('changed');
    expect(failureOf(await fetchImport('data/set.csv.mlp', ports())).reason).toBe('download-different');
    expect(files()).toEqual(['data/.gitignore', 'data/set.csv.mlp']);
  });

  it.each([
    ['{', /./],
    ['[1]', /no fields/],
    ['url: ftp://x/y', /"url"/],
    [`url: http://x/y\nsha256: abc`, /"sha256"/],
    [`url: http://x/y\nsha256: ${'a'.repeat(64)}\nsize: -1`, /"size"/],
    ['', /no fields/],
  ])('refuses the broken record %j', async (text, message) => {
    write('x.csv.mlp', text);
    const problem = failureOf(await fetchImport('x.csv.mlp', ports()));
    expect(problem.reason).toBe('import-record-invalid');
    expect(failureMessage(problem)).toMatch(message);
  });
});
