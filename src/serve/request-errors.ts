import type { FastifyReply, FastifyRequest } from 'fastify';
import { failure, type Failure } from '../core/failure.ts';
import type { ServeEventSink } from './events.ts';
import type { Limits } from './limits.ts';
import { refuse, refuseAsBug, Refusal, type Dialect } from './refusal.ts';

/** Answers what was thrown on a request's way: what the client did wrong in a protocol's shape, a bug of ours as a bare 500. */
export class RequestErrors {
  readonly #limits: Limits;
  readonly #tell: ServeEventSink;

  constructor(options: { readonly limits: Limits; readonly tell: ServeEventSink }) {
    this.#limits = options.limits;
    this.#tell = options.tell;
  }

  answer(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const dialect = dialectOf(request.url);
    const known = asFailure(error, request, this.#limits);
    if (known !== undefined) {
      void refuse(reply, dialect, known);
      return;
    }
    this.#tell({ type: 'internal-error', route: request.routeOptions.url ?? 'unknown', error: withoutMessage(error) });
    void refuseAsBug(reply, dialect);
  }
}

/** Which protocol a URL belongs to. */
export function dialectOf(url: string): Dialect {
  if (/^\/v2(?:[/?]|$)/.test(url)) return 'inference';
  return /^\/(?:invocations|ping|health|version)(?:[/?]|$)/.test(url) ? 'mlflow' : 'plain';
}

/** What the framework found wrong with a request, in our words; undefined for a bug of ours. */
function asFailure(error: unknown, request: FastifyRequest, limits: Limits): Failure | undefined {
  if (error instanceof Refusal) return error.failure;
  switch (error instanceof Error && 'code' in error ? error.code : undefined) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return failure('body-too-large', { limit: limits.maxBody });
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE': {
      const got = request.headers['content-type']?.slice(0, 100) ?? '(none)';
      const takes = dialectOf(request.url) === 'mlflow' ? ['application/json', 'text/csv'] : ['application/json'];
      return failure('unsupported-content-type', { got, takes });
    }
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return failure('bad-request', { problem: 'the body is not as long as Content-Length says' });
    case 'FST_ERR_BAD_URL':
      return failure('bad-request', { problem: 'the path is not a valid URL component' });
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return failure('bad-request', { problem: 'a name in the path is too long' });
    case 'ECONNRESET':
      return failure('bad-request', { problem: 'the connection ended before the body did' });
    default:
      return undefined;
  }
}

/** A message may quote what a client sent, so only the kind of error and the place in the code are told. */
function withoutMessage(error: unknown): string {
  if (!(error instanceof Error)) return `a thrown ${typeof error}`;
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return [error.name, ...frames.slice(0, 5).map((line) => line.trim())].join(' ');
}
