import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { failureMessage } from '../../core/failure.ts';
import { engineFolder, engines, libraryName, type Engine } from '../../ml/engines/engine.ts';
import { enginePath, engineStates, removeEngine } from './engine-state.ts';
import { fetchWheel } from './fetch-wheel.ts';
import { installEngine } from './install-engine.ts';
import { unpackWheel } from './unpack-wheel.ts';
import { platformOf, wheelFor } from './wheels.ts';
import { readZip } from './zip.ts';

/** A zip archive of one packed and one stored file. */
function zipOf(files: Readonly<Record<string, string>>): Buffer {
  const locals: Buffer[] = [];
  const entries: Buffer[] = [];
  let offset = 0;
  Object.entries(files).forEach(([name, text], number) => {
    const method = number % 2 === 0 ? 8 : 0;
    const content = method === 8 ? deflateRawSync(text) : Buffer.from(text);
    const local = Buffer.alloc(30 + name.length);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(name.length, 26);
    local.write(name, 30);
    const entry = Buffer.alloc(46 + name.length);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(method, 10);
    entry.writeUInt32LE(content.length, 20);
    entry.writeUInt32LE(Buffer.byteLength(text), 24);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(offset, 42);
    entry.write(name, 46);
    locals.push(local, content);
    entries.push(entry);
    offset += local.length + content.length;
  });
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, ...entries, end]);
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mlp-engine-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const wheel = wheelFor('lightgbm', 'linux-x64')!;
const env = (more: Record<string, string> = {}): Record<string, string> => ({
  HOME: folder,
  XDG_CACHE_HOME: join(folder, 'cache'),
  LOCALAPPDATA: join(folder, 'cache'),
  PATH: join(folder, 'bin'),
  ...more,
});

describe('zip archives', () => {
  it('give their files, packed or stored', () => {
    const found = readZip(zipOf({ 'a/b.txt': 'hello hello hello', 'c.txt': 'stored' }));
    expect(found.map((entry) => [entry.name, Buffer.from(entry.read()).toString()])).toEqual([
      ['a/b.txt', 'hello hello hello'],
      ['c.txt', 'stored'],
    ]);
  });

  it('that are damaged are refused, and never unpack to more than they announce', () => {
    expect(() => readZip(Buffer.from('no archive'))).toThrow(RangeError);
    const bytes = zipOf({ a: 'x'.repeat(10_000) });
    bytes.writeUInt32LE(10, bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 1, 2])) + 24);
    expect(() => readZip(bytes)[0]!.read()).toThrow(RangeError);
  });
});

describe('fetching a wheel', () => {
  let server: Server;
  let asked: string[];
  const pages = new Map<string, string>();
  beforeEach(async () => {
    asked = [];
    pages.clear();
    server = createServer((request, response) => {
      asked.push(`${request.url ?? ''} ${request.headers.authorization ?? ''}`.trim());
      const page = pages.get(request.url ?? '');
      response.statusCode = page === undefined ? 404 : 200;
      response.end(page);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => {
    server.close();
  });
  const index = (login = ''): string => `http://${login}127.0.0.1:${(server.address() as AddressInfo).port}/simple`;

  it.each([
    ['JSON', JSON.stringify({ files: [{ filename: wheel.file, url: '/files/w' }] }), '/files/w'],
    ['HTML', `<a href="../../files/${wheel.file}#sha256=00">w</a>`, `/files/${wheel.file}`],
  ])('takes it from the index in PIP_INDEX_URL where there is no pip (%s)', async (_form, page, path) => {
    pages.set('/simple/lightgbm/', page).set(path, 'bytes');
    const fetched = await fetchWheel(wheel, folder, env({ PIP_INDEX_URL: index() }));
    expect(fetched.ok && fetched.value.bytes.toString()).toBe('bytes');
  });

  it('logs in where the address says so, and never shows the password', async () => {
    const fetched = await fetchWheel(wheel, folder, env({ PIP_INDEX_URL: index('me:secret@') }));
    expect(asked).toEqual([`/simple/lightgbm/ Basic ${Buffer.from('me:secret').toString('base64')}`]);
    expect(fetched.ok ? '' : failureMessage(fetched.error)).toMatch(/it answered 404/);
    expect(fetched.ok ? '' : failureMessage(fetched.error)).not.toContain('secret');
  });

  it('says that PIP_INDEX_URL is no address', async () => {
    const fetched = await fetchWheel(wheel, folder, env({ PIP_INDEX_URL: 'our-mirror' }));
    expect(fetched.ok ? '' : failureMessage(fetched.error)).toContain('PIP_INDEX_URL is no address');
  });

  it.skipIf(process.platform === 'win32')(
    'tells why pip could not connect, not only that it found nothing',
    async () => {
      mkdirSync(join(folder, 'bin'));
      const said = [
        `WARNING: Retrying (Retry(total=4)) after connection broken by 'NewConnectionError('<pip.Connection object at 0x7f>: Failed to establish a new connection: [Errno 111] Connection refused')': /simple/lightgbm/`,
        'ERROR: No matching distribution found for lightgbm',
      ];
      const script = `#!/bin/sh\n[ "$1" = --version ] && exit 0\n/bin/cat >&2 <<'END'\n${said.join('\n')}\nEND\nexit 1\n`;
      writeFileSync(join(folder, 'bin', 'pip3'), script);
      chmodSync(join(folder, 'bin', 'pip3'), 0o755);
      const fetched = await fetchWheel(wheel, folder, env());
      expect(fetched.ok ? '' : failureMessage(fetched.error)).toBe(
        `${wheel.file} could not be fetched from pip: ERROR: No matching distribution found for lightgbm (Failed to establish a new connection: [Errno 111] Connection refused)`,
      );
    },
  );

  it.skipIf(process.platform === 'win32')('asks pip where it is there, for the platform and nothing else', async () => {
    mkdirSync(join(folder, 'bin'));
    const script = `#!/bin/sh\n[ "$1" = --version ] && exit 0\necho "$@" > "${folder}/words"\n: > "${folder}/a.whl"\n`;
    writeFileSync(join(folder, 'bin', 'pip3'), script);
    chmodSync(join(folder, 'bin', 'pip3'), 0o755);
    const fetched = await fetchWheel(wheel, folder, env({ PIP_INDEX_URL: index() }));
    expect(fetched.ok && fetched.value.from).toBe('pip');
    expect(asked).toEqual([]);
  });
});

describe('installing', () => {
  it('keeps nothing of a file that is not the pinned one', async () => {
    const file = join(folder, 'other.whl');
    writeFileSync(file, zipOf({ 'lightgbm/lib/lib_lightgbm.so': 'evil' }));
    const installed = await installEngine(engines.lightgbm, { env: env(), wheel: file, force: false });
    expect(installed.ok ? '' : installed.error.reason).toBe('engine-wheel-invalid');
    expect(readdirSync(join(folder, 'cache', 'mlp', 'engines'))).toEqual([]);
  });

  it('has a wheel of one version for each system it knows, named as PyPI names it', () => {
    for (const engine of Object.values(engines)) {
      for (const system of ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64', 'win32-x64']) {
        const found = wheelFor(engine.name, system)!;
        expect(found.version).toBe(engine.version);
        expect(found.file).toContain(`-${engine.version}-py3-none-`);
        expect(found.sha256).toMatch(/^[0-9a-f]{64}$/);
      }
    }
    expect(platformOf(wheel)).toBe('manylinux_2_28_x86_64');
    expect(wheelFor('lightgbm', 'sunos-x64')).toBeUndefined();
  });

  it('what is there is listed and removed; without it, path says how to get it', async () => {
    const { lightgbm } = engines;
    const missing = enginePath(lightgbm, env());
    expect(missing.ok ? '' : missing.error.reason).toBe('engine-missing');
    const place = join(engineFolder(lightgbm, env()), 'lightgbm', 'lib');
    mkdirSync(place, { recursive: true });
    for (const name of Object.values(lightgbm.library)) writeFileSync(join(place, name), '');
    expect(engineStates(env()).map(({ source }) => source)).toEqual(['installed', null]);
    expect(engineStates(env({ MLP_XGBOOST_LIB: '/x.so' })).map(({ source }) => source)).toEqual([
      'installed',
      'variable',
    ]);
    expect((await removeEngine(lightgbm, env())).removed).toBe(true);
    expect(existsSync(place)).toBe(false);
    expect((await removeEngine(lightgbm, env())).removed).toBe(false);
  });
});

describe('the licence of what is installed', () => {
  const metadata = [
    'Metadata-Version: 2.4',
    'Name: xgboost-cpu',
    'Version: 3.2.0',
    'Project-URL: repository, https://github.com/dmlc/xgboost',
    'Author-email: Hyunsu Cho <chohyu01@cs.washington.edu>,',
    ' Jiaming Yuan <jm.yuan@outlook.com>',
    'License: Apache-2.0',
    'Requires-Dist: numpy',
    '',
    'License: what the description says of others',
  ].join('\n');

  /** Unpacks a wheel made of these files beside the library; gives all paths that are there then. */
  async function unpacked(engine: Engine, files: Readonly<Record<string, string>>): Promise<string[]> {
    const bytes = zipOf({ [`${engine.folder}/${libraryName(engine)}`]: 'code', ...files });
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const pinned = { ...wheelFor(engine.name, 'linux-x64')!, sha256 };
    expect(await unpackWheel(engine, pinned, { bytes, folder })).toEqual({ ok: true, value: undefined });
    const paths = readdirSync(folder, { recursive: true, withFileTypes: true });
    return paths
      .filter((path) => path.isFile())
      .map(({ parentPath, name }) =>
        join(parentPath, name)
          .slice(folder.length + 1)
          .replaceAll('\\', '/'),
      )
      .sort();
  }

  it('is written beside the library where the wheel has no text of it: what its METADATA says, its source, the text', async () => {
    const { xgboost } = engines;
    const found = await unpacked(xgboost, {
      'xgboost_cpu.libs/libgomp.so.1': 'code',
      'xgboost_cpu-3.2.0.dist-info/METADATA': metadata,
      'xgboost_cpu-3.2.0.dist-info/RECORD': '',
      'xgboost_cpu-3.2.0.dist-info/sboms/auditwheel.cdx.json': '{}',
    });
    expect(found).toEqual([
      'xgboost/lib/LICENSE',
      `xgboost/lib/${libraryName(xgboost)}`,
      'xgboost_cpu-3.2.0.dist-info/METADATA',
      'xgboost_cpu-3.2.0.dist-info/sboms/auditwheel.cdx.json',
      'xgboost_cpu.libs/libgomp.so.1',
    ]);
    const text = readFileSync(join(folder, 'xgboost', 'lib', 'LICENSE'), 'utf8');
    for (const field of metadata.split('\n').slice(1, 7)) expect(text).toContain(`    ${field}\n`);
    expect(text).toContain('https://pypi.org/project/xgboost-cpu/3.2.0/');
    expect(text).toContain('\n    xgboost_cpu.libs/libgomp.so.1\n');
    expect(text).not.toMatch(/numpy|of others/);
    expect(text.endsWith(readFileSync('LICENSE', 'utf8'))).toBe(true);
  });

  it.each(['lightgbm-4.7.0.dist-info/licenses/LICENSE', 'lightgbm-4.7.0.dist-info/LICENSE.txt'])(
    'is the text of the wheel where it has one: %s',
    async (path) => {
      const description = 'lightgbm-4.7.0.dist-info/METADATA';
      const found = await unpacked(engines.lightgbm, { [path]: 'its own', [description]: metadata });
      expect(found).toEqual([path, description, `lightgbm/lib/${libraryName(engines.lightgbm)}`].sort());
      expect(readFileSync(join(folder, path), 'utf8')).toBe('its own');
    },
  );
});
