import { failure } from '../../core/failure.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { Body } from './body.ts';

const mostRedirects = 10;

/** What of an address is wanted. */
export interface Asking {
  readonly signal: AbortSignal;
  /** The rest of what is there already up to `from`, provided that it is still the content that the validator stands for. */
  readonly rest?: { readonly from: number; readonly validator: string; readonly total: number };
  /** Nothing, when the content is still the one with this ETag. */
  readonly unless?: string;
}

/** Asks an http address for its bytes, following redirects. Throws what `fetch` throws. */
export async function requestBody(first: URL, asking: Asking): Promise<Result<Body>> {
  let url = first;
  for (let redirects = 0; ; redirects++) {
    const response = await fetch(url, { redirect: 'manual', signal: asking.signal, headers: headersFor(asking) });
    const target = response.headers.get('location');
    const isRedirect = response.status >= 300 && response.status < 400 && response.status !== 304;
    if (!isRedirect || target === null) return bodyOf(response, url, asking);
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

function headersFor({ rest, unless }: Asking): Record<string, string> {
  return {
    // Bytes as they are: a compressed answer would be unpacked, and its length then says nothing.
    'accept-encoding': 'identity',
    ...(rest === undefined ? {} : { range: `bytes=${rest.from}-`, 'if-range': rest.validator }),
    ...(unless === undefined ? {} : { 'if-none-match': unless }),
  };
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

async function bodyOf(response: Response, url: URL, asking: Asking): Promise<Result<Body>> {
  const { headers, status, body } = response;
  const { rest } = asking;
  if (status === 304 && asking.unless !== undefined) {
    await body?.cancel();
    return ok({ chunks: nothing(), start: 0, total: 0, exact: false, notModified: true });
  }
  if (rest !== undefined && (status === 416 || (status === 206 && !continues(headers, rest)))) {
    // An answer that does not fit what is there: all of it once more.
    await body?.cancel();
    return requestBody(url, { signal: asking.signal });
  }
  if ((status !== 200 && (status !== 206 || rest === undefined)) || body === null) {
    await body?.cancel();
    return err(failure('download-refused', { url: url.href, status, text: response.statusText }));
  }
  const encoded = headers.has('content-encoding');
  const length = Number(headers.get('content-length') ?? 0);
  const start = status === 206 && rest !== undefined ? rest.from : 0;
  const total = status === 206 ? totalOf(headers) : !encoded && Number.isSafeInteger(length) && length > 0 ? length : 0;
  const validator = encoded ? undefined : validatorOf(headers);
  const etag = headers.get('etag');
  return ok({
    chunks: body,
    start,
    total,
    exact: !encoded,
    ...(validator === undefined ? {} : { validator }),
    ...(etag === null ? {} : { etag }),
  });
}

async function* nothing(): AsyncGenerator<Uint8Array> {
  // A body that ends at once.
}

const contentRange = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15})$/i;

const totalOf = (headers: Headers): number => Number(contentRange.exec(headers.get('content-range') ?? '')?.[3] ?? 0);

/** Whether an answer is what is missing, to the end, of the same content. */
function continues(headers: Headers, rest: NonNullable<Asking['rest']>): boolean {
  const [, first, last, total] = contentRange.exec(headers.get('content-range') ?? '') ?? [];
  const etag = headers.get('etag');
  const sameContent = !rest.validator.startsWith('"') || etag === null || etag === rest.validator;
  const sameLength = rest.total === 0 || Number(total) === rest.total;
  const whole = Number(first) === rest.from && Number(last) === Number(total) - 1;
  return whole && sameContent && sameLength && !headers.has('content-encoding');
}

/** What stands for exactly these bytes: a strong ETag, or a date that is old enough to tell one second's content from the next. */
function validatorOf(headers: Headers): string | undefined {
  if (headers.get('accept-ranges')?.toLowerCase() === 'none') return undefined;
  const etag = headers.get('etag');
  if (etag?.startsWith('"') === true) return etag;
  const modified = headers.get('last-modified');
  if (modified === null || etag !== null) return undefined;
  const age = Date.parse(headers.get('date') ?? '') - Date.parse(modified);
  return age >= 60_000 ? modified : undefined;
}
