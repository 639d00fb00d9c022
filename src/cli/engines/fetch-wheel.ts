import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { failure } from '../../core/failure.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { Environment } from '../../ml/engines/engine.ts';
import { pip } from '../processes/pip.ts';
import { platformOf, type Wheel } from './wheels.ts';

export interface FetchedWheel {
  readonly bytes: Buffer;
  /** `pip`, or the address of the index. */
  readonly from: string;
}

/** Much more than any pinned wheel has. */
const mostBytes = 64 << 20;
const timeoutMs = 300_000;

/** A wheel by pip where that is there, so that its configuration counts, else from the index itself. Its hash is not checked here. */
export async function fetchWheel(wheel: Wheel, folder: string, env: Environment): Promise<Result<FetchedWheel>> {
  const wanted = [`${wheel.project}==${wheel.version}`, '--no-deps', '--only-binary', ':all:'];
  const words = ['download', ...wanted, '--platform', platformOf(wheel), '--dest', folder, '--no-input', '--quiet'];
  const outcome = await pip(words, env);
  if (outcome === 'no pip') return fromIndex(wheel, env['PIP_INDEX_URL'] ?? 'https://pypi.org/simple');
  const name = outcome === 'done' ? (await readdir(folder)).find((file) => file.endsWith('.whl')) : undefined;
  if (name !== undefined) return ok({ bytes: await readFile(join(folder, name)), from: 'pip' });
  const problem = typeof outcome === 'object' ? outcome.problem : 'it downloaded no wheel';
  return err(failure('engine-not-fetched', { file: wheel.file, from: 'pip', problem }));
}

async function fromIndex(wheel: Wheel, index: string): Promise<Result<FetchedWheel>> {
  const address = `${index.replace(/\/+$/, '')}/${wheel.project}/`;
  const page = URL.canParse(address) ? new URL(address) : undefined;
  const from = page?.origin ?? 'the index';
  const failed = (problem: string): Result<never> =>
    err(failure('engine-not-fetched', { file: wheel.file, from, problem }));
  if (page === undefined) return failed('PIP_INDEX_URL is no address');
  try {
    const listed = await ask(page, 'application/vnd.pypi.simple.v1+json, text/html;q=0.1');
    if (typeof listed === 'string') return failed(listed);
    const found = addressIn(await listed.text(), wheel.file);
    if (found === undefined) return failed(`it does not list ${wheel.file}`);
    const file = new URL(found, page);
    const answer = await ask(sameHost(file, page), '*/*');
    if (typeof answer === 'string') return failed(answer);
    const bytes = await bodyOf(answer);
    return bytes === undefined ? failed(`it has more than ${mostBytes} bytes`) : ok({ bytes, from });
  } catch (error) {
    const { cause, message } = error as Error;
    return failed(cause instanceof Error ? cause.message : message);
  }
}

/** Name and password of the index are good for its files too, and for no other host. */
function sameHost(file: URL, page: URL): URL {
  if (file.host === page.host && file.username === '') {
    file.username = page.username;
    file.password = page.password;
  }
  return file;
}

/** An answer of status 200; a text says what came instead. */
async function ask(url: URL, accept: string): Promise<Response | string> {
  const plain = new URL(url);
  plain.username = '';
  plain.password = '';
  const login = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  const authorization = login === ':' ? {} : { authorization: `Basic ${Buffer.from(login).toString('base64')}` };
  const signal = AbortSignal.timeout(timeoutMs);
  const answer = await fetch(plain, { headers: { accept, ...authorization }, signal });
  return answer.ok ? answer : `it answered ${answer.status}`;
}

async function bodyOf(answer: Response): Promise<Buffer | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (answer.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > mostBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Of a page of the simple API, as JSON or as HTML. */
function addressIn(page: string, file: string): string | undefined {
  if (!page.trimStart().startsWith('{')) {
    const addresses = [...page.matchAll(/href="([^"]+)"/g)].map(([, address = '']) => address);
    return addresses.find((address) => address.split('#')[0]?.endsWith(`/${file}`));
  }
  const { files = [] } = JSON.parse(page) as { files?: readonly { filename?: unknown; url?: unknown }[] };
  const url = files.find(({ filename }) => filename === file)?.url;
  return typeof url === 'string' ? url : undefined;
}
