import type { FastifyInstance, FastifyRequest } from 'fastify';
import { failure } from '../core/failure.ts';
import { Refusal } from './refusal.ts';
import { parseStrictJson } from './strict-json.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Makes JSON the one body type the routes below `app` take. */
export function takeJson(app: FastifyInstance, maxDepth: number): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    try {
      const parsed = parseStrictJson(decode(request, body), maxDepth);
      if (parsed.ok) done(null, parsed.value);
      else done(new Refusal(failure('bad-json', { problem: parsed.error })));
    } catch (error) {
      done(asError(error));
    }
  });
}

/** A CSV body as it was sent, decoded: told from JSON by its type. */
export class CsvBody {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** Adds CSV to the types that the routes below `app` take. */
export function takeCsv(app: FastifyInstance): void {
  app.addContentTypeParser('text/csv', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    try {
      done(null, new CsvBody(decode(request, body)));
    } catch (error) {
      done(asError(error));
    }
  });
}

/** Throws a Refusal for another charset, a compressed body, or bytes that are no UTF-8. Drops a byte order mark. */
function decode(request: FastifyRequest, body: Buffer): string {
  const contentType = request.headers['content-type'] ?? '';
  const charset = /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(contentType)?.[1]?.toLowerCase();
  const takes = [`${contentType.split(';')[0] ?? ''}; charset=utf-8`];
  if (charset !== undefined && charset !== 'utf-8' && charset !== 'utf8') {
    throw new Refusal(failure('unsupported-content-type', { got: `charset ${charset.slice(0, 40)}`, takes }));
  }
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') {
    throw new Refusal(failure('unsupported-content-type', { got: 'with a Content-Encoding', takes }));
  }
  try {
    return utf8.decode(body);
  } catch {
    throw new Refusal(failure('bad-request', { problem: 'the body is not valid UTF-8' }));
  }
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));
