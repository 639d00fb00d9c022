import { failure } from '../../core/failure.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { Body } from './body.ts';

const mostRedirects = 10;

/** Asks an http address for its bytes, following redirects. Throws what `fetch` throws. */
export async function requestBody(first: URL, signal: AbortSignal): Promise<Result<Body>> {
  let url = first;
  for (let redirects = 0; ; redirects++) {
    // Bytes as they are: a compressed answer would be unpacked, and its length then says nothing.
    const response = await fetch(url, { redirect: 'manual', signal, headers: { 'accept-encoding': 'identity' } });
    const target = response.headers.get('location');
    if (response.status < 300 || response.status >= 400 || target === null) return bodyOf(response, url);
    await response.body?.cancel();
    const next = redirected(target, url, first);
    if (!next.ok) return next;
    if (redirects === mostRedirects) {
      const problem = `it redirects more than ${mostRedirects} times`;
      return err(failure('download-failed', { url: first.href, problem }));
    }
    url = next.value;
  }
}

function redirected(target: string, from: URL, first: URL): Result<URL> {
  const refuse = (problem: string): Result<never> => err(failure('download-failed', { url: first.href, problem }));
  let url: URL;
  try {
    url = new URL(target, from);
  } catch {
    return refuse('it redirects to an invalid address');
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return refuse(`it redirects to ${url.protocol}`);
  if (from.protocol === 'https:' && url.protocol === 'http:') return refuse('it redirects from https to http');
  return ok(url);
}

async function bodyOf(response: Response, url: URL): Promise<Result<Body>> {
  if (response.status !== 200 || response.body === null) {
    await response.body?.cancel();
    return err(failure('download-refused', { url: url.href, status: response.status, text: response.statusText }));
  }
  const encoded = response.headers.has('content-encoding');
  const length = Number(response.headers.get('content-length') ?? 0);
  const total = !encoded && Number.isSafeInteger(length) && length > 0 ? length : 0;
  return ok({ chunks: response.body, total, exact: !encoded });
}
