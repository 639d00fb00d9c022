import { posix } from 'node:path';
import { failure } from '../../core/failure.ts';
import { err, ok, type Result } from '../../core/result.ts';

const schemes = new Set(['http:', 'https:', 'file:']);

/** An address to import from. It ends up in a file that is committed, so it may hold no password. */
export function parseSource(text: string): Result<URL> {
  const refuse = (problem: string): Result<never> => err(failure('invalid-url', { url: text, problem }));
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return refuse('it is no address');
  }
  if (!schemes.has(url.protocol)) return refuse(`${url.protocol.slice(0, -1)} is not one of http, https and file`);
  if (url.username !== '' || url.password !== '') {
    return err(
      failure('invalid-url', {
        url: `${url.protocol}//...@${url.host}${url.pathname}`,
        problem: 'its user name and password would be committed with the record',
      }),
    );
  }
  if (url.protocol === 'file:' && url.host !== '')
    return refuse('a file address names no host: file:///folder/file.csv');
  url.hash = '';
  return ok(url);
}

/** The file name that an address ends in, decoded; undefined when it ends in none that could be a file here. */
export function baseNameOf(url: URL): string | undefined {
  let name: string;
  try {
    name = decodeURIComponent(posix.basename(url.pathname));
  } catch {
    return undefined;
  }
  const unusable = name === '' || name === '.' || name === '..' || /[/\\\u0000-\u001f]/.test(name);
  return unusable ? undefined : name;
}
